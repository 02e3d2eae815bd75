from django.urls import path

from broadsheet.config.demo import views

urlpatterns = [
    path("", views.begin, name="demo"),
    path("enter/<slug:who>/", views.enter, name="demo_enter"),
    path("clock/", views.move_clock, name="demo_clock"),
    path("outbox/", views.outbox, name="demo_outbox"),
    path("outbox/<int:number>/", views.mail, name="demo_mail"),
    path("outbox/<int:number>/html/", views.mail_html, name="demo_mail_html"),
]
