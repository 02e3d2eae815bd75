"""Where the mail room hangs on the desk."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder

from broadsheet.kit.menu import ItemFor
from broadsheet.mailroom import views
from broadsheet.mailroom.models import Wording
from broadsheet.mailroom.views import standing, wordings


class WordingFinder(ModelAdminURLFinder):
    def construct_edit_url(self, instance: Wording) -> str:
        return reverse("mails_wording", args=[instance.kind])


register_admin_url_finder(Wording, WordingFinder)


@hooks.register("register_settings_menu_item")
def mails_item() -> ItemFor:
    return ItemFor(wordings.RIGHT, "Mails", "mails", icon_name="mail", order=700)


@hooks.register("register_reports_menu_item")
def deliverability_item() -> ItemFor:
    return ItemFor(standing.RIGHT, "Deliverability", "deliverability", icon_name="mail", order=800)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [
        path("deliverability/", views.deliverability, name="deliverability"),
        path("mails/", views.mails, name="mails"),
        path("mails/<slug:name>/", views.wording, name="mails_wording"),
    ]


@hooks.register("register_permissions")
def permissions_of_the_mail_room() -> QuerySet[Permission]:
    rights = ["change_wording", "change_mailrules", "change_pacerules", "view_suppression", "change_suppression"]
    return Permission.objects.filter(content_type__app_label="mailroom", codename__in=rights)
