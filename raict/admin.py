"""The team's workplace: Django's admin under the event's name.

`StaffSite` orders the home page by the team's work; `StaffModelAdmin` is what every list and form
of it shares. An admin class that has numbers for the home page gives them in `index_figures`.
"""

from collections import Counter
from dataclasses import dataclass

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models, router, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_countries import countries

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
    (_("Mail"), "mail", ["Message"]),
    (_("Long work"), "jobs", ["Job"]),
    (_("Staff accounts"), "accounts", ["User"]),
    (_("Staff accounts"), "auth", ["Group"]),
]


class CountryFilter(admin.SimpleListFilter):
    """The countries that occur, by name: 249 would be no filter."""

    title = _("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        codes = model_admin.model._base_manager.order_by().values_list("country", flat=True)
        names = [(code, countries.name(code)) for code in codes.distinct() if code]
        return sorted(names, key=lambda pair: folded(pair[1]))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(country=self.value()) if self.value() else queryset


@dataclass(frozen=True)
class IndexPage:
    """A page of the team's that is neither list nor form; the menu shows it above the lists."""

    title: str
    url: str


@dataclass(frozen=True)
class IndexFigure:
    """A number on the home page, and the list that it counts."""

    value: int
    label: str
    url: str
    is_alarm: bool = False


class StaffSite(admin.AdminSite):
    site_title = _("RAICT")
    site_header = _("RAICT – staff")
    index_title = _("Staff workplace")
    site_url = "/"
    empty_value_display = _("to be specified")

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
        """As Django's menu shows a model: its name is a link, and there is nothing to add."""
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
                "view_only": False,
            }
            for number, page in enumerate(model_admin.index_pages(request))
        ]

    def index(self, request: HttpRequest, extra_context: dict | None = None):
        """The home page, with the numbers that the team looks at every morning."""
        figures = [
            figure
            for model_admin in self._in_order()
            if isinstance(model_admin, StaffModelAdmin) and model_admin.has_view_permission(request)
            for figure in model_admin.index_figures(request)
        ]
        return super().index(request, {"figures": figures, **(extra_context or {})})

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

    Names are searched without accents and capitals, word by word. What is being changed is locked,
    so that a form never writes back a counter that a registration has moved meanwhile.
    """

    list_per_page = 50
    search_help_text = _("Words, in any order; accents and capitals do not matter.")

    def index_figures(self, request: HttpRequest) -> list[IndexFigure]:
        """What this list has to say on the home page."""
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
        words = folded(search_term).split()
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
