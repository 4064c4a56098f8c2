"""The categories that the site ships with. The team edits them, so none is written twice."""

from django.db import migrations

# Key, French, feminine, English, colour (contrast of white on it), offered, needs approval.
CATEGORIES = [
    ("elu", "Élu·e", "Élue", "Elected representative", "#2b3f92", True, False),  # 9.4
    ("technicien", "Technicien·ne", "Technicienne", "Local government officer", "#0d6a63", True, False),  # 6.4
    ("association", "Association", "Association", "Association", "#7a2e63", True, False),  # 8.8
    ("participant", "Participant·e", "Participante", "Participant", "#46506a", True, False),  # 8.1
    ("intervenant", "Intervenant·e", "Intervenante", "Speaker", "#a3421c", True, True),  # 6.3
    ("exposant", "Exposant·e", "Exposante", "Exhibitor", "#2f6b1f", True, True),  # 6.4
    ("partenaire", "Partenaire", "Partenaire", "Partner", "#1f5f8b", True, True),  # 6.8
    ("presse", "Presse", "Presse", "Press", "#9b1c31", True, True),  # 8.2
    ("organisation", "Équipe d’organisation", "Équipe d’organisation", "Organising team", "#16203a", False, False),  # 16.1
]


def write(apps, schema_editor) -> None:
    Category = apps.get_model("registrations", "Category")
    for position, row in enumerate(CATEGORIES, start=1):
        key, name_fr, feminine, name_en, colour, offered, approval = row
        Category.objects.get_or_create(
            key=key,
            defaults={
                "name_fr": name_fr,
                "name_feminine_fr": feminine,
                "name_en": name_en,
                "colour": colour,
                "is_offered": offered,
                "needs_approval": approval,
                "position": position,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("registrations", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
