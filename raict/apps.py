from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class RaictConfig(AppConfig):
    name = "raict"

    def ready(self) -> None:
        from raict import checks  # noqa: F401, PLC0415 -- registers the system checks


class RaictAdminConfig(AdminConfig):
    default_site = "raict.admin.StaffSite"
