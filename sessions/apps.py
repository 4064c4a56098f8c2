from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    """The folder is `sessions`, the label is `programme`: « sessions » is Django's HTTP sessions."""

    name = "sessions"
    label = "programme"
    verbose_name = _("Programme")
