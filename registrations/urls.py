from django.urls import path

from registrations.views import accreditation, changes, door, personal, press, registering

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
    path("mon-inscription/<str:key>/lien/", changes.send_own_link, name="send_own_link"),
    path("mon-inscription/<str:key>/sessions/", changes.sessions, name="sessions"),
    path("mon-inscription/<str:key>/identite/", changes.identity, name="identity"),
    path("mon-inscription/<str:key>/transmettre/", changes.pass_on, name="pass_on"),
    path("mon-inscription/<str:key>/questions/", changes.questions, name="questions"),
    path("mon-inscription/<str:key>/annuler/", changes.cancel, name="cancel"),
    path("mon-inscription/<str:key>/places/<int:booking>/accepter/", changes.accept, name="accept"),
    path(
        "mon-inscription/<str:key>/places/<int:booking>/laisser/",
        changes.step_back,
        name="step_back",
    ),
    path("mon-inscription/<str:key>/places/<int:booking>/garder/", changes.keep, name="keep"),
    path("inscription/place-transmise/", registering.passed, name="passed"),
    path("mon-inscription/<str:key>/presse/<slug:slug>/", press.release, name="press_release"),
    path("mon-inscription/<str:key>/presse/<slug:slug>.pdf", press.release_pdf, name="press_pdf"),
    path(
        "mon-inscription/<str:key>/presse/<slug:slug>.docx", press.release_docx, name="press_docx"
    ),
    path("mon-inscription/<str:key>/presse/<slug:slug>.txt", press.release_text, name="press_text"),
    path("presse/accreditation/", accreditation.ask, name="accreditation"),
    path("presse/accreditation/merci/", accreditation.thanks, name="accreditation_thanks"),
    path("accueil/", door.sessions, name="door"),
    path("accueil/<slug:slug>/", door.session, name="door_session"),
    path("accueil/<slug:slug>/chiffres/", door.renewed, name="door_figures"),
    path("accueil/<slug:slug>/pointer/", door.check_in, name="door_check_in"),
    path("accueil/<slug:slug>/annuler/", door.undo, name="door_undo"),
]
