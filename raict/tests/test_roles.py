"""Every page and action of the workplace, and the door, as each role: tables that are literal.

They are compared with what the pages answer, so a page that is new, or opens to somebody else, fails
here until its line is written. `raict/accounts/roles.py` gives the rights; this says what comes of them.
"""

import re
from collections.abc import Iterable

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver, reverse

from events.tests.factories import RoomFactory
from raict.accounts import roles
from raict.accounts.models import User
from raict.tests.role_tables import ACTIONS, MODELS, PAGES
from raict.tests.sample_rows import sample_rows
from registrations.tests.factories import RegistrationFactory

pytestmark = pytest.mark.django_db

# Open to whoever is signed in, or nobody yet; what they show is asked of the models’ own permissions.
FOR_ALL = {
    *("accounts:code", "accounts:set_up", "accounts:forgotten", "accounts:forgotten_sent"),
    *("accounts:password", "accounts:password_chosen"),
    *("admin:index", "admin:app_list", "admin:autocomplete", "admin:jsi18n", "admin:view_on_site"),
    *("admin:login", "admin:logout", "admin:password_change_done"),
    "admin:auth_user_password_change",  # leads to « access »
}
_STAFF = ("admin:", "accounts:", "registrations:door")
_OF_DJANGO = re.compile(r"(?<!password)_(changelist|add|change|delete|history)$")


def table(text: str) -> dict[str, list[str]]:
    return {name: cells for name, *cells in (line.split() for line in text.strip().splitlines())}


def own_pages(rows: dict) -> dict[str, tuple]:
    """What the address of each page of our own is made of. A new page has its line here."""
    pk = {label: row.pk for label, row in rows.items()}
    release, edition = pk["events.pressrelease"], pk["events.edition"]
    slug = rows["programme.session"].slug
    request, registration = pk["registrations.accreditation"], pk["registrations.registration"]
    other = RegistrationFactory(edition=rows["events.edition"])
    room = RoomFactory(venue=rows["events.edition"].venue)
    circular, session, imported = (
        pk[name] for name in ("registrations.circular", "programme.session", "tables.import")
    )
    tables = [
        *("events_partner", "programme_appearance", "programme_cafe", "programme_person"),
        *("programme_geographicmeeting", "programme_plenary", "programme_session"),
        *("programme_thematicworkshop", "registrations_organisation"),
        "registrations_registration",
    ]
    return {
        **{f"admin:{name}_table": ("xlsx",) for name in tables},
        **{
            f"admin:programme_session_{name}": (session,)
            for name in ("duplicate", "people", "place", "remove", "sign_in", "texts")
        },
        **{
            f"admin:registrations_circular_{name}": (circular,)
            for name in ("pause", "resume", "send", "stop")
        },
        "admin:events_edition_next": (edition,),
        "admin:events_edition_next_of_latest": (),
        "admin:events_edition_sign_in": (edition,),
        "admin:events_edition_translations": (edition,),
        "admin:events_edition_translations_current": (),
        "admin:mail_message_resend": (pk["mail.message"],),
        "admin:programme_session_board": (edition,),
        "admin:programme_session_board_room": (edition, room.pk),
        "admin:programme_session_boards": (),
        "admin:programme_session_difference": (edition,),
        "admin:registrations_circular_of_session": (session, "held"),
        "admin:registrations_organisation_duplicates": (),
        "admin:registrations_organisation_merge": (),
        "admin:registrations_registration_decide": ("cancel",),
        "admin:registrations_registration_delete_filter": (0,),
        "admin:registrations_registration_duplicates": (),
        "admin:registrations_registration_follow": (registration,),
        "admin:registrations_registration_merge": (registration, other.pk),
        "admin:registrations_registration_note": (registration,),
        "admin:registrations_registration_save_filter": (),
        "admin:registrations_registration_seen": (registration,),
        "admin:registrations_timedletter_examples": (),
        "admin:registrations_wording_letter": (edition, "registration_link"),
        "admin:registrations_wording_preview": (),
        "admin:registrations_wording_test": (),
        "admin:tables_import_apply": (imported,),
        "admin:tables_import_differences": (imported, "xlsx"),
        "admin:tables_import_model": ("participants", "xlsx"),
        "admin:tables_import_preview": (imported,),
        "admin:tables_import_send": ("participants",),
        "accounts:resume": (),
        "accounts:spare_codes": (),
        "admin:accounts_user_access": (pk["accounts.user"],),
        "admin:events_edition_current": (edition,),
        "admin:events_edition_figure": (edition, "registered"),
        "admin:events_edition_figures": (edition,),
        "admin:events_mailing_begin": (release,),
        "admin:events_pressrelease_after": (release,),
        "admin:events_pressrelease_check": (release,),
        "admin:events_pressrelease_preview": (),
        "admin:events_pressrelease_publication": (release, 1),
        "admin:jobs_job_file": (pk["jobs.job"],),
        "admin:jobs_job_progress": (pk["jobs.job"],),
        "admin:jobs_job_stop": (pk["jobs.job"],),
        "admin:mail_message_attachment": (pk["mail.message"], "badge"),
        "admin:mail_message_preview": (pk["mail.message"],),
        "admin:password_change": (),
        "admin:programme_announcement_progress": (pk["programme.announcement"],),
        "admin:programme_announcement_publish": (edition,),
        "admin:programme_session_seats": (pk["programme.session"],),
        "admin:registrations_accreditation_decide": (request,),
        "admin:registrations_accreditation_letter": (request,),
        "admin:registrations_registration_pass_on": (registration,),
        "admin:registrations_registration_sessions": (registration,),
        "registrations:door": (),
        "registrations:door_check_in": (slug,),
        "registrations:door_figures": (slug,),
        "registrations:door_session": (slug,),
        "registrations:door_undo": (slug,),
    }


@pytest.fixture
def clients() -> dict[str, Client]:
    """A member of the team for each role, signed in."""
    found = {}
    for number, role in enumerate(roles.ROLES):
        user = User.objects.create_user(f"membre{number}", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        found[role] = Client()
        found[role].force_login(user)
    return found


def letters_of(client: Client, label: str, pk: int) -> str:
    name = f"admin:{label.replace('.', '_')}"
    pages = {
        "l": reverse(f"{name}_changelist"),
        "a": reverse(f"{name}_add"),
        "c": reverse(f"{name}_change", args=[pk]),
        "d": reverse(f"{name}_delete", args=[pk]),
    }
    found = {letter: client.get(address).status_code for letter, address in pages.items()}
    # A row that has a page of our own leads there.
    assert set(found.values()) <= {200, 302, 403}, (label, found)
    return "".join(letter for letter, status in found.items() if status != 403) or "."


def test_lists_and_forms_open_to_whom_they_should(clients):
    found = {
        label: [letters_of(client, label, row.pk) for client in clients.values()]
        for label, row in sample_rows().items()
    }
    assert found == table(MODELS)


def test_the_walk_misses_no_list(clients):
    assert set(sample_rows()) == {model._meta.label_lower for model in admin.site._registry}


def status_of(client: Client, address: str, data: dict) -> str:
    response = client.get(address)
    if response.status_code == 405:
        response = client.post(address, data)
    b"".join(response)  # a file is closed once it is read
    return str(response.status_code)


def test_own_pages_answer_as_they_should(clients):
    rows = sample_rows()
    data = {"reference": rows["registrations.registration"].reference}
    found = {
        name: [status_of(client, reverse(name, args=args), data) for client in clients.values()]
        for name, args in own_pages(rows).items()
    }
    assert found == table(PAGES)


def named(patterns: Iterable, space: str = "") -> Iterable[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from named(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}"


def test_the_walk_misses_no_page():
    of_staff = {name for name in named(get_resolver().url_patterns) if name.startswith(_STAFF)}
    own = {name for name in of_staff if not _OF_DJANGO.search(name)}
    assert own - FOR_ALL == set(table(PAGES))


def test_actions_are_offered_to_whom_they_should(clients):
    found: dict[str, list[str]] = {}
    for role in roles.ROLES:
        request = RequestFactory().get("/")
        request.user = User.objects.get(groups__name=role)
        for model, page in admin.site._registry.items():
            for name in page.get_actions(request):
                found.setdefault(f"{model._meta.label_lower}.{name}", []).append(role)
    marks = {
        name: ["x" if role in who else "." for role in roles.ROLES]
        for name, who in found.items()
        if not name.endswith(".delete_selected")
    }
    assert marks == table(ACTIONS)


def test_every_permission_is_thought_of():
    """A new model, or a permission of another name, gets a line in roles.TABLE, or a word in NOBODY."""
    mentioned, forgotten = roles.mentioned(), set()
    for app, model, codename in Permission.objects.values_list(
        "content_type__app_label", "content_type__model", "codename"
    ):
        is_usual = codename in {f"{verb}_{model}" for verb in ("view", "add", "change", "delete")}
        name = f"{app}.{model}" if is_usual else f"{app}.{codename}"
        if name not in mentioned | roles.NOBODY:
            forgotten.add(name)
    assert forgotten == set()


def test_whoever_reads_the_outbox_sees_needs():
    """Its mails have the links of personal pages, which show them."""
    for role in roles.ROLES:
        held = roles.permissions(role)
        assert ("mail.view_message" in held) <= ("registrations.view_needs" in held)
