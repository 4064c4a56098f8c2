"""People at the form, over HTTP: each opens the page, fills it in and sends it.

Light on purpose, because they share the machine with what they measure: one connection that is
kept, as a proxy keeps it, the fields found by regular expressions, and nothing else of the page
fetched or followed.
"""

import html
import http.client
import multiprocessing
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from resource import RUSAGE_SELF, getrusage
from typing import NamedTuple
from urllib.parse import urlencode

FORM = "/inscription/"
_HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|nonce)"\s+value="([^"]*)"')
_CATEGORY = re.compile(r'name="category"\s+value="([^"]+)"')
_SEAT = re.compile(r'name="(slot_[0-9_]+)"\s+value="([0-9]+)"')
_ERROR = re.compile(r'<p class="field-error">(.*?)</p>', re.DOTALL)


@dataclass(frozen=True)
class Plan:
    """What one client does: registers people, one after the other."""

    port: int
    prefix: str  # of the e-mails
    seconds: float = 0  # so long …
    people: int = 0  # … or so many
    session: str = ""  # the one that all of them want; without it four of the programme
    waits: bool = False  # they would wait for it: a seat if one is free, else the list


class Answer(NamedTuple):
    """What became of one person, and how long the two requests took."""

    kind: str  # registered, refused: <sentence>, or the HTTP status
    page: float
    sending: float

    @property
    def whole(self) -> float:
        return self.page + self.sending


class Outcome(NamedTuple):
    answers: list[Answer]
    seconds: float
    processor: float  # of the clients


def crowd(clients: int, plan: Plan) -> Outcome:
    """So many clients at once, each a process of its own; `plan.people` are shared among them."""
    plans = [
        replace(
            plan,
            prefix=f"{plan.prefix}-{number}",
            people=plan.people // clients + (number < plan.people % clients),
        )
        for number in range(clients)
    ]
    with multiprocessing.get_context("fork").Pool(clients) as pool:
        start = time.perf_counter()
        parts = pool.map(_client, plans, chunksize=1)
        seconds = time.perf_counter() - start
    answers = [answer for found, _processor in parts for answer in found]
    return Outcome(answers, seconds, sum(processor for _found, processor in parts))


def _client(plan: Plan) -> tuple[list[Answer], float]:
    before = getrusage(RUSAGE_SELF)
    chance = random.Random(plan.prefix)
    connection = http.client.HTTPConnection("127.0.0.1", plan.port, timeout=60)
    until = time.perf_counter() + plan.seconds
    answers: list[Answer] = []
    while len(answers) < plan.people or time.perf_counter() < until:
        email = f"{plan.prefix}-{len(answers)}@example.org"
        answers.append(_register(connection, email, plan, chance))
    connection.close()
    after = getrusage(RUSAGE_SELF)
    return answers, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _register(
    connection: http.client.HTTPConnection, email: str, plan: Plan, chance: random.Random
) -> Answer:
    start = time.perf_counter()
    connection.request("GET", FORM)
    answer = connection.getresponse()
    page = answer.read().decode()
    opened = time.perf_counter()
    if answer.status != 200:
        return Answer(str(answer.status), opened - start, 0.0)
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    body = urlencode(_filled_in(page, email, plan, chance))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    sending = time.perf_counter()  # filling in is the visitor's time, not the site's
    connection.request("POST", FORM, body, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    sent = time.perf_counter()
    return Answer(_kind(answer, page), opened - start, sent - sending)


def _filled_in(
    page: str, email: str, plan: Plan, chance: random.Random
) -> Sequence[tuple[str, str]]:
    seats: dict[str, list[str]] = {}
    for name, value in _SEAT.findall(page):
        seats.setdefault(name, []).append(value)
    if plan.waits:
        chosen = [("lists", plan.session)]
    elif plan.session:
        chosen = [(name, plan.session) for name, keys in seats.items() if plan.session in keys]
    else:
        names = chance.sample(sorted(seats), 4)
        chosen = [(name, chance.choice(seats[name])) for name in names]
    return [
        *_HIDDEN.findall(page),
        ("civility", "mme"),
        ("first_name", "Awa"),
        ("last_name", "Diop-N’Diaye"),
        ("email", email),
        ("function", "Adjointe au maire"),
        ("organisation", f"Ville de Saint-Exemple {chance.randrange(400)}"),
        ("country", "SN"),
        ("category", _CATEGORY.search(page).group(1)),
        ("consent_photos", "on"),
        *chosen,
    ]


def _kind(answer: http.client.HTTPResponse, page: str) -> str:
    if answer.status == 302:
        return "registered"
    sentences = [" ".join(html.unescape(found).split()) for found in _ERROR.findall(page)]
    return f"refused: {sentences[0]}" if answer.status == 200 and sentences else str(answer.status)
