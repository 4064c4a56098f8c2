"""Addresses: French at the root, English under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from raict import views

urlpatterns = [
    path("admin/compte/", include("raict.accounts.urls")),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("media/<path:path>", views.media, name="media"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("mentions-legales/", views.legal, name="legal"),
        path("donnees-personnelles/", views.privacy, name="privacy"),
        path("accessibilite/", views.accessibility, name="accessibility"),
        # Before the press room, to which « presse/accreditation/ » would be a release.
        path("", include("registrations.urls")),
        path("", include("events.urls")),
        path("", include("sessions.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "raict.views.bad_request"
