"""What the check finds."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One remark on a release. A warning may be signed off with a reason; a contradiction not."""

    sentence: str  # what is wrong, and what to do
    is_blocking: bool = False
    language: str = ""  # of the text that it is about; empty: of the release as a whole
    field: str = ""  # the text's name, without its language
    excerpt: str = ""  # the words that it is about, as they stand in the text
    suggestion: str = ""  # what may stand there instead
    target: str = ""  # the part of the excerpt that it would take the place of; empty: all of it

    @property
    def fingerprint(self) -> str:
        """The same as long as the same is said of the same words."""
        said = f"{self.language}|{self.field}|{self.excerpt}|{self.sentence}"
        return hashlib.sha256(said.encode()).hexdigest()
