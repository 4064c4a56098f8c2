"""The team's workplace: Django's admin under the event's name.

`StaffSite` orders the home page by the team's work; `StaffModelAdmin` is what every list and form
of it shares. An admin class that has numbers for the home page gives them in `index_figures`; the
rest of that page is registrations/admin/dashboard.py.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models, router, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from raict.accounts.signed_in import ask_to_sign_in
from raict.countries import country_title
from raict.lists import StaffPaginator
from raict.search import words_of
from raict.typography import folded

# The home page and the menu: a title, and the models under it in working order. What is not named
# here comes last, under its own application.
SECTIONS = [
    (
        _("Registrations"),
        "registrations",
        ["Registration", "CheckIn", "Organisation", "Category", "Notice"],
    ),
    (
        _("Programme"),
        "programme",
        [
            "Plenary",
            "GeographicMeeting",
            "ThematicWorkshop",
            "Cafe",
            "Session",
            "Person",
            "Appearance",
            "Announcement",
            "Move",
        ],
    ),
    (_("Editions"), "events", ["Edition", "Venue", "Partner", "Figure"]),
    (
        _("Press"),
        "events",
        ["PressRelease", "Mailing", "Recipient", "PressContact", "PressPicture", "PressKit"],
    ),
    (_("Press"), "registrations", ["Accreditation"]),
    (_("Mail"), "registrations", ["Wording", "Circular", "CircularRecipient", "TimedLetter"]),
    (_("Mail"), "mail", ["Message"]),
    (_("Long work"), "jobs", ["Job"]),
    (_("Long work"), "tables", ["Import"]),
    (_("Staff accounts"), "accounts", ["User"]),
    (_("Staff accounts"), "auth", ["Group"]),
    (_("Staff accounts"), "accounts", ["Export"]),
]


class CountryFilter(admin.SimpleListFilter):
    """The countries that occur, by name: 249 would be no filter."""

    title = _("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        codes = model_admin.model._base_manager.order_by().values_list("country", flat=True)
        names = [(code, country_title(code)) for code in codes.distinct() if code]
        return sorted(names, key=lambda pair: folded(pair[1]))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(country=self.value()) if self.value() else queryset


@admin.display(description=_("country"), ordering="country")
def country_name(row: models.Model) -> str:
    """A column of a list. For the field itself Django would go through 250 names in every line."""
    return country_title(row.country.code)


@dataclass(frozen=True)
class IndexPage:
    """A page of the team's that is neither list nor form; the menu shows it above the lists."""

    title: str
    url: str


@dataclass(frozen=True)
class IndexFigure:
    """A number on the home page, and the list that it counts. A task is shown until it is none."""

    value: int
    label: str
    url: str
    is_task: bool = False


class StaffSite(admin.AdminSite):
    site_title = _("RAICT")
    site_header = _("RAICT – staff")
    index_title = _("Staff workplace")
    site_url = "/"
    empty_value_display = _("to be specified")

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:  # noqa: FBT001, FBT002 -- Django's signature
        """As Django's, but a form sent after the session's end is not lost (`ask_to_sign_in`)."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            is_leaving = request.path == reverse("admin:logout")
            if is_leaving or self.has_permission(request):
                return guarded(request, *args, **kwargs)
            return ask_to_sign_in(request)

        return answer

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The first step; what follows it is in raict/accounts/signing_in.py."""
        from raict.accounts.views import SignInView  # noqa: PLC0415 -- asks for this site

        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        context = {
            **self.each_context(request),
            "title": _("Sign in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        template = "admin/login.html"
        return SignInView.as_view(extra_context=context, template_name=template)(request)

    @staticmethod
    def at_a_glance(_request: HttpRequest) -> dict:
        """The edition that the home page is about, and what it shows of it.

        registrations/admin/dashboard.py puts its own here: imports point one way.
        """
        return {"edition": None}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """In the order of the team's work; a page of one application shows its own models only."""
        found_apps = self._build_app_dict(request, app_label)
        rows = {
            (label, model["object_name"]): model
            for label, app in found_apps.items()
            for model in app["models"]
        }
        pages = {key: self._pages(request, model["model"]) for key, model in rows.items()}
        sections: dict[str, dict] = {}
        for title, label, names in SECTIONS:
            found = [rows.pop((label, name)) for name in names if (label, name) in rows]
            if found:
                section = sections.setdefault(
                    str(title), {**found_apps[label], "name": str(title), "models": []}
                )
                section["models"] += found
                own = [page for name in names for page in pages.get((label, name), [])]
                section["pages"] = [*section.get("pages", []), *own]
        for (label, _name), model in rows.items():
            sections.setdefault(label, {**found_apps[label], "models": []})["models"].append(model)
        for section in sections.values():
            section["models"] = section.pop("pages", []) + section["models"]
        return list(sections.values())

    def _pages(self, request: HttpRequest, model: type[models.Model]) -> list[dict]:
        """As Django's menu shows a model to look at: its name is a link, nothing is added or changed."""
        model_admin = self._registry[model]
        if not isinstance(model_admin, StaffModelAdmin):
            return []
        return [
            {
                "name": page.title,
                "object_name": f"page-{model.__name__}-{number}",
                "admin_url": page.url,
                "add_url": None,
                "perms": {},
                "view_only": True,
            }
            for number, page in enumerate(model_admin.index_pages(request))
        ]

    def index(self, request: HttpRequest, extra_context: dict | None = None):
        """The home page, with the numbers that the team looks at every morning."""
        glance = self.at_a_glance(request)
        figures = [
            figure
            for model_admin in self._in_order()
            if isinstance(model_admin, StaffModelAdmin) and model_admin.has_view_permission(request)
            for figure in model_admin.index_figures(request, glance["edition"])
        ]
        context = {
            "figures": figures,
            "tasks": [figure for figure in figures if figure.is_task and figure.value],
            "counts": [figure for figure in figures if not figure.is_task],
            **glance,
        }
        return super().index(request, {**context, **(extra_context or {})})

    def _in_order(self) -> list[admin.ModelAdmin]:
        order = [(label, name) for _title, label, names in SECTIONS for name in names]
        keys = {(model._meta.app_label, model.__name__): model for model in self._registry}
        return [self._registry[keys[key]] for key in order if key in keys]

    def app_index(self, request: HttpRequest, app_label: str, extra_context: dict | None = None):
        """One application's part of the home page, under its own name."""
        title = apps.get_app_config(app_label).verbose_name
        return super().app_index(request, app_label, {"title": title, **(extra_context or {})})


class StaffFields:
    """The signs beside a choice: add, change and see; never delete, and none where lists are short."""

    def formfield_for_dbfield(self, db_field, request: HttpRequest, **kwargs):
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
            if db_field.name in ("edition", "category", "room"):
                field.widget.can_add_related = False
                field.widget.can_change_related = False
                field.widget.can_view_related = False
        return field


class StaffInline(StaffFields, admin.StackedInline):
    """Stacked, because each field of a row keeps its label."""

    extra = 0


class StaffModelAdmin(StaffFields, admin.ModelAdmin):
    """A list and a form of the team.

    Rows are searched without accents and capitals, word by word: by the `search` of their queryset,
    which a list of more than some thousand rows needs. What is being changed is locked,
    so that a form never writes back a counter that a registration has moved meanwhile.
    """

    list_per_page = 50
    paginator = StaffPaginator
    show_full_result_count = False  # our page of results does not tell it
    search_help_text = _("Words, in any order; accents and capitals do not matter.")

    def index_figures(self, request: HttpRequest, edition) -> list[IndexFigure]:
        """What this list has to say on the home page of that edition (None: there is none yet)."""
        return []

    def index_pages(self, request: HttpRequest) -> list[IndexPage]:
        """The pages beside this list that the person may open."""
        return []

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found and request.method == "POST" and transaction.get_connection().in_atomic_block:
            found.refresh_from_db(
                from_queryset=self.model._base_manager.select_for_update(no_key=True)
            )
        return found

    def get_deleted_objects(self, objs, request: HttpRequest):
        """What stands in the way is counted, not listed: names belong to those who may see them.

        It is also the reason that is told first: no permission would help against it.
        """
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if not protected:
            return deleted, counts, lacking, protected
        collector = NestedObjects(using=router.db_for_write(self.model), origin=objs)
        collector.collect(objs)
        tally = Counter(row._meta.verbose_name for row in collector.protected)
        lines = [
            _("%(rows)s: %(count)d") % {"rows": capfirst(name), "count": count}
            for name, count in tally.items()
        ]
        return deleted, counts, set(), lines

    def get_search_results(self, request, queryset, search_term):
        if hasattr(queryset, "search"):
            return queryset.search(search_term), False
        words = words_of(search_term)
        if not words:
            return queryset, False
        # Neither database folds accents by itself: a few thousand names are compared here, which
        # takes some hundredths of a second.
        rows = queryset.order_by().values_list("pk", *self.search_fields)
        found = {
            pk
            for pk, *values in rows
            if all(
                word in folded(" ".join(str(value) for value in values if value)) for word in words
            )
        }
        return queryset.filter(pk__in=found), False

    def get_changelist_formset(self, request, **kwargs):
        """Fields of a list are named by their column, which no label element does."""
        formset = super().get_changelist_formset(request, **kwargs)
        for field in formset.form.base_fields.values():
            field.widget.attrs.setdefault("aria-label", field.label)
        return formset

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):  # noqa: FBT002 -- Django's signature
        name = self.opts.verbose_name
        context["title"] = _("Add: %(name)s") % {"name": name} if add else capfirst(name)
        return super().render_change_form(request, context, add, change, form_url, obj)


class ReadOnlyAdmin(StaffModelAdmin):
    """For looking up: the site itself writes these rows."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False
