"""Who was confirmed before badges were dated has had theirs by mail: a correction makes it an old one."""

from django.db import migrations
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

WITH_BADGE = ["registration_confirmed", "registration_approved"]


def write(apps, schema_editor) -> None:
    Registration = apps.get_model("registrations", "Registration")
    Message = apps.get_model("mail", "Message")
    sent = (
        Message.objects.filter(reference=OuterRef("reference"), template__in=WITH_BADGE)
        .order_by()
        .values("reference")
        .annotate(last=Max("created_at"))
        .values("last")
    )
    Registration.objects.filter(state="confirmed", badge_made_at=None).update(
        badge_made_at=Coalesce(Subquery(sent), "created_at")
    )


class Migration(migrations.Migration):
    dependencies = [("registrations", "0003_waiting_lists"), ("mail", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
