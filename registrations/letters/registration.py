"""Letters about the registration itself."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from raict.mail.wording import Letter, Placeholder
from registrations.letters.making import COMMON, PAGE, SEATS, WITH_PAGE, WITH_SEATS, letter

# What the team adds when it decides.
REASON = Placeholder(
    *("motif", "reason", gettext_lazy("the team’s word to the person")), block="team_word"
)
_RANK = Placeholder(
    *("rang", "rank", gettext_lazy("rank on the waiting list")),
    lambda context: context["line_rank"],
)


def _bold(text: str) -> str:
    return f"**{text}**"


LETTERS = [
    letter(
        "registration_confirmed",
        gettext_lazy("Confirmation"),
        lambda: _("Your registration is confirmed"),
        lambda: [
            _(
                "Your registration is confirmed. Your badge and your calendar are attached; print the badge, or show it on your telephone."
            ),
            *(SEATS, PAGE),
        ],
        WITH_SEATS,
        required=("inscription", "lien_personnel"),
    ),
    letter(
        "registration_approved",
        gettext_lazy("Confirmation by the team"),
        lambda: _("Your registration is confirmed"),
        lambda: [
            _(
                "The team has confirmed your registration. Your badge and your calendar are attached; print the badge, or show it on your telephone."
            ),
            "{{ motif }}",
            *(SEATS, PAGE),
        ],
        (*WITH_SEATS, REASON),
        required=("motif", "inscription", "lien_personnel"),
    ),
    letter(
        "registration_pending",
        gettext_lazy("Awaiting approval"),
        lambda: _("Your registration is being checked"),
        lambda: [
            _(
                "We have received your registration. The team checks it before confirming; your seats are kept meanwhile, and your badge comes with the confirmation."
            ),
            *(SEATS, PAGE),
        ],
        WITH_SEATS,
        required=("lien_personnel",),
    ),
    letter(
        "registration_waiting",
        gettext_lazy("Waiting list of the edition"),
        lambda: _("You are on the waiting list"),
        lambda: [
            _bold(
                _(
                    "All places are taken: your registration is on the waiting list, at rank %(rank)s."
                )
                % {"rank": "{{ rang }}"}
            ),
            _(
                "Nothing is kept for you yet, neither a place nor seats. Places that become free are given automatically, in the order of the list. When it is your turn, you have a place, and the seats that are left in the sessions that you ask for; we write to you at once. You have nothing to do."
            ),
            _("If you do not want to wait any longer, please cancel on your personal page."),
            *(SEATS, PAGE),
        ],
        (
            *WITH_SEATS,
            _RANK,
        ),
        required=("rang", "lien_personnel"),
    ),
    letter(
        "registration_deferred",
        gettext_lazy("Put on the waiting list by the team"),
        lambda: _("You are on the waiting list"),
        lambda: [
            _bold(
                _(
                    "The team has put your registration on the waiting list, at rank %(rank)s. Your place and your seats go to others; a badge that you may have received no longer works."
                )
                % {"rank": "{{ rang }}"}
            ),
            "{{ motif }}",
            _(
                "Places that become free are given automatically, in the order of the list. When it is your turn, you have a place, and the seats that are left in the sessions that you had; we write to you at once. You have nothing to do."
            ),
            *(SEATS, PAGE),
        ],
        (*WITH_SEATS, _RANK, REASON),
        required=("rang", "motif", "lien_personnel"),
    ),
    letter(
        "registration_refused",
        gettext_lazy("Refusal"),
        lambda: _("Your registration is not accepted"),
        lambda: [
            _(
                "Your registration is not accepted. No place and no seat is kept for you; a badge that you may have received no longer works."
            ),
            "{{ motif }}",
        ],
        (*COMMON, REASON),
        required=("motif",),
    ),
    letter(
        "registration_link",
        gettext_lazy("Personal link"),
        lambda: _("Your personal link"),
        lambda: [
            _(
                "Here is your personal link: somebody has just asked for it with your address, or has filled in the form once more. You are registered already, and nothing has been changed."
            ),
            PAGE,
        ],
        WITH_PAGE,
        required=("lien_personnel",),
    ),
    letter(
        "registration_corrected",
        gettext_lazy("Details corrected"),
        lambda: _("Your details were corrected"),
        lambda: ["{{ nouvelle_adresse }}", "{{ badge }}", SEATS, PAGE],
        (
            *WITH_SEATS,
            Placeholder(
                *("nouvelle_adresse", "new_address", gettext_lazy("the address that is new")),
                block="new_address",
            ),
            Placeholder("badge", "badge", gettext_lazy("what the badge says"), block="badge"),
        ),
        required=("nouvelle_adresse", "badge", "lien_personnel"),
    ),
    letter(
        "registration_moved",
        gettext_lazy("Address changed (to the former one)"),
        lambda: _("Your registration has another address"),
        lambda: [
            _(
                "The e-mail address of your registration was changed. A new personal link went to the new address; the link that you had no longer works."
            ),
            _("If this was not your doing, please tell the team at once."),
        ],
        COMMON,
    ),
    letter(
        "registration_passed",
        gettext_lazy("Place passed on (to the former holder)"),
        lambda: _("Your registration was passed on"),
        lambda: [
            _(
                "Your registration was passed on to %(heir)s, with its sessions. Your personal link and your badge no longer work."
            )
            % {"heir": "{{ nouveau_titulaire }}"},
            _("If this was not your doing, please tell the team at once."),
        ],
        (
            *COMMON,
            Placeholder(
                *("nouveau_titulaire", "heir", gettext_lazy("who has the place now")),
                lambda context: context["heir"].full_name,
            ),
        ),
        required=("nouveau_titulaire",),
    ),
    letter(
        "registration_received",
        gettext_lazy("Place received"),
        lambda: _("A place was passed on to you"),
        lambda: [
            "{{ place_recue }}",
            _(
                "If you do not come, please cancel on your personal page: somebody else will be glad of the place."
            ),
            *(SEATS, PAGE),
        ],
        (
            *WITH_SEATS,
            Placeholder(
                *(
                    "place_recue",
                    "place_received",
                    gettext_lazy("what was received, and questions"),
                ),
                block="received",
            ),
        ),
        required=("place_recue", "lien_personnel"),
    ),
    letter(
        "registration_merged",
        gettext_lazy("Two registrations made one"),
        lambda: _("Your two registrations are one now"),
        lambda: [
            _(
                "You were registered twice, under two addresses. The team has made one registration of them: this mail goes to the address that is kept, and the personal link below is the one that counts."
            ),
            _("Please look whether all is as you wish it."),
            *(SEATS, PAGE),
        ],
        WITH_SEATS,
        required=("inscription", "lien_personnel"),
    ),
    letter(
        "registration_cancelled",
        gettext_lazy("Cancellation"),
        lambda: _("Your registration is cancelled"),
        lambda: [
            _(
                "Your registration is cancelled. Your place and your seats go to others; a badge that you may have received no longer works."
            ),
            "{{ motif }}",
            "{{ reinscription }}",
        ],
        (
            *COMMON,
            REASON,
            Placeholder(
                *("reinscription", "register_again", gettext_lazy("how to register again")),
                block="register_again",
            ),
        ),
        required=("motif",),
    ),
]


def _occasional(name: str, title) -> Letter:
    return letter(name, title, lambda: "", lambda: [_("[Your text]"), PAGE], WITH_SEATS)


CIRCULAR = _occasional("circular", gettext_lazy("Group mail"))
TIMED = _occasional("timed_letter", gettext_lazy("Timed mail"))
