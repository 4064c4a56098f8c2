"""How controls of forms are written: Django's own HTML, without its templates where they cost.

Django renders a template for each option of a list and another for its attributes. With 250
countries that was half of the registration page's time. Inputs and plain lists, which nearly every
control is, are written here; everything else is left to Django.
"""

from collections.abc import Mapping
from html import escape

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

_FOLDER = "django/forms/widgets/"
_INPUTS = {
    f"{_FOLDER}{name}.html" for name in ("checkbox", "email", "hidden", "input", "number", "text")
}
_SELECT, _OPTION = f"{_FOLDER}select.html", f"{_FOLDER}select_option.html"


class Renderer(DjangoTemplates):
    """settings.FORM_RENDERER."""

    def render(self, template_name: str, context: Mapping, request=None) -> str:
        widget = context.get("widget")
        if template_name in _INPUTS:
            return _input(widget)
        if template_name == _SELECT and _is_plain(widget):
            return _select(widget)
        return super().render(template_name, context, request)


def _input(widget: Mapping) -> SafeString:
    value = widget["value"]
    written = "" if value is None else f' value="{_escape(value)}"'
    name = _escape(widget["name"])
    attributes = _attributes(widget["attrs"])
    return mark_safe(f'<input type="{widget["type"]}" name="{name}"{written}{attributes}>')


def _is_plain(select: Mapping) -> bool:
    """Options one below the other, without groups, as Django itself writes them."""
    return all(
        group is None and option["template_name"] == _OPTION
        for group, options, _index in select["optgroups"]
        for option in options
    )


def _select(widget: Mapping) -> SafeString:
    lines = [f'<select name="{_escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for _group, options, _index in widget["optgroups"]:
        for option in options:
            value, label = _escape(option["value"]), _escape(option["label"])
            attributes = _attributes(option["attrs"])
            lines.append(f'  <option value="{value}"{attributes}>{label}</option>')
    return mark_safe("\n".join([*lines, "</select>"]))


def _attributes(attributes: Mapping) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{_escape(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _escape(value) -> str:
    """As Django's conditional_escape, which looks at its argument for longer than it escapes."""
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))
