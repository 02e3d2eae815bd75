"""Choosing an article on the desk: the newest stand at once, the others are found by searching."""

from typing import Any

from django.db.models.functions import Coalesce
from wagtail.admin.panels import FieldPanel
from wagtail.admin.views.chooser import BrowseView
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

NEWEST = 25


class NewestArticles(BrowseView):
    """One page of those that were edited last, or came last, wherever in the tree they stand."""

    def get_object_list(self) -> Any:
        edited_at = Coalesce("latest_revision_created_at", "first_published_at")
        return Page.objects.type(*self.desired_classes).order_by(edited_at.desc(nulls_last=True), "-pk")

    def filter_object_list(self, pages: Any) -> Any:
        return super().filter_object_list(pages).defer_streamfields().specific()[:NEWEST]


class ArticleChooser(AdminPageChooser):
    chooser_modal_url_name = "newsroom_choose_article"
    choose_one_text = "Choose an article"
    choose_another_text = "Choose another article"


def choose(field: str, of: str = "newsroom.Article") -> FieldPanel:
    return FieldPanel(field, widget=ArticleChooser(target_models=of))
