"""Where the newsletters hang on the desk."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.permissions import register_permission_policy

from broadsheet.kit.menu import ItemFor
from broadsheet.newsletters import acts
from broadsheet.newsletters.desk import NewslettersViewSetGroup, WithdrawnOnceUsed
from broadsheet.newsletters.models import Edition, Newsletter
from broadsheet.newsletters.views import deliveries, editions, visits

register_permission_policy(Newsletter, WithdrawnOnceUsed(Newsletter))


class EditionFinder(ModelAdminURLFinder):
    def construct_edit_url(self, instance: Edition) -> str:
        return reverse("edition", args=[instance.pk])


register_admin_url_finder(Edition, EditionFinder)


@hooks.register("register_admin_viewset")
def newsletters_on_the_desk() -> NewslettersViewSetGroup:
    return NewslettersViewSetGroup()


@hooks.register("register_admin_menu_item")
def editions_item() -> ItemFor:
    return ItemFor(editions.RIGHT, "Editions", "editions", icon_name="mail", order=105)


@hooks.register("register_reports_menu_item")
def visits_item() -> ItemFor:
    return ItemFor(editions.RIGHT, "Visits from editions", "edition_visits", icon_name="mail", order=810)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [
        path("editions/", editions.editions, name="editions"),
        path("editions/new/", editions.new, name="edition_new"),
        path("editions/visits/", visits.from_editions, name="edition_visits"),
        path("editions/<int:edition_id>/", editions.one, name="edition"),
        path("editions/<int:edition_id>/sure/<slug:verb>/", editions.sure, name="edition_sure"),
        path("editions/<int:edition_id>/proof/<slug:cut>/<slug:look>/", editions.proof, name="edition_proof"),
        path("editions/<int:edition_id>/deliveries/<slug:state>/", deliveries.deliveries, name="edition_deliveries"),
    ]


@hooks.register("register_permissions")
def permissions_of_the_newsletters() -> QuerySet[Permission]:
    models = ["newsletter", "rest", "edition", "delivery"]
    return Permission.objects.filter(content_type__app_label="newsletters", content_type__model__in=models)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for name, (label, message) in acts.LOGGED.items():
        actions.register_action(name, label, message)
