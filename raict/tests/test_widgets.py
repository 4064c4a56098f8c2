"""What raict.widgets writes is what Django's templates write."""

from html.parser import HTMLParser

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer

from raict.widgets import Renderer

NASTY = "<b a='1'>\"&amp;\u2019"


class Control(forms.Form):
    text = forms.CharField(max_length=10, help_text="…")
    number = forms.IntegerField(required=False, min_value=3)
    address = forms.EmailField(widget=forms.EmailInput(attrs={"spellcheck": "false"}))
    secret = forms.CharField(widget=forms.HiddenInput)
    tick = forms.BooleanField(required=False, widget=forms.CheckboxInput(attrs={"disabled": True}))
    choice = forms.ChoiceField(choices=[("", "—"), (1, NASTY), (NASTY, "b"), (1, "again")])
    groups = forms.ChoiceField(choices=[("of", [("1", "one"), ("2", "two")]), ("3", "three")])
    several = forms.MultipleChoiceField(choices=[("1", "one"), ("2", "two")])
    lines = forms.CharField(widget=forms.Textarea)
    radio = forms.ChoiceField(choices=[("1", "one")], widget=forms.RadioSelect)


class Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, attributes))

    def handle_data(self, data):
        self.found.append(data.strip())


FILLED = dict.fromkeys(
    ("text", "number", "address", "secret", "tick", "choice", "lines"), NASTY
) | {"groups": "2", "several": ["1", "2"], "radio": "1"}


@pytest.mark.parametrize("data", [None, FILLED, {"choice": "1"}], ids=["empty", "nasty", "twice"])
@pytest.mark.parametrize("name", list(Control.base_fields))
def test_controls_are_those_of_django(name, data):
    ours, theirs = (
        Elements(str(Control(data, renderer=renderer)[name]))
        for renderer in (Renderer(), DjangoTemplates())
    )
    assert ours.found == theirs.found


def test_every_form_is_written_so():
    assert type(get_default_renderer()) is Renderer
