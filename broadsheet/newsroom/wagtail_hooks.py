"""The newsroom's furniture of the desk: lists, choosers, actions, the week."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from broadsheet.kit import clock
from broadsheet.newsroom import views
from broadsheet.newsroom.actions import PUT_BACK, TAKE_BACK
from broadsheet.newsroom.desk.choosing import NewestArticles
from broadsheet.newsroom.desk.first_steps import first_steps
from broadsheet.newsroom.desk.lists import LastEditedFirst, countries_of, day_of, scheduled_for, type_of
from broadsheet.newsroom.desk.taking_back import PutBack, PutBackButton, TakeBack, TakeBackButton, TakeBackMany
from broadsheet.newsroom.desk.week import week_of
from broadsheet.newsroom.models import Article, Contributor, Country, HousePage, Issue, Region, Section, Series

# Lists


class Articles(PageListingViewSet):
    model = Article
    index_view_class = LastEditedFirst
    list_filter = ["audience", "section", "countries"]
    name = "articles"
    icon = "doc-full"
    menu_label = "Articles"
    menu_order = 100
    add_to_admin_menu = True
    columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label="Headline", sort_key="title", classname="title"),
        Column(
            "type",
            label="Type",
            accessor=lambda article: type_of(article),
            sort_key="content_type__model",
        ),
        PageStatusColumn("status", label="Status", sort_key="live", width="10%"),
        Column("scheduled_for", label="Scheduled for", accessor=lambda article: scheduled_for(article), width="11%"),
        Column("audience", label="Audience", accessor="get_audience_display", sort_key="audience", width="9%"),
        Column("countries", label="Countries", accessor=lambda article: countries_of(article), width="16%"),
        Column("dated_at", label="Dated", accessor=lambda article: day_of(article.dated_at), sort_key="dated_at", width="10%"),
        Column(
            "edited_at", label="Edited", accessor=lambda article: day_of(article.edited_at), sort_key="edited_at", width="10%"
        ),
    ]


class Axis(SnippetViewSet):
    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    list_per_page = 50


class Regions(Axis):
    model = Region
    icon = "globe"
    list_display = ["name", "slug", "order"]
    ordering = ["order", "name"]


class Countries(Axis):
    model = Country
    icon = "site"
    list_display = ["name", "code", "slug"]
    search_fields = ["name", "slug", "code"]
    list_filter = ["regions"]


class Issues(Axis):
    model = Issue
    icon = "tag"


class Sections(Axis):
    model = Section
    icon = "folder"


class SeriesList(Axis):
    model = Series
    icon = "list-ol"


class Contributors(Axis):
    model = Contributor
    icon = "user"
    menu_order = 110
    add_to_admin_menu = True
    list_display = ["name", "standfirst", "columnist_slot"]
    list_filter = ["columnist_slot"]


class Axes(SnippetViewSetGroup):
    menu_label = "Axes"
    menu_icon = "folder-open-inverse"
    menu_order = 120
    items = (Sections, Regions, Countries, Issues, SeriesList)


class HousePages(SnippetViewSet):
    model = HousePage
    icon = "info-circle"
    menu_label = "House pages"
    menu_order = 130
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = [
        "__str__",
        Column("is_written", label="Written", accessor=lambda page: "yes" if page.is_written else "not yet"),
    ]


class ChangedOnly(ModelPermissionPolicy):
    """There are as many house pages as the foot has links."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in {"add", "delete"} and bool(super().user_has_permission(user, action))


register_permission_policy(HousePage, ChangedOnly(HousePage))
register_snippet(Axes)
register_snippet(Contributors)
register_snippet(HousePages)


@hooks.register("register_admin_viewset")
def articles_list() -> Articles:
    return Articles()


# Taking back


@hooks.register("register_page_action_menu_item")
def take_back_item() -> TakeBack:
    return TakeBack(order=80)


@hooks.register("register_page_action_menu_item")
def put_back_item() -> PutBack:
    return PutBack(order=81)


@hooks.register("register_page_listing_more_buttons")
@hooks.register("register_page_header_buttons")
def taking_back_buttons(page: Page, **context: Any) -> list[PageMenuItem]:
    return [TakeBackButton(page=page, priority=60), PutBackButton(page=page, priority=61)]


# It takes the place of Wagtail's own of the same type, so it must be registered after it.
hooks.register("register_bulk_action", TakeBackMany, order=1)


@hooks.register("register_admin_urls")
def desk_urls() -> list[Any]:
    return [
        path("choose-article/", NewestArticles.as_view(), name="newsroom_choose_article"),
        path("choose-article/<int:parent_page_id>/", NewestArticles.as_view()),  # where one is chosen already
        path("articles/<int:article_id>/take-back/", views.take_back_view, name="newsroom_take_back"),
        path("articles/<int:article_id>/put-back/", views.put_back_view, name="newsroom_put_back"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(TAKE_BACK, "Take back", "Taken back")
    actions.register_action(PUT_BACK, "Put back", "Put back")


# The week


class Week(Component):
    order = 50
    template_name = "desk/week.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"days": week_of(at=clock.now(), zone=ZoneInfo(settings.TIME_ZONE))}


class FirstSteps(Component):
    name = "first_steps"
    template_name = "desk/first-steps.html"
    order = 40

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"steps": first_steps()}


@hooks.register("construct_homepage_panels")
def week_panel(request: HttpRequest, panels: list[Component]) -> None:
    panels.extend((FirstSteps(), Week()))


@hooks.register("insert_global_admin_css")
def desk_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("newsroom/desk.css"))


@hooks.register("construct_wagtail_userbar")
def check_the_article_alone(request: HttpRequest, items: list[Component], page: Page | None) -> None:
    """Masthead and foot are not the editor's to mend."""
    for item in items:
        if isinstance(item, ContentCheckerItem):
            item.axe_include = ["main"]


# Files


@hooks.register("before_serve_document")
def documents_are_for_the_desk(document: Any, request: HttpRequest) -> None:
    """Readers hear a recording under /media/, where somebody decides; this address of Wagtail's would ask nobody."""
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise Http404
