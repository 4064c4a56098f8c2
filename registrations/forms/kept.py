"""What an empty form shows to everybody alike, kept for a minute."""

from crispy_forms.layout import Layout
from crispy_forms.utils import TEMPLATE_PACK
from django.core.cache import cache
from django.utils.translation import get_language

# As long as any public page may be kept: a category that the team adds is there a minute later.
_SECONDS = 60


class Kept(Layout):
    """Parts of the form that hold nothing of the visitor, and no seats left.

    Kept by edition and language. A form that was sent is written anew, with what was typed.
    """

    def __init__(self, name: str, *parts) -> None:
        super().__init__(*parts)
        self.name = name

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs) -> str:
        def written() -> str:
            return super(Kept, self).render(form, context, template_pack=template_pack, **kwargs)

        if form.is_bound:
            return written()
        key = f"registration-form:{self.name}:{form.edition.pk}:{get_language()}"
        return cache.get_or_set(key, written, _SECONDS)
