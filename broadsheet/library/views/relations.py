"""The address of two countries in whatever order, or as one was called before: there is one page, by the alphabet."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from broadsheet.library.overviews import relation_path
from broadsheet.newsroom.models import Country, FormerSlug
from broadsheet.press import views as press


@require_safe
def relation(request: HttpRequest, one: str, other: str) -> HttpResponse:
    path = relation_path(_slug_now(one), _slug_now(other))
    if path != request.path:
        return HttpResponsePermanentRedirect(path)
    return press.page(request, path)


def _slug_now(slug: str) -> str:
    """Itself, of whatever was never a country of ours."""
    if Country.objects.filter(slug=slug).exists():
        return slug
    former = FormerSlug.objects.filter(axis="country", slug=slug).values("row")
    return Country.objects.filter(pk__in=former).values_list("slug", flat=True).first() or slug
