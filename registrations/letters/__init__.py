"""Every letter to participants, with the words that the site ships and what may be put into them.

emails.py writes them; the team may change their words for an edition (models/wording.py). The
shipped words are the catalogue's, so that they exist in each language.
"""

from django.utils.translation import gettext_lazy

from raict.mail.wording import Letter
from registrations.letters import press, registration, sessions

GROUPS = [
    (gettext_lazy("Registrations"), registration.LETTERS),
    (gettext_lazy("Seats and waiting lists"), sessions.SESSIONS),
    (gettext_lazy("Programme"), sessions.PROGRAMME),
    (gettext_lazy("Press"), press.LETTERS),
]
# Whose words are written for one occasion.
CIRCULAR, TIMED = registration.CIRCULAR, registration.TIMED
LETTERS: dict[str, Letter] = {
    **{one.name: one for _title, group in GROUPS for one in group},
    **{one.name: one for one in (CIRCULAR, TIMED)},
}
# What the messages of the outbox are called, those of the press and of operators among them.
TITLES = {
    **{one.message_name: one.title for one in LETTERS.values() if one.name == one.message_name},
    "press_release": gettext_lazy("Press release"),
    "press_list_confirm": gettext_lazy("Press list: confirm the address"),
    "test": gettext_lazy("Test message"),
}
