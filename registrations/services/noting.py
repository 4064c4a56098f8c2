"""What the team notes for itself about a registration. The person is told nothing."""

from registrations.models import Note, Registration


def add_note(registration: Registration, text: str, *, user=None) -> Note:
    """Dated and signed; never changed after. Whoever asks for their data receives it (art. 15)."""
    return Note.objects.create(registration=registration, text=text.strip(), user=user)


def follow(registration: Registration, *, is_followed: bool) -> bool:
    """Mark it to be followed up, or no longer. False: it was so already."""
    rows = Registration.objects.filter(pk=registration.pk).exclude(is_followed=is_followed)
    return bool(rows.update(is_followed=is_followed))
