"""Where dossiers hang on the desk."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder

from broadsheet.kit.menu import ItemFor
from broadsheet.research.models import Dossier
from broadsheet.research.views import desk


class DossierFinder(ModelAdminURLFinder):
    def construct_edit_url(self, instance: Dossier) -> str | None:
        return None if instance.reader_id else reverse("dossier", args=[instance.pk])


register_admin_url_finder(Dossier, DossierFinder)


@hooks.register("register_admin_menu_item")
def dossiers_item() -> ItemFor:
    return ItemFor(desk.TO_SEE, "Dossiers", "dossiers", icon_name="folder-open-inverse", order=105)


@hooks.register("register_admin_urls")
def dossier_urls() -> list[URLPattern]:
    return [
        path("dossiers/", desk.dossiers, name="dossiers"),
        path("dossiers/<int:dossier_id>/", desk.dossier, name="dossier"),
    ]


@hooks.register("register_permissions")
def permissions_of_dossiers() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="research", content_type__model="dossier")
