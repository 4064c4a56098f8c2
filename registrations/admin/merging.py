"""One person registered twice, one organisation typed twelve ways: found, compared, merged."""

from itertools import permutations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.models import Edition
from raict.admin import IndexPage
from raict.errors import DomainError
from registrations import services
from registrations.duplicates import possible_doubles, similar_organisations
from registrations.forms.merging import MergeForm, OrganisationsForm
from registrations.models import Organisation, Registration

# Groups on a page: the largest come first, and go when they are done.
_SHOWN = 50


class Merging:
    """What both lists share: the page of groups, and « these are not the same »."""

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"registrations.merge_{self.opts.model_name}")

    def _require_merge(self, request: HttpRequest) -> None:
        if not self.has_merge_permission(request):
            raise PermissionDenied

    def _url(self, page: str, *places: int) -> str:
        return reverse(f"admin:registrations_{self.opts.model_name}_{page}", args=places)

    def duplicates_view(self, request: HttpRequest) -> HttpResponse:
        """The groups; the POST remembers that those of one group are others."""
        self._require_merge(request)
        if request.method == "POST":
            self._tell_apart(request)
            return redirect(request.get_full_path())
        groups = self.groups(request)
        context = {
            "groups": groups[:_SHOWN],
            "count": len(groups),
            "unshown": max(0, len(groups) - _SHOWN),
        }
        return self._merging_page(request, "duplicates", self.duplicates_title, **context)

    def _tell_apart(self, request: HttpRequest) -> None:
        words = [word for word in request.POST.getlist("keys") if word.isdecimal()]
        rows = self.model.objects.filter(pk__in=words).in_bulk()
        through = self.model.others.field
        source, target = through.m2m_column_name(), through.m2m_reverse_name()
        self.model.others.through.objects.bulk_create(
            [
                self.model.others.through(**{source: one, target: other})
                for one, other in permutations(rows, 2)
            ],
            ignore_conflicts=True,
        )
        for row in rows.values():
            self.log_change(request, row, str(_("Told apart from others that are written alike.")))
        self.message_user(request, _("Remembered: they are not shown again."))

    def _merging_page(self, request: HttpRequest, name: str, title: str, **context) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            **context,
        }
        return render(request, f"admin/registrations/{self.opts.model_name}/{name}.html", context)


class RegistrationMerging(Merging):
    """Mixed into the admin class of registrations."""

    duplicates_title = _("People registered twice")

    def get_urls(self) -> list:
        view, name = self.admin_site.admin_view, "registrations_registration_"
        return [
            path("duplicates/", view(self.duplicates_view), name=f"{name}duplicates"),
            path("<int:pk>/merge/<int:other>/", view(self.merge_view), name=f"{name}merge"),
            *super().get_urls(),
        ]

    def index_pages(self, request: HttpRequest) -> list[IndexPage]:
        pages = super().index_pages(request)
        if self.has_merge_permission(request):
            pages.append(IndexPage(self.duplicates_title, self._url("duplicates")))
        return pages

    def groups(self, request: HttpRequest) -> list[list[Registration]]:
        """Of the current edition, or of the one that is asked for."""
        key = request.GET.get("edition", "")
        editions = Edition.objects.order_by("-is_current", "-number")
        edition = (editions.filter(pk=key) if key.isdecimal() else editions).first()
        return possible_doubles(edition) if edition else []

    @admin.action(description=_("Merge two…"), permissions=["merge"])
    def merge(self, request: HttpRequest, queryset):
        """Found by eye."""
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(keys) == 2:
            return redirect(self._url("merge", *keys))
        self.message_user(request, _("Choose two registrations."), messages.ERROR)
        return None

    def merge_view(self, request: HttpRequest, pk: int, other: int) -> HttpResponse:
        """Both side by side, with what will happen; the POST merges."""
        self._require_merge(request)
        rows = Registration.objects.select_related("edition__venue", "organisation", "category")
        survivor, other = get_object_or_404(rows, pk=pk), get_object_or_404(rows, pk=other)
        form = MergeForm(request.POST or None, survivor=survivor, other=other)
        try:
            if form.is_valid() and self._merge(request, survivor, other, form):
                return redirect("admin:registrations_registration_change", pk)
            plan = services.plan(survivor, other)
        except services.ChangedSince as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return redirect(request.path)
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return redirect("admin:registrations_registration_change", pk)
        context = {"survivor": survivor, "other": other, "form": form, "plan": plan}
        return self._merging_page(request, "merge", _("Merge two registrations"), **context)

    def _merge(self, request: HttpRequest, survivor, other, form: MergeForm) -> bool:
        seen, theirs = form.cleaned_data["seen"], form.theirs()
        if services.merge(survivor, other, theirs=theirs, seen=seen, user=request.user):
            words = {"name": survivor.full_name, "email": survivor.email}
            sentence = _("Merged. One mail with the link goes to %(name)s, %(email)s.") % words
            self.message_user(request, sentence)
        else:
            self.message_user(request, _("They were merged already."), messages.WARNING)
        return True


class OrganisationMerging(Merging):
    """Mixed into the admin class of organisations."""

    duplicates_title = _("Organisations written in several ways")

    def get_urls(self) -> list:
        view, name = self.admin_site.admin_view, "registrations_organisation_"
        return [
            path("duplicates/", view(self.duplicates_view), name=f"{name}duplicates"),
            path("merge/", view(self.merge_view), name=f"{name}merge"),
            *super().get_urls(),
        ]

    def index_pages(self, request: HttpRequest) -> list[IndexPage]:
        pages = super().index_pages(request)
        if self.has_merge_permission(request):
            pages.append(IndexPage(self.duplicates_title, self._url("duplicates")))
        return pages

    def groups(self, request: HttpRequest) -> list[list[Organisation]]:
        return similar_organisations()

    @admin.action(description=_("Merge…"), permissions=["merge"])
    def merge(self, request: HttpRequest, queryset):
        """Found by eye."""
        keys = ",".join(str(key) for key in queryset.values_list("pk", flat=True)[:_SHOWN])
        return redirect(f"{self._url('merge')}?keys={keys}")

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Side by side; those that are ticked go on in the one with the most registrations."""
        self._require_merge(request)
        keys = [word for word in request.GET.get("keys", "").split(",") if word.isdecimal()]
        rows = Organisation.objects.filter(pk__in=keys).annotate(
            registration_total=Count("registrations")
        )
        rows = list(rows.order_by("-registration_total", "pk"))
        if len(rows) < 2:
            self.message_user(request, _("These organisations were merged already."))
            return redirect(self._url("duplicates"))
        form = OrganisationsForm(request.POST if request.method == "POST" else None, rows=rows)
        if form.is_valid():
            return self._merge(request, form)
        total = sum(row.registration_total for row in rows)
        title = _("Merge organisations")
        return self._merging_page(request, "merge", title, form=form, rows=rows, total=total)

    def _merge(self, request: HttpRequest, form: OrganisationsForm) -> HttpResponse:
        survivor, *others = form.merged()
        try:
            count = services.merge_organisations(
                survivor, others, values=form.values(), user=request.user
            )
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return redirect(request.get_full_path())
        note = ngettext(
            "%d organisation merged into it.", "%d organisations merged into it.", count
        )
        self.log_change(request, survivor, note % count)
        self.message_user(request, note % count)
        return redirect(self._url("duplicates"))
