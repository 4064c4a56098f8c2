"""The dates above the team's lists."""

import datetime as dt

from django import template
from django.contrib.admin.views.main import ChangeList
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

register = template.Library()

_PARTS = ("year", "month", "day")


@register.inclusion_tag("admin/date_hierarchy.html")
def periods(cl: ChangeList) -> dict:
    """Years, then months, then days between the first row and the last, as links.

    One query for the two ends. Django's own tag reads every row, to leave out the days without any.
    Where all rows stand on one page, dates have nothing to shorten.
    """
    name = cl.date_hierarchy
    chosen = tuple(
        int(cl.params[f"{name}__{part}"]) for part in _PARTS if f"{name}__{part}" in cl.params
    )
    if not (cl.multi_page or chosen):
        return {"show": False}
    span = cl.queryset.order_by().aggregate(first=Min(name), last=Max(name))
    if span["first"] is None:
        return {"show": False}
    first, last = (_day(value) for value in (span["first"], span["last"]))
    chosen = chosen or _shared(first, last)

    def link(key: tuple) -> str:
        values = {f"{name}__{part}": number for part, number in zip(_PARTS, key, strict=False)}
        return cl.get_query_string(values, [f"{name}__"])

    if len(chosen) == len(_PARTS):
        choices = [{"title": _title(chosen)}]
    else:
        days = (first + dt.timedelta(n) for n in range((last - first).days + 1))
        keys = dict.fromkeys((day.year, day.month, day.day)[: len(chosen) + 1] for day in days)
        choices = [{"link": link(key), "title": _title(key)} for key in keys]
    wider = chosen[:-1]
    title = _title(wider) if wider else _("All dates")
    return {
        "show": True,
        "back": {"link": link(wider), "title": title} if chosen else None,
        "choices": choices,
    }


def _day(value: dt.date) -> dt.date:
    return timezone.localdate(value) if isinstance(value, dt.datetime) else value


def _shared(first: dt.date, last: dt.date) -> tuple:
    """The year, or the month, in which all rows lie: nothing is left to choose there."""
    if first.year != last.year:
        return ()
    return (first.year, first.month) if first.month == last.month else (first.year,)


def _title(key: tuple) -> str:
    """« 2024 », « Octobre 2024 », « 23 octobre »."""
    formats = {2: "YEAR_MONTH_FORMAT", 3: "MONTH_DAY_FORMAT"}
    if len(key) == 1:
        return str(key[0])
    return capfirst(date_format(dt.date(*key, *(1,) * (3 - len(key))), formats[len(key)]))
