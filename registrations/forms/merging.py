"""Which value is kept, where two rows that become one differ."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from registrations import services
from registrations.models import Organisation, Registration

# What organisations may differ in.
ORGANISATION_FIELDS = ("name", "kind", "country", "siret", "is_checked")


class _Shown:
    """A value as the team reads it."""

    def __init__(self, row, name: str) -> None:
        self.field = row._meta.get_field(name)
        self.value = getattr(row, name)
        self.is_empty = not self.value
        self.words = self._words(row, name)

    def _words(self, row, name: str) -> str:
        if isinstance(self.value, bool):
            return str(_("yes") if self.value else _("no"))
        if self.is_empty:
            return "–"
        if name == "country":
            return self.value.name
        return str(getattr(row, f"get_{name}_display", lambda: self.value)())


class ValuesForm(forms.Form):
    """A choice for each column in which the rows differ; the first row's value unless it is empty."""

    def __init__(self, data=None, *, rows: Sequence, names: Sequence[str]) -> None:
        super().__init__(data)
        self.rows = rows
        for name in names:
            shown = [_Shown(row, name) for row in rows]
            if len({one.words for one in shown}) == 1:
                continue
            first = next(number for number, one in enumerate(shown) if not one.is_empty)
            self.fields[name] = forms.ChoiceField(
                label=shown[0].field.verbose_name,
                choices=[(str(number), one.words) for number, one in enumerate(shown)],
                widget=forms.RadioSelect,
                initial=str(first),
            )

    def values(self) -> dict[str, object]:
        """Column → the value that was chosen, where the rows differ."""
        return {name: getattr(self.rows[int(self.cleaned_data[name])], name) for name in self.named}

    @property
    def named(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, forms.ChoiceField)]

    def choices(self) -> list[forms.BoundField]:
        return [self[name] for name in self.named]


class MergeForm(ValuesForm):
    """Two registrations, and the plan that was read."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, survivor: Registration, other: Registration) -> None:
        super().__init__(data, rows=[survivor, other], names=services.FIELDS)

    def theirs(self) -> set[str]:
        return {name for name in self.named if self.cleaned_data[name] == "1"}


class OrganisationsForm(ValuesForm):
    """Several organisations; those that are ticked become one."""

    def __init__(self, data=None, *, rows: Sequence[Organisation]) -> None:
        super().__init__(data, rows=rows, names=ORGANISATION_FIELDS)
        self.ticked = {
            row.pk: data is None or str(row.pk) in data.getlist("merged") for row in rows
        }

    def clean(self) -> dict:
        if sum(self.ticked.values()) < 2:
            raise forms.ValidationError(_("Tick at least two organisations."))
        return super().clean()

    def merged(self) -> list[Organisation]:
        return [row for row in self.rows if self.ticked[row.pk]]

    def heads(self) -> list[tuple[Organisation, bool]]:
        return [(row, self.ticked[row.pk]) for row in self.rows]
