"""Letters to journalists about their accreditation."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from raict.mail.wording import Placeholder
from registrations.letters.making import EDITION, PAGE, PERSON, SEATS, WITH_SEATS, letter

_REASON = Placeholder("motif", "reason", gettext_lazy("the reason given"), block="reason")
_PRESS_ROOM = Placeholder(
    "salle_de_presse", "press_room", gettext_lazy("link to the press room"), block="press_room"
)
_MEDIUM = Placeholder(
    *("media", "medium", gettext_lazy("medium")),
    lambda context: context["accreditation"].medium,
)
LETTERS = [
    letter(
        "accreditation_received",
        gettext_lazy("Accreditation asked for"),
        lambda: _("Your request for accreditation"),
        lambda: [
            "{{ demande }}",
            _("Medium: %(medium)s") % {"medium": "{{ media }}"} + "\n{{ dates }}",
            _(
                "You did not ask for this? Somebody has mistyped an address; you may leave this mail without answer."
            ),
        ],
        (
            *PERSON,
            *EDITION,
            _MEDIUM,
            Placeholder(
                *("demande", "request", gettext_lazy("what becomes of the request")),
                block="request",
            ),
        ),
        required=("demande",),
    ),
    letter(
        "accreditation_accepted",
        gettext_lazy("Accreditation accepted"),
        lambda: _("Your accreditation is accepted"),
        lambda: [
            *("{{ decision }}", "{{ mot_de_l_equipe }}"),
            _(
                "Your personal page holds the press releases of this edition, those under embargo among them, before they are public. Please publish nothing of them before the moment that each one names."
            ),
            *(SEATS, PAGE),
        ],
        (
            *WITH_SEATS,
            _MEDIUM,
            Placeholder(
                *("decision", "decision", gettext_lazy("what was decided")), block="accredited"
            ),
            Placeholder(
                *("mot_de_l_equipe", "word_of_the_team", gettext_lazy("a word from the team")),
                block="press_word",
            ),
        ),
        required=("decision", "mot_de_l_equipe", "lien_personnel"),
    ),
    letter(
        "accreditation_refused",
        gettext_lazy("Accreditation refused"),
        lambda: _("Your request for accreditation is not accepted"),
        lambda: [
            _("Your request for accreditation is not accepted."),
            *("{{ motif }}", "{{ salle_de_presse }}"),
        ],
        (*PERSON, *EDITION, _MEDIUM, _REASON, _PRESS_ROOM),
        required=("motif",),
    ),
    letter(
        "accreditation_withdrawn",
        gettext_lazy("Accreditation withdrawn"),
        lambda: _("Your accreditation is withdrawn"),
        lambda: [
            _(
                "Your accreditation is withdrawn: press releases under embargo are no longer on your personal page. Your registration stands."
            ),
            *("{{ motif }}", "{{ salle_de_presse }}"),
        ],
        (*PERSON, *EDITION, _MEDIUM, _REASON, _PRESS_ROOM),
        required=("motif",),
        template="accreditation_refused",
    ),
]
