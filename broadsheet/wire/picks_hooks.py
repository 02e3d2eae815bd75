"""Where picks and what was taken down hang on the desk."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from broadsheet.wire.views import picks, refusals


class PicksItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(picks.RIGHT))


class RefusalsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(refusals.RIGHT))


@hooks.register("register_admin_menu_item")
def picks_item() -> PicksItem:
    return PicksItem("Picks", reverse("wire_picks"), name="picks", icon_name="pick", order=104)


@hooks.register("register_settings_menu_item")
def refusals_item() -> RefusalsItem:
    return RefusalsItem("Taken down", reverse("wire_refusals"), name="taken-down", icon_name="warning", order=910)


@hooks.register("register_admin_urls")
def picks_urls() -> list[URLPattern]:
    return [
        path("wire/picks/", picks.picks, name="wire_picks"),
        path("wire/picks/aside/", picks.aside, name="wire_picks_aside"),
        path("wire/picks/past/", picks.past, name="wire_picks_past"),
        path("wire/picks/<slug:day>/", picks.picks, name="wire_picks_of"),
        path("wire/picks/<slug:day>/preview/", picks.preview, name="wire_picks_preview"),
        path("wire/pick/", picks.page, name="wire_pick"),
        path("wire/refusals/", refusals.refusals, name="wire_refusals"),
    ]
