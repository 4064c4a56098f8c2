"""Who comes, to which sessions.

Seats, from the inside out; each module uses those above it only:

    models/        rows, constraints, and what a queryset can say of them
    rules.py       who may have which seat: refusals in words, nothing written
    history.py     what one transaction does to people, and its sentences
    locked.py      the edition's lock, and its rows as they are behind it
    seats/         the only writer of bookings, lines and counters
    services/      what a person, the team, the door or the clock does: one transaction each,
                   with its history and its mails

Reading, nothing written: overview.py (what one person has), personal_page.py (what is on it),
chronology.py (what the team reads of it), duplicates.py (who may be there twice), door.py (what the door of a session
sees), press.py (what accredited people read before everybody), reckoning.py (what is due, and what differs from the rows), slots.py (sessions arranged to
choose from), portability.py and exports.py (one person's data, the team's spreadsheets).

To people: emails.py (one function a mail), letters/ (the words they ship with, and what may stand in
them), samples.py (each as somebody would get it), links.py (signed links and badge codes), documents.py and
badge.py (the files that go along), consents.py (the words that are agreed to).

Pages: forms/, views/ and admin/ fetch, call a service and answer; tasks.py is the worker's.
"""
