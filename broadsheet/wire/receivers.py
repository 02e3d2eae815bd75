"""What shows links is printed again when a roundup came, was corrected, taken back or put back, or the house rule changed."""

from django.db.models.signals import post_save
from django.dispatch import receiver

from broadsheet.newsroom.signals import article_changed
from broadsheet.wire import links_beside
from broadsheet.wire.models import Pick, WireRules


@receiver(article_changed)
def print_what_shows_its_links(sender: object, article_id: int, **_: object) -> None:
    links_beside.changed(links_beside.keys_of(Pick.objects.filter(day__article=article_id)))


@receiver(post_save, sender=WireRules)
def print_all_that_shows_links(sender: object, **_: object) -> None:
    links_beside.changed({links_beside.RULES, links_beside.FRONT})
