"""Where a page stands on the site: no view of Wagtail's serves it, so it says itself."""

from typing import Any

from django.conf import settings

from broadsheet.newsroom.addresses import path_of


class OnTheSite:
    url_path: str

    @property
    def address(self) -> str:
        return path_of(self.url_path)

    def get_url_parts(self, request: Any = None) -> tuple[int | None, str, str] | None:
        """Wagtail's desk makes its links to the live page of this."""
        return (None, settings.BASE_URL, self.address) if self.url_path else None

    def relative_url(self, current_site: Any, request: Any = None) -> str:
        return self.address
