"""Whatever happens, in whatever order: what must hold after each step holds.

Hypothesis invents the steps. The checks look at rows only, before and after, and share no code with
the writer of seats.
"""

import datetime as dt
from collections import Counter
from itertools import combinations

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from events.models import Edition
from events.tests.factories import EditionFactory
from raict.errors import DomainError
from raict.mail.models import Message
from registrations import services
from registrations.models import Booking, Change, Quota, Registration
from registrations.rules import TooManySeats, last_to_come
from registrations.tests.factories import CategoryFactory
from sessions.models import Session
from sessions.tests.factories import SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]
HELD = {"confirmed", "offered"}
SESSIONS = 5
some = st.sets(st.integers(0, SESSIONS - 1), max_size=2)
one = st.integers(0, SESSIONS - 1)
who = st.integers(0, 11)


class Rows:
    """Everything that the checks look at, at one moment."""

    def __init__(self, edition):
        self.edition = Edition.objects.get(pk=edition.pk)
        self.sessions = {row.pk: row for row in Session.objects.all()}
        self.people = {row.pk: row for row in Registration.objects.all()}
        standing = Booking.objects.exclude(state="released").with_rank()
        self.bookings = {row.pk: row for row in standing.select_related("quota").order_by("pk")}
        self.changes = set(Change.objects.values_list("pk", flat=True))
        self.messages = set(Message.objects.values_list("pk", flat=True))
        today = timezone.localdate()
        self.quotas = [
            row for row in Quota.objects.all() if row.until is None or row.until >= today
        ]

    def line(self, session):
        waiting = [row for row in self.bookings.values() if row.state == "waiting"]
        mine = [row for row in waiting if row.session_id == session]
        return sorted(mine, key=lambda row: row.turn)

    def held(self, session):
        rows = self.bookings.values()
        return [row for row in rows if row.session_id == session and row.state in HELD]

    def unused(self, session):
        """Quota → seats of it that nobody has."""
        used = Counter(row.quota_id for row in self.held(session))
        mine = [quota for quota in self.quotas if quota.session_id == session]
        return {quota: quota.seats - used[quota.pk] for quota in mine}

    def line_of_edition(self):
        waiting = [row for row in self.people.values() if row.state == "waiting"]
        return [row.pk for row in sorted(waiting, key=lambda row: row.turn)]

    def at_once(self, first, second):
        first, second = self.sessions[first], self.sessions[second]
        if not (first.start and second.start):
            return False
        return first.start < second.end and second.start < first.end

    def clashes(self):
        """(person, session, session) of confirmed seats at one time."""
        found = set()
        for person in self.people:
            mine = [
                row.session_id
                for row in self.bookings.values()
                if row.registration_id == person and row.state == "confirmed"
            ]
            pairs = combinations(sorted(mine), 2)
            found |= {(person, *pair) for pair in pairs if self.at_once(*pair)}
        return found

    def of(self, person):
        """What is theirs: booking → state and end of the offer; and the registration's own state."""
        mine = [row for row in self.bookings.values() if row.registration_id == person]
        row = self.people.get(person)
        return {one.pk: (one.state, one.offered_until) for one in mine}, row and row.state


class Machine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(dt.datetime(2030, 3, 4, 9, tzinfo=dt.UTC), tick=False)
        self.traveller = self.clock.start()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.number = 0
        self.edition = EditionFactory(open=True, capacity=8)
        self.elected, self.other = CategoryFactory.create_batch(2)
        at = {"edition": self.edition, "start": dt.time(10), "end": dt.time(11)}
        self.keys = [
            SessionFactory(**at, capacity=1).pk,
            SessionFactory(**at, capacity=1, offer_hours=2).pk,
            SessionFactory(**at | {"start": dt.time(11), "end": dt.time(12)}, capacity=1).pk,
            SessionFactory(**at | {"start": None, "end": None}, capacity=2, overbooking=50).pk,
            SessionFactory(**at | {"start": dt.time(14), "end": dt.time(15)}, capacity=2).pk,
        ]
        last = timezone.localdate() + dt.timedelta(days=1)
        quotas = {"session_id": self.keys[4], "seats": 1, "until": last}
        Quota.objects.create(**quotas, category=self.elected)
        Quota.objects.create(**quotas, is_for_abroad=True)
        services.settle(self.session(4))
        self.moved = set()
        # Lines from the beginning: steps are few, and most of what can go wrong needs three people.
        for lists in ({0, 2}, {0, 2}, {0, 1}, {0, 1}, {0, 1}, {1, 2}, {2, 4}):
            self.newcomer(set(), lists, elected=False, abroad=False)

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.clock.stop()

    def session(self, index):
        return Session.objects.get(pk=self.keys[index])

    def chosen(self, indexes):
        return [self.session(index) for index in sorted(indexes)]

    def person(self, number):
        live = list(Registration.objects.live().order_by("pk"))
        return live[number % len(live)] if live else None

    def booking(self, number, *states):
        rows = list(Booking.objects.filter(state__in=states).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    # ---------------------------------------------------------------------------------- the steps
    @precondition(lambda self: self.number < 14)
    @rule(wanted=some, lists=some, elected=st.booleans(), abroad=st.booleans())
    def register(self, wanted, lists, elected, abroad):
        self.newcomer(wanted, lists, elected=elected, abroad=abroad)

    def newcomer(self, wanted, lists, *, elected, abroad):
        self.number += 1
        person = {
            "first_name": "Awa",
            "last_name": f"Diop {self.number}",
            "email": f"awa{self.number}@example.org",
            "country": "SN" if abroad else "FR",
            "category": self.elected if elected else self.other,
        }
        edition = Edition.objects.get(pk=self.edition.pk)
        wanted, lists = self.chosen(wanted), self.chosen(lists)
        self.step(services.register, edition=edition, person=person, sessions=wanted, lists=lists)

    @rule(number=who, wanted=some, lists=some)
    def change(self, number, wanted, lists):
        if person := self.person(number):
            wanted, lists = self.chosen(wanted), self.chosen(lists)
            self.step(
                services.change_sessions, person, sessions=wanted, lists=lists, among=self.keys
            )

    @rule(number=who)
    def step_back(self, number):
        if booking := self.booking(number, "offered", "waiting", "asked"):
            self.step(services.step_back, booking)

    @rule(number=who)
    def accept(self, number):
        if booking := self.booking(number, "offered"):
            self.step(services.accept, booking)

    @rule(number=who)
    def give_back(self, number):
        if booking := self.booking(number, "confirmed"):
            self.step(services.give_back, booking)

    @rule(number=who)
    def cancel(self, number):
        if person := self.person(number):
            self.step(services.cancel, person)

    @rule(hours=st.sampled_from([1, 3, 30]))
    def clock_goes_on(self, hours):
        self.traveller.shift(dt.timedelta(hours=hours))
        self.step(services.settle_due)

    @rule(index=one, seats=st.integers(1, 4), to_line=st.booleans())
    def resize(self, index, seats, to_line):
        """The team lowers it anyway, once it has seen who goes."""
        session = self.session(index)
        try:
            with transaction.atomic():
                services.resize(session, capacity=seats)
                transaction.set_rollback(True)
            leaving = []
        except TooManySeats as refusal:
            leaving = last_to_come(session, refusal.excess)
        self.step(services.resize, session, capacity=seats, leaving=leaving, to_line=to_line)

    @rule(number=who, index=one)
    def invite(self, number, index):
        if person := self.person(number):
            until = timezone.now() + dt.timedelta(hours=2)
            self.step(services.invite, person, self.session(index), until=until, invites=True)

    @rule(more=st.integers(1, 2))
    def raise_the_edition(self, more):
        def do():
            edition = Edition.objects.get(pk=self.edition.pk)
            Edition.objects.filter(pk=edition.pk).update(capacity=edition.capacity + more)
            services.fill(edition)

        self.step(do)

    @rule(index=one, hour=st.sampled_from([10, 11, 14]))
    def move(self, index, hour):
        def do():
            times = {"start": dt.time(hour), "end": dt.time(hour + 1)}
            Session.objects.filter(pk=self.keys[index]).update(**times)
            self.moved |= Rows(self.edition).clashes()
            services.settle(self.session(index))

        self.step(do)

    @rule(number=who)
    def pass_on(self, number):
        if person := self.person(number):
            self.number += 1
            heir = {
                "first_name": "Eva",
                "last_name": "Roy",
                "email": f"eva{self.number}@example.org",
            }
            self.step(services.pass_on, person, heir, passed=person)

    # --------------------------------------------------------------------------------- the checks
    def step(self, action, *arguments, invites=False, passed=None, **options):
        before = Rows(self.edition)
        try:
            action(*arguments, **options)
        except DomainError:
            after = Rows(self.edition)
            assert (after.changes, after.messages) == (before.changes, before.messages)
            assert [after.of(pk) for pk in after.people] == [before.of(pk) for pk in before.people]
            return
        after = Rows(self.edition)
        self.nothing_is_oversold(after)
        self.lines_keep_their_order(before, after)
        self.nobody_is_overtaken(before, after, invites=invites)
        self.nobody_waits_in_front_of_what_is_free(after)
        self.winners_leave_other_lines(before, after)
        assert after.clashes() <= self.moved
        self.moved &= after.clashes()
        self.everybody_is_told_once(before, after, passed)

    def nothing_is_oversold(self, rows):
        for pk, session in rows.sessions.items():
            taken = len(rows.held(pk))
            offered = session.capacity * (100 + session.overbooking) // 100
            assert session.seats_taken == taken <= offered
            unused = sum(max(0, count) for count in rows.unused(pk).values())
            assert session.seats_kept == min(unused, offered - taken)
        placed = [row for row in rows.people.values() if row.state in ("confirmed", "pending")]
        assert rows.edition.places_taken == len(placed) <= rows.edition.capacity
        for booking in rows.bookings.values():
            waits = rows.people[booking.registration_id].state == "waiting"
            assert waits == (booking.state == "asked")

    def lines_keep_their_order(self, before, after):
        for pk in after.sessions:
            now = [row.pk for row in after.line(pk)]
            assert [row.rank for row in after.line(pk)] == list(range(1, len(now) + 1))
            old = [row.pk for row in before.line(pk) if row.pk in now]
            assert now[: len(old)] == old
        now, old = after.line_of_edition(), before.line_of_edition()
        stayed = [pk for pk in old if pk in now]
        assert now[: len(stayed)] == stayed
        gone = [pk for pk in old if after.people[pk].state != "cancelled" and pk not in now]
        assert all(old.index(pk) < old.index(one) for pk in gone for one in stayed)

    def nobody_is_overtaken(self, before, after, *, invites):
        for pk in after.sessions:
            had = {row.registration_id for row in before.held(pk)}
            behind = {row.registration_id: row.turn for row in before.line(pk)}
            waited = [row for row in after.line(pk) if row.pk in before.bookings]
            for row in after.held(pk):
                if row.registration_id in had or (invites and row.state == "offered"):
                    continue
                turn = behind.get(row.registration_id)
                for other in waited:
                    is_before = turn is None or other.turn < turn
                    person = after.people[other.registration_id]
                    assert not is_before or (row.quota and not row.quota.is_for(person))

    def nobody_waits_in_front_of_what_is_free(self, rows):
        for pk, session in rows.sessions.items():
            offered = session.capacity * (100 + session.overbooking) // 100
            free = offered - len(rows.held(pk))
            unused = {quota: count for quota, count in rows.unused(pk).items() if count > 0}
            for row in rows.line(pk):
                person = rows.people[row.registration_id]
                assert free <= sum(unused.values())
                assert not (free and any(quota.is_for(person) for quota in unused))
        left = rows.edition.capacity - rows.edition.places_taken
        assert not (left and rows.line_of_edition())

    def winners_leave_other_lines(self, before, after):
        won = [
            row
            for pk, row in after.bookings.items()
            if row.state == "confirmed" and pk in before.bookings
            if before.bookings[pk].state in ("waiting", "offered")
        ]
        stays = [row for pk, row in after.bookings.items() if pk in before.bookings]
        for row in won:
            for other in stays:
                if (other.registration_id, other.state) == (row.registration_id, "waiting"):
                    assert not after.at_once(row.session_id, other.session_id)

    def everybody_is_told_once(self, before, after, passed):
        changed = {pk for pk in after.people if after.of(pk) != before.of(pk)}
        reference = {row.reference: pk for pk, row in after.people.items()}
        new = Message.objects.filter(pk__in=after.messages - before.messages)
        told = Counter(reference[row.reference] for row in new)
        if passed:
            assert told == {passed.pk: 2}
            return
        assert told == dict.fromkeys(changed, 1)
        noted = Change.objects.filter(pk__in=after.changes - before.changes)
        assert {row.registration_id for row in noted} == changed
        about = {(row.registration_id, row.session_id) for row in noted}
        for pk in changed:
            old, new = before.of(pk)[0], after.of(pk)[0]
            if after.people[pk].state == "cancelled":
                assert (pk, None) in about
                continue
            for key in old.keys() | new.keys():
                booking = after.bookings.get(key) or before.bookings[key]
                assert old.get(key) == new.get(key) or (pk, booking.session_id) in about
            if pk in before.people:
                assert after.people[pk].revision == before.people[pk].revision + 1


def test_whatever_happens():
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
