"""The roles of the team, as groups: who may see, add, change and delete what.

`bring_up_to_date` writes them: the migration on a fresh database, `manage.py prepare` after an
upgrade. A group that the team has changed by hand is left as it is, and `prepare` says so.
"""

from collections.abc import Iterable

from django.apps import apps as real_apps
from django.db import transaction

ROLES = ("direction", "programme", "inscriptions", "presse", "accueil", "lecture seule")

# One line a model: v(iew), a(dd), c(hange), d(elete), in the order of ROLES; a dot is nothing.
# Deleting is left out where the workplace never deletes. A permission of another name has a line
# of its own, « app.codename », with an x for who holds it.
TABLE = """
                                direction programme inscriptions presse accueil lecture
accounts.user                        vac        .        .          .      .      .
accounts.export                      v          .        .          .      .      .
auth.group                           vacd       .        .          .      .      .
mail.message                         vc         .        vc         .      .      .
jobs.job                             v          .        .          .      .      .
tables.import                        v          v        v          .      .      .

events.edition                       vac        v        v          v      .      v
events.venue                         vacd       vac      v          v      .      v
events.room                          vacd       vacd     v          v      .      v
events.partner                       vacd       vacd     v          v      .      v
events.figure                        vacd       v        v          vacd   .      v

events.pressrelease                  vacd       v        .          vacd   .      v
events.quote                         vacd       v        .          vacd   .      v
events.releasecontact                vacd       v        .          vacd   .      v
events.presspicture                  vacd       v        .          vacd   .      v
events.presskit                      vc         .        .          vc     .      v
events.presscontact                  vacd       .        .          vacd   .      .
events.mailing                       va         .        .          va     .      .
events.recipient                     vc         .        .          vc     .      .

programme.session                    vacd       vacd     v          v      .      v
programme.plenary                    vacd       vacd     v          v      .      v
programme.geographicmeeting          vacd       vacd     v          v      .      v
programme.thematicworkshop           vacd       vacd     v          v      .      v
programme.cafe                       vacd       vacd     v          v      .      v
programme.person                     vacd       vacd     v          v      .      v
programme.appearance                 vacd       vacd     v          v      .      v
programme.announcement               v          v        v          .      .      v
programme.move                       v          v        v          .      .      v

registrations.registration           vac        v        vac        .      .      v
registrations.needs                  vacd       .        vacd       .      .      .
registrations.organisation           vacd       v        vac        .      .      v
registrations.othername              vd         v        vd         .      .      v
registrations.membership             vacd       v        vacd       .      .      v
registrations.category               vacd       v        v          .      .      v
registrations.quota                  vacd       vacd     v          .      .      v
registrations.accreditation          vc         .        .          vc     .      .
registrations.checkin                va         v        va         .      va     v
registrations.notice                 v          v        v          .      .      v
registrations.merge_registration     x          .        x          .      .      .
registrations.merge_organisation     x          .        x          .      .      .
registrations.wording                vc         .        vc         .      .      .
registrations.circular               v          .        v          .      .      .
registrations.send_circular          x          .        x          .      .      .
registrations.circularrecipient      v          .        v          .      .      .
registrations.timedletter            vacd       .        vacd       .      .      .
"""
# Nobody needs these: the site writes them itself, or another permission opens them (the history of
# a registration belongs to whoever sees it). A superuser may all the same.
NOBODY = {
    *("accounts.savedfilter", "accounts.shippedrole", "admin.logentry", "auth.permission"),
    *("contenttypes.contenttype", "sessions.session"),
    *("axes.accessattempt", "axes.accessattemptexpiration", "axes.accesslog"),
    *("axes.accessfailurelog",),
    *("otp_static.staticdevice", "otp_static.statictoken", "otp_totp.totpdevice"),
    *("events.publication", "events.revision", "events.signoff"),
    *("registrations.booking", "registrations.cafepreference"),
    *("registrations.change", "registrations.consent"),
    *("registrations.note", "tables.line"),
}
_VERBS = {"v": "view", "a": "add", "c": "change", "d": "delete"}


def permissions(role: str) -> set[str]:
    """« registrations.view_registration » and the others that the table gives to the role."""
    column = ROLES.index(role)
    found = set()
    for line in TABLE.strip().splitlines()[1:]:
        if line.strip():
            name, *cells = line.split()
            found |= set(_named(name, cells[column]))
    return found


def _named(name: str, cell: str) -> Iterable[str]:
    app, word = name.split(".")
    if cell == "x":
        yield name
    elif cell != ".":
        yield from (f"{app}.{_VERBS[letter]}_{word}" for letter in cell)


def mentioned() -> set[str]:
    """The first words of the table's lines: models, and permissions of another name."""
    return {line.split()[0] for line in TABLE.strip().splitlines()[1:] if line.strip()}


@transaction.atomic
def bring_up_to_date(apps=real_apps) -> list[str]:
    """Make each group what the table says, unless the team has made it something else.

    A role that was never shipped gets its group; one that the team has deleted stays away. Answers
    the names of the groups that were left as the team has made them although the table differs.
    """
    group_model, shipped_model = (
        apps.get_model("auth.Group"),
        apps.get_model("accounts.ShippedRole"),
    )
    kept = []
    for role in ROLES:
        wanted = sorted(permissions(role))
        shipped = shipped_model.objects.filter(name=role).first()
        if shipped is None:
            # A group of that name that the team has made itself is the team's.
            group, is_new = group_model.objects.get_or_create(name=role)
            before = [] if is_new else None
            shipped = shipped_model(name=role, group=group)
        else:
            group, before = shipped.group, shipped.permissions
        if group is None:
            continue
        if before is None or _held(group) != before:
            kept += [group.name] if _held(group) != wanted else []
            shipped.save()
            continue
        group.permissions.set(_rows(apps, wanted))
        shipped.permissions = wanted
        shipped.save()
    return kept


def _held(group) -> list[str]:
    rows = group.permissions.values_list("content_type__app_label", "codename")
    return sorted(f"{app}.{codename}" for app, codename in rows)


def _rows(apps, names: list[str]) -> list:
    """The permissions; those that no migration has made yet are made as Django makes them after it."""
    content_types = apps.get_model("contenttypes.ContentType").objects
    rows = apps.get_model("auth.Permission").objects
    found = []
    for name in names:
        app, codename = name.split(".")
        model, label = _model_of(app, codename)
        kind, _ = content_types.get_or_create(app_label=app, model=model._meta.model_name)
        row, _ = rows.get_or_create(
            content_type=kind, codename=codename, defaults={"name": label[:255]}
        )
        found.append(row)
    return found


def _model_of(app: str, codename: str) -> tuple:
    """The model that the permission belongs to, and the permission's name in English, as Django's."""
    verb, _, word = codename.partition("_")
    for model in real_apps.get_app_config(app).get_models():
        if verb in _VERBS.values() and word == model._meta.model_name:
            return model, f"Can {verb} {model._meta.verbose_name_raw}"
        if label := dict(model._meta.permissions).get(codename):
            return model, str(label)
    raise LookupError(f"roles.TABLE: no model has the permission {app}.{codename}.")
