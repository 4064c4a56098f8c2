from django.urls import path

from raict.accounts import views

app_name = "accounts"
urlpatterns = [
    path("code/", views.code, name="code"),
    path("second-facteur/", views.set_up, name="set_up"),
    path("codes-de-secours/", views.spare_codes, name="spare_codes"),
    path("mot-de-passe-oublie/", views.forgotten, name="forgotten"),
    path("mot-de-passe-oublie/envoye/", views.forgotten_sent, name="forgotten_sent"),
    path("mot-de-passe/choisi/", views.password_chosen, name="password_chosen"),
    path("mot-de-passe/<uidb64>/<token>/", views.PasswordView.as_view(), name="password"),
    path("reprendre/", views.resume, name="resume"),
]
