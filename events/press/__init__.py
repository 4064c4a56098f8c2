"""The press room: releases written from the figures of an edition, checked against them, and frozen.

What is written, from the inside out; each module uses those above it only:

    text.py          placeholders: a closed list of names, filled or refused
    writing.py       a release as it is read (`Written`), from the data or from what was published
    plain.py, word.py, card.py, documents.py
                     the same as text, Word, picture and PDF, and the files that are kept
    checking/        what contradicts the data, and what somebody must answer for
    publishing.py    the only writer of state, publications and history
    drift.py         what was published and no longer holds

What is given out, nothing written: reading.py (what was published, in the reader's language),
feed.py, structured.py (what machines read), pictures.py (thumbnails), kits.py (the press kit as its
sources see it; sessions/press_kit makes it), views.py.

Who is written to: subscription.py (the list: joined, left, returned), mailing.py (a release to the
list), forms.py and list_views.py.
"""
