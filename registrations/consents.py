"""What people agree to, each thing by itself."""

from django.utils.translation import gettext_lazy as _

from events.models import Edition
from registrations.models import Consent


def consent_wordings(edition: Edition) -> dict[str, str]:
    """What is agreed to, in the words that stand beside each box and are kept with the consent."""
    organiser = edition.organiser
    wordings = {
        Consent.Purpose.NEEDS: _(
            "I agree that %(organiser)s keeps these needs in order to welcome me, "
            "and deletes them after the event."
        ),
        Consent.Purpose.PHOTOS: _(
            "I agree that %(organiser)s publishes photographs and films of the event "
            "in which I can be recognised."
        ),
        Consent.Purpose.DIRECTORY: _(
            "I agree that my name, function, organisation and country appear in the list "
            "handed to the participants."
        ),
        Consent.Purpose.NEWS: _(
            "I agree to receive news of the next meetings of %(organiser)s by e-mail."
        ),
    }
    return {
        purpose.value: str(words) % {"organiser": organiser} for purpose, words in wordings.items()
    }
