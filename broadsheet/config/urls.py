"""Every address that Django answers. What is pressed is answered by the gate before it gets here."""

from django.urls import include, path
from wagtail.admin import urls as desk_urls
from wagtail.documents import urls as document_urls

urlpatterns = [
    path("admin/", include(desk_urls)),
    path("documents/", include(document_urls)),
    path("accounts/", include("allauth.urls")),
]
