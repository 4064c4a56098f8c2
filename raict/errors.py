"""The one thing that every app may raise at a person."""


class DomainError(Exception):
    """A refusal by a rule of the event, with the sentence that the person reads.

    `field` names the form field beside which the sentence stands; empty means the whole form.
    """

    def __init__(self, message, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
