"""Seats and places: the only writer of bookings, of waiting lists and of the counters.

One edition, one writer of seats at a time (registrations/locked.py). Behind the lock, CHECK
constraints on the counters refuse an oversold session on both databases.

What holds at the end of every transaction: a seat that is free for somebody in line has been given
to that person; ranks are counted, so they have no holes; turns are never changed, so nobody is
overtaken; nobody holds two confirmed seats that overlap, unless a session has moved since.

    counting.py    seats and places, counted
    lines.py       who waits, and what becomes free
    people.py      a registration with all that it has: it comes, and it ends
    writer.py      single seats; the class that the services use
"""

from registrations.seats.lines import TIME_TO_CHOOSE
from registrations.seats.writer import Seats

__all__ = ["TIME_TO_CHOOSE", "Seats"]
