"""Where picks and what was taken down hang on the desk."""

from django.urls import URLPattern, path
from wagtail import hooks

from broadsheet.kit.menu import ItemFor
from broadsheet.wire.views import picks, refusals


@hooks.register("register_admin_menu_item")
def picks_item() -> ItemFor:
    return ItemFor(picks.RIGHT, "Picks", "wire_picks", name="picks", icon_name="pick", order=104)


@hooks.register("register_settings_menu_item")
def refusals_item() -> ItemFor:
    return ItemFor(refusals.RIGHT, "Taken down", "wire_refusals", name="taken-down", icon_name="warning", order=910)


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
