"""Where the newsletters hang on the desk."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from broadsheet.newsletters.desk import NewslettersViewSetGroup, WithdrawnOnceUsed
from broadsheet.newsletters.models import Newsletter

register_permission_policy(Newsletter, WithdrawnOnceUsed(Newsletter))


@hooks.register("register_admin_viewset")
def newsletters_on_the_desk() -> NewslettersViewSetGroup:
    return NewslettersViewSetGroup()


@hooks.register("register_permissions")
def permissions_of_the_newsletters() -> QuerySet[Permission]:
    models = ["newsletter", "rest", "edition", "delivery"]
    return Permission.objects.filter(content_type__app_label="newsletters", content_type__model__in=models)
