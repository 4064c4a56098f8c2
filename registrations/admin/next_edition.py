"""« Prepare the next edition »: a page of an edition, and an entry of the menu."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.models import Edition
from raict.admin import IndexPage
from raict.errors import DomainError
from registrations import services
from registrations.forms.next_edition import NextEditionForm


class NextEditionPages:
    """Mixed into the admin class of editions, which lends it name and permissions."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("next/", view(self.latest_view), name="events_edition_next_of_latest"),
            path("<int:pk>/next/", view(self.next_view), name="events_edition_next"),
            *super().get_urls(),
        ]

    def index_pages(self, request: HttpRequest) -> list[IndexPage]:
        pages = super().index_pages(request)
        if self.has_add_permission(request):
            url = reverse("admin:events_edition_next_of_latest")
            pages.append(IndexPage(_("Prepare the next edition"), url))
        return pages

    def latest_view(self, request: HttpRequest) -> HttpResponse:
        """From the menu: the edition with the highest number; without any, an empty form."""
        latest = Edition.objects.order_by("-number").values_list("pk", flat=True).first()
        if latest is None:
            return redirect("admin:events_edition_add")
        return redirect("admin:events_edition_next", latest)

    def next_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Edition.objects.select_related("venue"), pk=pk)
        if not (self.has_add_permission(request) and self.has_view_permission(request, source)):
            raise PermissionDenied
        form = NextEditionForm(request.POST or None, source=source, user=request.user)
        if form.is_valid():
            try:
                copying = services.prepare(form.plan())
            except DomainError as refusal:
                form.add_error(refusal.field or None, refusal.message)
            else:
                return self._prepared(request, copying)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Prepare the next edition"),
            "source": source,
            "form": form,
        }
        return render(request, "admin/events/edition/next.html", context)

    def _prepared(self, request: HttpRequest, copying) -> HttpResponse:
        """The new edition's page, with the way to its programme, and what is left to see to."""
        source, target = copying.plan.source, copying.target
        self.log_addition(request, target, str(_("Prepared from: %s.") % capfirst(source)))
        programme = reverse(
            "admin:programme_session_changelist", query={"edition__id__exact": target.pk}
        )
        said = _("%(edition)s is ready as a draft: nobody sees it until you publish it.")
        sentence = format_html(
            '{} <a href="{}">{}</a>',
            said % {"edition": capfirst(target.title)},
            programme,
            _("Its programme"),
        )
        self.message_user(request, sentence)
        for note in copying.notes:
            self.message_user(request, note, messages.WARNING)
        return redirect("admin:events_edition_change", target.pk)
