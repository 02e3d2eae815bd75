"""Which story lies at a path, for membership, which lies below the press and may not ask it."""

from broadsheet.access.terms import Audience
from broadsheet.membership.stories import Story
from broadsheet.press.models import Slip


def story_at(path: str) -> Story | None:
    slip = Slip.objects.filter(path=path.partition("#")[0], withdrawn=False, gone=False).exclude(story="").first()
    return Story(key=slip.story, audience=Audience(slip.audience)) if slip else None
