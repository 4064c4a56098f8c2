from django.urls import path

from sessions import views
from sessions.press_kit import views as press_kit

app_name = "programme"
urlpatterns = [
    path("programme/", views.programme, name="programme"),
    path("editions/<int:number>/programme/", views.edition_programme, name="edition_programme"),
    path("programme/places.json", views.places, name="places"),
    path("programme/<slug:slug>/", views.session, name="session"),
    path("presse/dossier.zip", press_kit.press_kit, name="press_kit"),
    path(
        "editions/<int:number>/dossier-de-presse.zip",
        press_kit.edition_press_kit,
        name="edition_press_kit",
    ),
    path("intervenants/", views.person_list, name="person_list"),
    path("intervenants/<slug:slug>/", views.person, name="person"),
]
