"""The team's workplace: Django's admin under the event's name."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class StaffSite(AdminSite):
    site_title = _("RAICT")
    site_header = _("RAICT – staff")
    index_title = _("Staff workplace")
