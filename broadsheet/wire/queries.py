"""What of the wire others ask for."""

from broadsheet.wire.models import Story


def living(story_id: int) -> Story | None:
    """The story itself, or the one in which it lives on. None: there is none."""
    story = Story.objects.filter(pk=story_id).first()
    while story is not None and story.merged_into_id is not None:  # only what lives is merged into, so this ends
        story = Story.objects.get(pk=story.merged_into_id)
    return story
