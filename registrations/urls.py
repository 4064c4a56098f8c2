from django.urls import path

from registrations import views

app_name = "registrations"
urlpatterns = [
    path("inscription/", views.register, name="register"),
    path("inscription/merci/", views.thanks, name="thanks"),
    path("inscription/mon-lien/", views.send_link, name="send_link"),
    path("inscription/mon-lien/envoye/", views.link_sent, name="link_sent"),
    path("mon-inscription/<str:key>/", views.personal, name="personal"),
    path("mon-inscription/<str:key>/badge.pdf", views.badge, name="badge"),
    path("mon-inscription/<str:key>/agenda.ics", views.calendar, name="calendar"),
    path("mon-inscription/<str:key>/donnees.json", views.data, name="data"),
    path("mon-inscription/<str:key>/annuler/", views.cancel, name="cancel"),
]
