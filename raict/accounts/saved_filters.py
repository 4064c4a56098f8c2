"""Filters of a list that somebody keeps under a name, for themselves or for the team.

An admin class gets them by `SavedFilters` among its bases; the list shows them above its rows.
"""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from raict.accounts.models import SavedFilter

# Of every list: what was searched for, and the order.
_ALWAYS = {"q", "o"}


class SavedFilterForm(forms.ModelForm):
    query = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = SavedFilter
        fields = ["name", "is_shared"]


class SavedFilters:
    """Mixed into an admin class, before Django's."""

    change_list_template = "admin/saved_filters.html"

    def get_urls(self) -> list:
        def page(route: str, view, name: str):
            view = self.admin_site.admin_view(require_POST(view))
            return path(route, view, name=self._page_name(name))

        return [
            page("filters/save/", self.save_filter_view, "save_filter"),
            page("filters/<int:pk>/delete/", self.delete_filter_view, "delete_filter"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None):
        context = {
            "saved_filters": self._visible(request),
            "filter_form": SavedFilterForm(initial={"query": self._known(request.GET, request)}),
            "save_filter_url": reverse(f"admin:{self._page_name('save_filter')}"),
            "delete_filter_name": f"admin:{self._page_name('delete_filter')}",
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def save_filter_view(self, request: HttpRequest) -> HttpResponse:
        """Under a name that somebody has used before, it takes the place of that one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = SavedFilterForm(request.POST)
        query = self._known(QueryDict(request.POST.get("query", "")), request)
        if form.is_valid() and query:
            SavedFilter.objects.update_or_create(
                user=request.user,
                listing=self.opts.label_lower,
                name=form.cleaned_data["name"],
                defaults={"query": query, "is_shared": form.cleaned_data["is_shared"]},
            )
            self.message_user(request, _("The filter is saved."))
        else:
            sentence = _("Choose something in the list first, and give it a name.")
            self.message_user(request, sentence, messages.ERROR)
        return redirect(f"{self._list_url()}?{query}")

    def delete_filter_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One's own."""
        get_object_or_404(SavedFilter, pk=pk, user=request.user).delete()
        self.message_user(request, _("The filter is deleted."))
        return redirect(self._list_url())

    def _visible(self, request: HttpRequest):
        shown = Q(user=request.user) | Q(is_shared=True)
        saved = SavedFilter.objects.filter(shown, listing=self.opts.label_lower)
        return saved.select_related("user")

    def _known(self, query: QueryDict, request: HttpRequest) -> str:
        """Of the query, the parameters of this list, in order: nothing else is ever saved or followed."""
        simple, fields = set(_ALWAYS), {self.date_hierarchy}
        for one in self.get_list_filter(request):
            name = getattr(one, "parameter_name", None)
            if name:
                simple.add(name)
            else:
                fields.add(one[0] if isinstance(one, tuple) else one)
        kept = QueryDict(mutable=True)
        for name in query:
            if name in simple or name.partition("__")[0] in fields:
                kept.setlist(name, query.getlist(name))
        return kept.urlencode()

    def _page_name(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def _list_url(self) -> str:
        return reverse(f"admin:{self._page_name('changelist')}")
