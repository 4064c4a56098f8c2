from django.urls import path

from events import views
from events.press import list_views as press_list
from events.press import views as press

app_name = "events"
urlpatterns = [
    path("editions/", views.edition_list, name="edition_list"),
    path("editions/<int:number>/", views.edition, name="edition"),
    path("partenaires/", views.partner_list, name="partner_list"),
    path("infos-pratiques/", views.practical, name="practical"),
    path("presse/", press.index, name="press"),
    path("presse/flux.xml", press.press_feed, name="press_feed"),
    path("presse/vignettes/<int:pk>.webp", press.thumbnail, name="press_thumbnail"),
    path("presse/liste/", press_list.join, name="press_join"),
    path("presse/liste/envoye/", press_list.join_sent, name="press_join_sent"),
    path("presse/liste/<str:key>/", press_list.confirm, name="press_confirm"),
    path("presse/desinscription/<str:key>/", press_list.unsubscribe, name="press_unsubscribe"),
    path("presse/<slug:slug>/", press.release, name="release"),
    path("presse/<slug:slug>.pdf", press.release_pdf, name="release_pdf"),
    path("presse/<slug:slug>.txt", press.release_text, name="release_text"),
    path("presse/<slug:slug>.docx", press.release_docx, name="release_docx"),
    path("presse/<slug:slug>/carte.png", press.release_card, name="release_card"),
]
