from django import forms
from django.utils.translation import gettext_lazy as _

from registrations.models import Note


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "cols": 80})}
        help_texts = {
            "text": _(
                "For the team: the person’s page does not show it. Whoever asks for their data"
                " receives it, so write what you would say to their face."
            )
        }
