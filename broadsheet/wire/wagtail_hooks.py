"""Where the wire hangs on the desk."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder

from broadsheet.kit.menu import ItemFor
from broadsheet.newsroom.desk.furnishing import give
from broadsheet.wire import rules_form, source_acts
from broadsheet.wire.models import Source, WireRules
from broadsheet.wire.views import adding, sources, stories

give(WireRules, panels=rules_form.PANELS)


@hooks.register("register_admin_menu_item")
def wire_item() -> ItemFor:
    return ItemFor(stories.TO_SEE, "Wire", "wire", icon_name="globe", order=104)


class SourceFinder(ModelAdminURLFinder):
    def construct_edit_url(self, instance: Source) -> str:
        return reverse("source", args=[instance.pk])


register_admin_url_finder(Source, SourceFinder)


@hooks.register("register_admin_menu_item")
def sources_item() -> ItemFor:
    return ItemFor(sources.TO_SEE, "Sources", "sources", icon_name="list-ul", order=104)


@hooks.register("register_admin_urls")
def sources_urls() -> list[URLPattern]:
    return [
        path("wire/sources/", sources.sources, name="sources"),
        path("wire/sources/add/", adding.add, name="source_add"),
        path("wire/sources/add/<uuid:look>/", adding.found, name="source_found"),
        path("wire/sources/lists/", adding.lists, name="source_lists"),
        path("wire/sources/export/", adding.export, name="sources_export"),
        path("wire/sources/<int:source_id>/", sources.one, name="source"),
        path("wire/sources/<int:source_id>/delete/", sources.delete, name="source_delete"),
    ]


@hooks.register("register_log_actions")
def log_actions_of_sources(actions: Any) -> None:
    for name, (label, message) in source_acts.LOGGED.items():
        actions.register_action(name, label, message)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [
        path("wire/", stories.desk, name="wire"),
        path("wire/since/<int:change>/", stories.since, name="wire_since"),
        path("wire/story/<int:story_id>/", stories.one, name="wire_story"),
        path("wire/do/", stories.do, name="wire_do"),
        path("wire/seen/", stories.seen, name="wire_seen"),
    ]


@hooks.register("register_permissions")
def permissions_of_the_wire() -> QuerySet[Permission]:
    models = ["story", "dayoflinks", "source", "refusal"]
    return Permission.objects.filter(content_type__app_label="wire", content_type__model__in=models)
