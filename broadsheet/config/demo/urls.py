from django.urls import path

from broadsheet.config.demo import views

urlpatterns = [
    path("", views.begin, name="demo"),
    path("enter/<slug:who>/", views.enter, name="demo_enter"),
    path("clock/", views.move_clock, name="demo_clock"),
    path("outbox/", views.all_mail, name="demo_outbox"),
    path("outbox/<int:number>/", views.mail, name="demo_mail"),
    path("outbox/<int:number>/html/", views.mail_html, name="demo_mail_html"),
    path("outbox/edition/<int:number>/", views.letter, name="demo_letter"),
    path("outbox/edition/<int:number>/html/", views.letter_html, name="demo_letter_html"),
]
