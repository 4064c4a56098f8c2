"""An edition's figures: definition, value, source, and the rows behind each number."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _

from events.figures import COMPUTED, Definition, figures
from events.models import Edition
from raict.countries import country_title

_ROWS = 100  # a page


class FigurePages:
    """Mixed into the admin class of editions, which lends it name and permissions."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/figures/", view(self.figures_view), name="events_edition_figures"),
            path(
                "<int:pk>/figures/<slug:key>/",
                view(self.figure_view),
                name="events_edition_figure",
            ),
            *super().get_urls(),
        ]

    def figures_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self._edition_to_see(request, pk)
        declared = {row.key: row for row in edition.figures.all()}
        rows = [
            {
                "figure": figure,
                "declared": declared.get(key),
                "is_counted": key in COMPUTED,
                "code": f"{{{{ figure.{key} }}}}",
            }
            for key, figure in figures(edition).items()
        ]
        return self._figure_page(request, "figures", _("Key figures"), edition, {"rows": rows})

    def figure_view(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        """What the site counts for the figure, also where another number is declared."""
        edition = self._edition_to_see(request, pk)
        if key not in COMPUTED:
            raise Http404
        definition = COMPUTED[key]
        if not may_see_rows(request, definition):
            raise PermissionDenied
        rows = definition.behind(edition)
        pages = Paginator(rows if definition.each == "country" else rows.order_by("pk"), _ROWS)
        page = pages.get_page(request.GET.get("p"))
        context = {
            "figure": figures(edition)[key],
            "definition": definition,
            "page": page,
            "page_range": pages.get_elided_page_range(page.number),
            "rows": [_row(row) for row in page],
        }
        return self._figure_page(request, "figure", _("Rows behind the figure"), edition, context)

    def _edition_to_see(self, request: HttpRequest, pk: int) -> Edition:
        edition = get_object_or_404(Edition, pk=pk)
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        return edition

    def _figure_page(
        self, request: HttpRequest, name: str, title: str, edition: Edition, context: dict
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "edition": edition,
            **context,
        }
        return render(request, f"admin/events/edition/{name}.html", context)


def may_see_rows(request: HttpRequest, definition: Definition) -> bool:
    """Names belong to those who may see them anyway."""
    meta = definition.model._meta
    return request.user.has_perm(f"{meta.app_label}.view_{meta.model_name}")


def _row(row: Model | tuple) -> dict:
    """(name, how many, where it is changed) of an object, or of a country and its number."""
    if isinstance(row, tuple):
        code, count = row
        return {"name": country_title(code), "count": count, "url": ""}
    meta = row._meta
    try:
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        url = ""
    return {"name": str(row), "count": None, "url": url}
