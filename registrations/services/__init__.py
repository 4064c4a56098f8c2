"""What happens to a registration. Each is one transaction with its history and its mails."""

from registrations.services.accrediting import (
    PRESS,
    AccreditationClosed,
    accredit,
    ask_accreditation,
    forget_papers,
    refuse_accreditation,
)
from registrations.services.announcing import (
    Preview,
    capacity_after,
    preview,
    publish_changes,
)
from registrations.services.door import NotAdmitted, NotMeant, check_in, undo
from registrations.services.ending import cancel, forget_needs, may_change
from registrations.services.lines import fill, invite, resize, settle, settle_due
from registrations.services.links import LINK_PAUSE, send_link, send_link_to
from registrations.services.person import AddressTaken, answer, correct, pass_on
from registrations.services.registering import RegistrationClosed, approve, register
from registrations.services.sessions import (
    ChangedMeanwhile,
    accept,
    change_sessions,
    give_back,
    keep,
    step_back,
)
from registrations.services.telling import tell_open
from registrations.services.transaction import LinkReplaced

__all__ = [
    "LINK_PAUSE",
    "PRESS",
    "AccreditationClosed",
    "AddressTaken",
    "ChangedMeanwhile",
    "LinkReplaced",
    "NotAdmitted",
    "NotMeant",
    "Preview",
    "RegistrationClosed",
    "accept",
    "accredit",
    "answer",
    "approve",
    "ask_accreditation",
    "cancel",
    "capacity_after",
    "change_sessions",
    "check_in",
    "correct",
    "fill",
    "forget_needs",
    "forget_papers",
    "give_back",
    "invite",
    "keep",
    "may_change",
    "pass_on",
    "preview",
    "publish_changes",
    "refuse_accreditation",
    "register",
    "resize",
    "send_link",
    "send_link_to",
    "settle",
    "settle_due",
    "step_back",
    "tell_open",
    "undo",
]
