"""The desk's report of who did what. It tells nobody of a headline that he may not edit and that readers have not had either."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.models import Page, PageLogEntry
from wagtail.permissions import policy_registry

from broadsheet.kit import clock
from broadsheet.newsroom.queries import printable


class History(LogEntriesView):
    """On the screen and exported; an entry bears the headline that its page had then, also where that was a draft's."""

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        entries: QuerySet[Any] = super().filter_queryset(queryset)
        if entries.model is not PageLogEntry or self.request.user.is_superuser:
            return entries
        editable = policy_registry.get_by_type(Page).instances_user_has_permission_for(self.request.user, "change")
        out = printable(at=clock.now())  # noqa: TID251  (a report that is being shown is a door)
        published = Q(page__in=out.values("pk"), label=F("page__title"))
        return entries.filter(published | Q(page__in=editable.values("pk")))


urlpatterns = [
    path("", require_admin_access(History.as_view())),
    path("results/", require_admin_access(History.as_view(results_only=True))),
]
