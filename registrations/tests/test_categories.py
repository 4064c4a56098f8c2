from importlib import import_module

import pytest
from django.apps import apps

from registrations.models import Category


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.django_db
def test_shipped_categories():
    # Tests that empty the tables take the migration's rows away: it is run again.
    import_module("registrations.migrations.0002_categories").write(apps, schema_editor=None)
    rows = Category.objects.values_list("key", "is_offered", "needs_approval")
    assert list(rows) == [
        ("elu", True, False),
        ("technicien", True, False),
        ("association", True, False),
        ("participant", True, False),
        ("intervenant", True, True),
        ("exposant", True, True),
        ("partenaire", True, True),
        ("presse", True, True),
        ("organisation", False, False),
    ]
    for category in Category.objects.all():
        assert category.name_en
        assert category.name_feminine_fr
        assert 1.05 / (luminance(category.colour) + 0.05) >= 4.5
