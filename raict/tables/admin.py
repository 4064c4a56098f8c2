"""The pages of an import, and what a list needs to give its table out.

Whoever may add and change the rows may import them; whoever may see them may export them, unless the
list says otherwise (`has_export_permission`). Who takes a file away is written down.
"""

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from raict.accounts.exports import list_in_words, record_export
from raict.admin import ReadOnlyAdmin
from raict.errors import DomainError
from raict.jobs import running
from raict.jobs.models import Job
from raict.spreadsheets import csv_table, workbook
from raict.tables import importing
from raict.tables.models import Import, Line
from raict.tables.table import KEY, Table, table_class

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
# Files and imports above these are the worker's: they would keep a page waiting.
_QUICK_BYTES, _QUICK_LINES = 60_000, 100
_PAGE = 50


def may_import(request: HttpRequest, table: type[Table]) -> bool:
    opts = table.model._meta
    return all(
        request.user.has_perm(f"{opts.app_label}.{act}_{opts.model_name}")
        for act in ("add", "change")
    )


def download(
    request: HttpRequest, headers: list[str], rows: list, *, name: str, kind: str, what: str = ""
) -> HttpResponse:
    """Every table that leaves the site as a file leaves it here; `what` is in it, for the audit."""
    if kind not in KINDS:
        raise Http404
    if rows:
        record_export(request, what or name, rows=len(rows), kind=kind.upper())
    content = (
        workbook(headers, rows, title=name)
        if kind == "xlsx"
        else csv_table(headers, rows, as_french=True)
    )
    stem = slugify(f"{name} {timezone.localdate():%Y-%m-%d}")
    return HttpResponse(
        content,
        content_type=KINDS[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{stem}.{kind}"',
            "Cache-Control": "private, no-store",
        },
    )


class TableAdmin:
    """Mixed into the admin class of a list: its rows out as a file, and the way to bring one in."""

    table_subject = ""

    def get_urls(self) -> list:
        route = f"{self.opts.app_label}_{self.opts.model_name}_table"
        view = self.admin_site.admin_view(self.table_view)
        return [path("table.<slug:kind>", view, name=route), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None):
        table = table_class(self.table_subject)
        tools = {"exports": [], "import_url": ""}
        if self.has_export_permission(request):
            route = f"admin:{self.opts.app_label}_{self.opts.model_name}_table"
            tools["exports"] = [
                (kind.upper(), reverse(route, args=[kind], query=request.GET)) for kind in KINDS
            ]
        if may_import(request, table):
            tools["import_url"] = reverse("admin:tables_import_send", args=[self.table_subject])
        return super().changelist_view(request, {"tables": tools, **(extra_context or {})})

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def table_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """What the list shows, with its filters and its search, all pages of it."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        found = self.get_changelist_instance(request)
        return self.table_of(request, found.queryset, kind, found)

    @admin.action(description=_("Table to edit (XLSX)"), permissions=["export"])
    def table_xlsx(self, request: HttpRequest, queryset) -> HttpResponse:
        return self.table_of(request, queryset, "xlsx")

    @admin.action(description=_("Table to edit (CSV)"), permissions=["export"])
    def table_csv(self, request: HttpRequest, queryset) -> HttpResponse:
        return self.table_of(request, queryset, "csv")

    def table_of(
        self, request: HttpRequest, queryset: QuerySet, kind: str, found: ChangeList | None = None
    ) -> HttpResponse:
        table = table_class(self.table_subject)()
        headers, rows = table.exported(self.table_rows(queryset))
        what = f"{capfirst(table.title)} – {list_in_words(self, request, found)}"
        return download(request, headers, rows, name=str(table.title), kind=kind, what=what)

    def table_rows(self, queryset: QuerySet) -> QuerySet:
        """The rows of the table for these of the list: without what the list has counted."""
        model = table_class(self.table_subject).model
        return model._default_manager.filter(pk__in=queryset.order_by().values("pk"))


class SendForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("Kind .xlsx, or .csv; 10 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
    )
    scope = forms.TypedChoiceField(label=_("Edition"), coerce=int)
    is_telling = forms.BooleanField(
        label=_("Tell the people by e-mail"),
        required=False,
        help_text=_(
            "New ones receive their confirmation, the others what was corrected. Whoever gets"
            " another address is told in any case: their old link no longer works."
        ),
    )

    def __init__(self, table: type[Table], *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        if table.has_scope:
            self.fields["scope"].choices = table.scopes()
            self.fields["scope"].initial = table.usual_scope()
        else:
            del self.fields["scope"]
        if not table.can_tell:
            del self.fields["is_telling"]


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    """What was sent, by whom, and what came of it."""

    list_display = ["page", "table", "state", "added", "changed", "refused", "user", "created_at"]
    list_display_links = None
    list_filter = ["state", "subject"]
    list_select_related = ["user"]
    search_fields = ["file_name"]

    def get_urls(self) -> list:
        def page(route: str, view, name: str):
            return path(route, self.admin_site.admin_view(view), name=f"tables_import_{name}")

        return [
            page("send/<slug:subject>/", self.send_view, "send"),
            page("model/<slug:subject>.<slug:kind>", self.model_view, "model"),
            page("<int:pk>/preview/", self.preview_view, "preview"),
            page("<int:pk>/apply/", require_POST(self.apply_view), "apply"),
            page("<int:pk>/differences.<slug:kind>", self.differences_view, "differences"),
            *super().get_urls(),
        ]

    # ----------------------------------------------------------------------------------- sending
    def send_view(self, request: HttpRequest, subject: str) -> HttpResponse:
        """The columns, an empty file, and the place to send one."""
        table = self._table(request, subject)
        form = SendForm(table, request.POST or None, request.FILES or None)
        if form.is_valid():
            try:
                return redirect(self._send(request, subject, form.cleaned_data))
            except DomainError as refusal:
                form.add_error("file", refusal.message)
        context = {"subject": subject, "form": form, "table": table, "columns": _explained(table)}
        title = _("Import: %(table)s") % {"table": table.title}
        return self._page(request, "send", title, table, context)

    def _send(self, request: HttpRequest, subject: str, data: dict):
        """Where to go next: the differences, or the progress of a long file."""
        imported = importing.begin(
            subject,
            data["file"],
            scope=data.get("scope"),
            is_telling=data.get("is_telling", False),
            user=request.user,
        )
        if data["file"].size > _QUICK_BYTES:
            title = _("Compare « %(file)s »") % {"file": imported}
            return running.begin(
                "tables.compare",
                title,
                arguments={"import": imported.pk},
                user=request.user,
                back=imported.get_absolute_url(),
            )
        importing.compare(imported)
        if imported.state == Import.State.REFUSED:
            raise DomainError(imported.notes[0])
        return imported

    def model_view(self, request: HttpRequest, subject: str, kind: str) -> HttpResponse:
        """An empty file with the headers."""
        table = self._table(request, subject)()
        headers, rows = table.exported(table.model._default_manager.none())
        name = _("%(table)s, empty") % {"table": table.title}
        return download(request, headers, rows, name=name, kind=kind)

    # --------------------------------------------------------------------------------- the lines
    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        imported, table = self._import(request, pk)
        outcomes = [
            (outcome, count)
            for outcome, count in (
                (Line.Outcome.NEW, imported.added),
                (Line.Outcome.CHANGED, imported.changed),
                (Line.Outcome.REFUSED, imported.refused),
            )
            if count
        ]
        chosen = request.GET.get("outcome", "")
        lines = imported.lines.filter(outcome=chosen) if chosen else imported.lines.all()
        context = {
            "imported": imported,
            "table": table,
            "outcomes": outcomes,
            "chosen": chosen,
            "lines": Paginator(lines, _PAGE).get_page(request.GET.get("p")),
            "job": _job_of(imported),
            "scope": dict(table.scopes()).get(imported.scope, ""),
        }
        return self._page(request, "preview", imported.file_name, table, context)

    def apply_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A second click finds the job of the first, or that it is done."""
        imported, _table = self._import(request, pk)
        seen = request.POST.get("seen", "")
        if imported.writes > _QUICK_LINES and imported.is_shown:
            return redirect(_job_of(imported) or _apply_later(imported, seen, request.user))
        importing.apply(imported, seen=seen)
        return redirect(imported)

    def differences_view(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """One line a cell that differs, or a line that is refused."""
        imported, table = self._import(request, pk)
        headers = [_("Line"), _("Outcome"), _("About"), _("Column"), _("Before"), _("After")]
        rows = [
            [line.number, line.get_outcome_display(), line.name, *rest]
            for line in imported.lines.all()
            for rest in (
                [[*change, ""] for change in line.changes] or [[line.column, "", "", line.reason]]
            )
        ]
        headers = [str(header) for header in (*headers, _("Reason"))]
        name = _("%(table)s, differences") % {"table": table.title}
        what = f"{capfirst(name)} – {imported.file_name}"
        return download(request, headers, rows, name=name, kind=kind, what=what)

    # --------------------------------------------------------------------------------- the list
    @admin.display(description=_("file"), ordering="file_name")
    def page(self, imported: Import) -> str:
        return format_html('<a href="{}">{}</a>', imported.get_absolute_url(), imported)

    @admin.display(description=_("table"), ordering="subject")
    def table(self, imported: Import) -> str:
        table = table_class(imported.subject)
        return capfirst(table.title) if table else imported.subject

    # ---------------------------------------------------------------------------------- all pages
    def _table(self, request: HttpRequest, subject: str) -> type[Table]:
        table = table_class(subject)
        if table is None:
            raise Http404
        if not may_import(request, table):
            raise PermissionDenied
        return table

    def _import(self, request: HttpRequest, pk: int) -> tuple[Import, type[Table]]:
        imported = get_object_or_404(Import, pk=pk)
        return imported, self._table(request, imported.subject)

    def _list_url(self, table: type[Table]) -> str:
        opts = table.model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")

    def _page(self, request: HttpRequest, page: str, title, table, context: dict) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": table.model._meta,
            "title": title,
            "list_url": self._list_url(table),
            **context,
        }
        return render(request, f"admin/tables/import/{page}.html", context)


def _explained(table: type[Table]) -> list:
    """The columns as the page explains them, the key first."""
    columns = [column for column in table().columns if column is not KEY]
    return [KEY, *columns]


def _job_of(imported: Import) -> Job | None:
    """The one that reads or writes it now."""
    return (
        Job.objects.unfinished()
        .filter(work__startswith="tables.", arguments__import=imported.pk)
        .first()
    )


def _apply_later(imported: Import, seen: str, user) -> Job:
    return running.begin(
        "tables.apply",
        _("Import « %(file)s »") % {"file": imported},
        arguments={"import": imported.pk, "seen": seen},
        user=user,
        back=imported.get_absolute_url(),
    )
