"""Who took personal data away in a file: every download says so in one line."""

from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from raict.accounts.models import Export


def record_export(
    request: HttpRequest, what: str, *, rows: int, kind: str, with_needs: bool = False
) -> Export:
    """Note the download that is about to be answered. `kind` is the format, such as « XLSX »."""
    return Export.objects.create(
        user=request.user,
        who=request.user.get_full_name() or request.user.get_username(),
        what=what,
        rows=rows,
        kind=kind,
        with_needs=with_needs,
    )


def list_in_words(
    model_admin: ModelAdmin, request: HttpRequest, found: ChangeList | None = None
) -> str:
    """« Inscriptions – état : confirmée – recherche : « dupont » », from the list's own filters.

    `found`: the list, where the caller has it.
    """
    found = found or model_admin.get_changelist_instance(request)
    parts = [capfirst(model_admin.opts.verbose_name_plural)]
    for spec in found.filter_specs:
        chosen = [choice for choice in spec.choices(found) if choice["selected"]]
        if chosen and set(spec.expected_parameters()) & set(request.GET):
            words = {"what": spec.title, "which": chosen[-1]["display"]}
            parts.append(_("%(what)s: %(which)s") % words)
    if found.query:
        parts.append(_("search: “%(words)s”") % {"words": found.query})
    if "action" in request.POST and request.POST.get("select_across") != "1":
        parts.append(_("rows that were ticked"))
    return " – ".join(str(part) for part in parts)
