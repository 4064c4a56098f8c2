"""Pictures for the press, and the kits that are made of everything."""

from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.models import Edition, PressKit, PressPicture
from events.press import kits
from raict.admin import IndexFigure, StaffModelAdmin
from raict.typography import ordinal


@admin.register(PressPicture)
class PressPictureAdmin(StaffModelAdmin):
    list_display = ["thumbnail", "title", "number", "kind", "credit"]
    list_display += ["is_published", "position", "markdown"]
    list_display_links = ["title"]  # a picture alone would be a link without words
    list_editable = ["is_published", "position"]
    list_filter = ["edition", "kind", "is_published"]
    list_select_related = ["edition"]
    list_per_page = 20  # each shows its file
    search_fields = ["title_fr", "title_en", "alternative_fr", "credit"]
    ordering = ["-edition__number", "kind", "position", "pk"]
    fieldsets = [
        (None, {"fields": [("edition", "kind"), "file", ("title_fr", "title_en")]}),
        (
            _("For the press"),
            {
                "fields": [
                    ("alternative_fr", "alternative_en"),
                    "credit",
                    ("rights_fr", "rights_en"),
                    ("is_published", "position"),
                ]
            },
        ),
    ]

    def save_model(self, request: HttpRequest, obj: PressPicture, form, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        """What is taken away or replaced leaves the press kit at once; the rest joins it soon."""
        super().save_model(request, obj, form, change)
        if change and {"file", "edition", "is_published", "rights_fr"} & set(form.changed_data):
            kits.retract(obj.edition_id)
        else:
            kits.renew()

    def delete_model(self, request: HttpRequest, obj: PressPicture) -> None:
        super().delete_model(request, obj)
        kits.retract(obj.edition_id)

    def delete_queryset(self, request: HttpRequest, queryset) -> None:
        editions = set(queryset.values_list("edition_id", flat=True))
        super().delete_queryset(request, queryset)
        for edition in editions:
            kits.retract(edition)

    @admin.display(description=_("picture"))
    def thumbnail(self, picture: PressPicture) -> str:
        return format_html('<img src="{}" alt="" loading="lazy">', picture.file.url)

    @admin.display(description=_("edition"), ordering="edition__number")
    def number(self, picture: PressPicture) -> str:
        edition = picture.edition
        return _("demo") if edition.is_demonstration else ordinal(edition.number)

    @admin.display(description=_("title"), ordering="title_fr")
    def title(self, picture: PressPicture) -> str:
        return picture.title

    @admin.display(description=_("to paste in a press release"))
    def markdown(self, picture: PressPicture) -> str:
        words = (picture.alternative_fr or picture.title_fr).translate({91: "(", 93: ")"})
        return format_html("<code>![{}]({})</code>", words, picture.file.url)


@admin.register(PressKit)
class PressKitAdmin(StaffModelAdmin):
    """What the worker has made. It is downloaded as everybody does, at the address of the kit."""

    list_display = ["edition", "download", "made_at", "weight"]
    list_display_links = None
    list_select_related = ["edition"]
    ordering = ["-edition__number"]
    actions = ["make_again"]

    def get_queryset(self, request: HttpRequest):
        """Those that were ever made."""
        return super().get_queryset(request).exclude(file="")

    def index_figures(self, request: HttpRequest, edition: Edition | None) -> list[IndexFigure]:
        """The kit that was withdrawn, or whose contents were, until the worker has made it anew."""
        kits_of = PressKit.objects.filter(edition=edition).exclude(file="")
        keys = list(kits_of.filter(key="").values_list("pk", flat=True))
        address = reverse("admin:events_presskit_changelist")
        label = _("press kit that is not up to date")
        url = f"{address}?id__in={','.join(map(str, keys)) or 0}"
        return [IndexFigure(len(keys), label, url, is_task=True)]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: PressKit | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PressKit | None = None) -> bool:
        return False

    def has_make_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("events.change_presskit")

    @admin.display(description=_("file"))
    def download(self, kit: PressKit) -> str:
        if not kit.key:
            return _("being prepared")
        address = reverse("programme:edition_press_kit", args=[kit.edition.number])
        return format_html('<a href="{}">{}</a>', address, _("Download"))

    @admin.display(description=_("size"), ordering="size")
    def weight(self, kit: PressKit) -> str:
        return filesizeformat(kit.size) if kit.key else ""

    @admin.action(description=_("Make again"), permissions=["make"])
    def make_again(self, request: HttpRequest, queryset) -> None:
        """The kit that there is goes at once: whoever presses this has a reason."""
        chosen = list(queryset)
        for kit in chosen:
            kits.retract(kit.edition_id)
        said = ngettext("%d kit is made again.", "%d kits are made again.", len(chosen))
        self.message_user(request, said % len(chosen))
