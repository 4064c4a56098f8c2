"""What a member of the team does with a form of the admin, for tests."""

from django.urls import reverse


def filled(response) -> dict:
    """What a browser would send back from an opened form, inlines included."""
    page = response.context["adminform"].form
    data = {}
    forms = [page]
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    for form in forms:
        for bound in form:
            data |= {
                name: value
                for name, value in _widget_data(bound).items()
                if value is not None and value is not False
            }
    return data


def _widget_data(bound) -> dict:
    value = bound.value()
    if hasattr(value, "isoformat"):
        value = bound.field.widget.format_value(value)
    return {bound.html_name: "" if value is None else value}


def change(client, row, **values):
    """Open the form of a row and send it back with other values."""
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    data = filled(client.get(address)) | values
    return client.post(address, {name: value for name, value in data.items() if value != ""})


def errors(response) -> dict:
    return dict(response.context["adminform"].form.errors)
