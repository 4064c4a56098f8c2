from django.urls import path

from registrations.views import personal, registering

app_name = "registrations"
urlpatterns = [
    path("inscription/", registering.register, name="register"),
    path("inscription/merci/", registering.thanks, name="thanks"),
    path("inscription/mon-lien/", registering.send_link, name="send_link"),
    path("inscription/mon-lien/envoye/", registering.link_sent, name="link_sent"),
    path("mon-inscription/<str:key>/", personal.personal, name="personal"),
    path("mon-inscription/<str:key>/badge.pdf", personal.badge, name="badge"),
    path("mon-inscription/<str:key>/agenda.ics", personal.calendar, name="calendar"),
    path("mon-inscription/<str:key>/donnees.json", personal.data, name="data"),
    path("mon-inscription/<str:key>/annuler/", personal.cancel, name="cancel"),
]
