from django.urls import path

from sessions import views

app_name = "programme"
urlpatterns = [
    path("programme/", views.programme, name="programme"),
    path("editions/<int:number>/programme/", views.edition_programme, name="edition_programme"),
    path("programme/places.json", views.places, name="places"),
    path("programme/<slug:slug>/", views.session, name="session"),
    path("intervenants/", views.person_list, name="person_list"),
    path("intervenants/<slug:slug>/", views.person, name="person"),
]
