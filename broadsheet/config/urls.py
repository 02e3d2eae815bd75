"""Every address that Django answers. What is pressed is answered by the gate before it gets here."""

from django.conf import settings
from django.urls import include, path, re_path
from wagtail.admin import urls as desk_urls
from wagtail.documents import urls as document_urls

from broadsheet.billing import urls as billing_urls
from broadsheet.config.icon import icon
from broadsheet.config.media import media
from broadsheet.library import urls as library_urls
from broadsheet.mailroom import urls as mailroom_urls
from broadsheet.membership import urls as membership_urls
from broadsheet.membership.limits import later_at_allauths
from broadsheet.newsletters import urls as newsletters_urls
from broadsheet.press import views as press_views
from broadsheet.research import urls as research_urls

handler429 = later_at_allauths

urlpatterns = [
    *([path("demo/", include("broadsheet.config.demo.urls"))] if settings.DEMO else []),
    *([path("outlets/", include("broadsheet.config.demo.outlet_urls"))] if settings.DEMO else []),
    path("", include(membership_urls)),
    path("", include(billing_urls)),
    path("", include(library_urls)),
    path("", include(research_urls)),
    path("", include(mailroom_urls)),
    path("", include(newsletters_urls)),
    path("admin/reports/site-history/", include("broadsheet.newsroom.desk.history")),  # before Wagtail's own, which tells more
    path("admin/", include(desk_urls)),
    path("accounts/", include("allauth.urls")),
    path("documents/", include(document_urls)),  # the desk's only: newsroom.wagtail_hooks
    path("favicon.ico", icon),
    path("apple-touch-icon.png", icon),
    re_path(r"^media/(?P<name>.+)$", media),
    # Every page ends with a slash, every feed with its format; whatever lacks both is sent on by APPEND_SLASH.
    re_path(r"^(?P<path>(?:.*/)?|.*\.[a-z]+)$", press_views.page),
]
