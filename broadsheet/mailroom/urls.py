"""The mail room's addresses."""

from django.urls import path

from broadsheet.mailroom import views

urlpatterns = [path("mail/notices/<slug:provider>/", views.notices, name="mail_notices")]
