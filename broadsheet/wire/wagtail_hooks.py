"""Where the wire hangs on the desk."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from broadsheet.wire.views import stories


class WireItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(stories.TO_SEE))


@hooks.register("register_admin_menu_item")
def wire_item() -> WireItem:
    return WireItem("Wire", reverse("wire"), name="wire", icon_name="globe", order=104)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [
        path("wire/", stories.desk, name="wire"),
    ]


@hooks.register("register_permissions")
def permissions_of_the_wire() -> QuerySet[Permission]:
    models = ["story", "dayoflinks", "source", "refusal"]
    return Permission.objects.filter(content_type__app_label="wire", content_type__model__in=models)
