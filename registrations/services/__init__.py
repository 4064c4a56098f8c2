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
    preview,
    publish_changes,
)
from registrations.services.deciding import (
    DECISIONS,
    approve,
    decide_each,
    decide_many,
    defer,
    refuse,
    tally,
)
from registrations.services.door import NotAdmitted, NotMeant, check_in, undo
from registrations.services.ending import cancel, forget_needs, may_change
from registrations.services.lines import fill, invite, resize, settle, settle_due
from registrations.services.links import LINK_PAUSE, send_link, send_link_to
from registrations.services.merging import (
    FIELDS,
    ChangedSince,
    merge,
    merge_organisations,
    plan,
)
from registrations.services.next_edition import prepare
from registrations.services.noting import add_note, follow
from registrations.services.organisations import write_organisations
from registrations.services.person import (
    AddressTaken,
    answer,
    correct,
    correct_many,
    pass_on,
)
from registrations.services.registering import RegistrationClosed, register, register_many
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
from registrations.services.translating import WrittenMeanwhile, translate

__all__ = [
    "DECISIONS",
    "FIELDS",
    "LINK_PAUSE",
    "PRESS",
    "AccreditationClosed",
    "AddressTaken",
    "ChangedMeanwhile",
    "ChangedSince",
    "LinkReplaced",
    "NotAdmitted",
    "NotMeant",
    "Preview",
    "RegistrationClosed",
    "WrittenMeanwhile",
    "accept",
    "accredit",
    "add_note",
    "answer",
    "approve",
    "ask_accreditation",
    "cancel",
    "change_sessions",
    "check_in",
    "correct",
    "correct_many",
    "decide_each",
    "decide_many",
    "defer",
    "fill",
    "follow",
    "forget_needs",
    "forget_papers",
    "give_back",
    "invite",
    "keep",
    "may_change",
    "merge",
    "merge_organisations",
    "pass_on",
    "plan",
    "prepare",
    "preview",
    "publish_changes",
    "refuse",
    "refuse_accreditation",
    "register",
    "register_many",
    "resize",
    "send_link",
    "send_link_to",
    "settle",
    "settle_due",
    "step_back",
    "tally",
    "tell_open",
    "translate",
    "undo",
    "write_organisations",
]
