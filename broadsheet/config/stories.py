"""Which story lies at a path, for membership, which lies below the press and may not ask it."""

from broadsheet.access.terms import Audience
from broadsheet.membership.stories import Story
from broadsheet.newsroom.models import Article
from broadsheet.press.models import Pressing, Slip


def story_at(path: str) -> Story | None:
    slip = Slip.objects.filter(path=path.partition("#")[0], withdrawn=False, gone=False).exclude(story="").first()
    if slip is None:
        return None
    article = Article.objects.filter(pk__in=Pressing.objects.filter(story=slip.story).values("article_id"))
    headline = article.values_list("title", flat=True).first() or path
    return Story(key=slip.story, audience=Audience(slip.audience), headline=headline)
