"""Where the desk offers to take an article back or put it back: the form's menu, the lists' buttons, many at once."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from django import forms
from django.urls import reverse
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page

from broadsheet.kit import clock
from broadsheet.newsroom.actions import AlreadyTakenBack, take_back
from broadsheet.newsroom.models import Article
from broadsheet.newsroom.views import ReasonForm


def can_be_taken_back(page: Page, user: Any) -> bool:
    return isinstance(page, Article) and page.live and page.withdrawn_at is None and page.permissions_for_user(user).can_publish()


def can_be_put_back(page: Page, user: Any) -> bool:
    return isinstance(page, Article) and page.withdrawn_at is not None and page.permissions_for_user(user).can_put_back()


class TakeBack(ActionMenuItem):
    name = "action-take-back"
    label = "Take back"
    icon_name = "undo"

    def is_shown(self, context: Mapping[str, Any]) -> bool:
        return context["view"] == "edit" and can_be_taken_back(context["page"], context["request"].user)

    def get_url(self, context: Mapping[str, Any]) -> str:
        return reverse("newsroom_take_back", args=[context["page"].pk])


class PutBack(ActionMenuItem):
    name = "action-put-back"
    label = "Put back"
    icon_name = "redo"

    def is_shown(self, context: Mapping[str, Any]) -> bool:
        return context["view"] == "edit" and can_be_put_back(context["page"], context["request"].user)

    def get_url(self, context: Mapping[str, Any]) -> str:
        return reverse("newsroom_put_back", args=[context["page"].pk])


class TakeBackButton(PageMenuItem):
    label = "Take back"
    icon_name = "undo"
    url_name = "newsroom_take_back"

    def is_shown(self, user: Any) -> bool:
        return can_be_taken_back(self.page, user)


class PutBackButton(PageMenuItem):
    label = "Put back"
    icon_name = "redo"
    url_name = "newsroom_put_back"

    def is_shown(self, user: Any) -> bool:
        return can_be_put_back(self.page, user)


class TakeBackMany(PageBulkAction):
    display_name = "Take back"
    action_type = "unpublish"
    aria_label = "Take back the articles chosen"
    template_name = "desk/take-back-many.html"
    action_priority = 50
    form_class: type[forms.Form] = ReasonForm

    def check_perm(self, page: Page) -> bool:
        return can_be_taken_back(page.specific, self.request.user)

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "reason": self.cleaned_form.cleaned_data["reason"]}

    @classmethod
    def execute_action(cls, objects: Iterable[Page], *, user: Any, reason: str, **_: Any) -> tuple[int, int]:
        articles = [page.specific for page in objects]
        at = clock.now()  # noqa: TID251  (a form of the desk is a door)
        taken = 0
        for article in articles:
            with suppress(AlreadyTakenBack):  # somebody else was quicker
                take_back(article, by=user, at=at, reason=reason)
                taken += 1
        return taken, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return f"Taken back: {num_parent_objects}."
