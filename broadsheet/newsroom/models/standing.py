"""Where a page stands on the site, and what the desk may do to it: no view of Wagtail's serves it, so it says itself."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from wagtail.models import PagePermissionTester

from broadsheet.newsroom.addresses import SlugOfAList, path_of, refuse_words_of_lists


class DeskRights(PagePermissionTester):
    """Nothing is unpublished: an article is taken back. Its audience says who may read it: the gate knows no other wall."""

    def can_unpublish(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False


class ArticleRights(DeskRights):
    """What was taken back is put back before it is published anew: published alone, it would stay gone."""

    def can_publish(self) -> bool:
        return self.can_put_back() and self.page.withdrawn_at is None

    def can_put_back(self) -> bool:
        may: bool = super().can_publish()
        return may

    def can_unschedule(self) -> bool:
        return self.can_put_back()


def keep_off_the_lists(slug: str) -> None:
    """For a form that cleans a model."""
    try:
        refuse_words_of_lists(slug)
    except SlugOfAList as refusal:
        raise ValidationError({"slug": str(refusal)}) from None


class OnTheSite:
    private_page_options: ClassVar[list[str]] = []
    url_path: str

    @property
    def address(self) -> str:
        return path_of(self.url_path)

    def get_url_parts(self, request: Any = None) -> tuple[int | None, str, str] | None:
        """Wagtail's desk makes its links to the live page of this."""
        return (None, settings.BASE_URL, self.address) if self.url_path else None

    def get_url(self, request: Any = None, current_site: Any = None) -> str | None:
        """Without Wagtail's look at the sites, which a list would take for each of its rows."""
        return self.address if self.url_path else None

    url = property(get_url)

    def relative_url(self, current_site: Any, request: Any = None) -> str:
        return self.address

    def permissions_for_user(self, user: Any) -> DeskRights:
        return DeskRights(user, self)
