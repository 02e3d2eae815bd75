"""Make a day's picks into the roundup on the site: by hand, or at its hour."""

from datetime import datetime, tzinfo

from django.db import transaction
from slugify import slugify

from broadsheet.membership.models import Reader
from broadsheet.newsroom.models import ArticleIndex, Roundup
from broadsheet.wire import days
from broadsheet.wire.actions.arranging import carry_over
from broadsheet.wire.actions.stripping import publish_beneath_draft
from broadsheet.wire.made_up import MadeUp, draft_of, make_up, picks_of, slug_of
from broadsheet.wire.models import DayOfLinks, Pick, WireRules


class NothingPicked(Exception):
    """A roundup has at least one link."""


class TakenBack(Exception):
    """An editor took the article back: it is put back on its own form, or not at all."""


class NoPlaceForIt(Exception):
    """The site has no parent for roundups."""


@transaction.atomic
def publish(day: DayOfLinks, *, by: Reader | None, at: datetime) -> Roundup:
    """The first time an article begins; later it is corrected. Twice equals once."""
    day = DayOfLinks.objects.select_for_update().get(pk=day.pk)
    if not picks_of(day):
        raise NothingPicked(f"Nothing is picked for {day.day:%-d %B}.")
    made, article = make_up(day), day.article
    if article and article.withdrawn_at:
        raise TakenBack(f"“{article.title}” was taken back on {article.withdrawn_at:%-d %B}. Put it back first.")
    if article and article.live and made.stands_in(article):
        _say_published(day, article, at=at)
        return article
    return _print(day, article, made, by=by, at=at)


def _print(day: DayOfLinks, article: Roundup | None, made: MadeUp, *, by: Reader | None, at: datetime) -> Roundup:
    article = made.put_into(article) if article else _begin(day, at=at)
    publish_beneath_draft(article, by=by)
    article = Roundup.objects.get(pk=article.pk)
    _say_published(day, article, at=at)
    return article


def _begin(day: DayOfLinks, *, at: datetime) -> Roundup:
    index = ArticleIndex.objects.filter(article_type=Roundup.kind, live=True).first()
    if index is None:
        raise NoPlaceForIt("The site has no index of roundups: lay it out anew.")
    article = draft_of(day, at=at)
    article.slug = _free_slug(index, slug_of(day))
    index.add_child(instance=article)
    return article


def _free_slug(index: ArticleIndex, slug: str) -> str:
    taken = set(index.get_children().filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return slugify(slug if slug not in taken else next(name for name in numbered if name not in taken))


def _say_published(day: DayOfLinks, article: Roundup, *, at: datetime) -> None:
    DayOfLinks.objects.filter(pk=day.pk).update(article=article, published_at=at)


def publish_due(*, at: datetime, zone: tzinfo) -> Roundup | None:
    """By itself at its hour, late if nobody was there to do it, never on another day. What was picked since does not hurry it."""
    carry_over(at=at, zone=zone)
    rules = WireRules.load()
    day = DayOfLinks.objects.filter(day=at.astimezone(zone).date(), published_at=None, held_at=None, article=None).first()
    if day is None or rules.roundup_at is None or not days.goes_out(day.day, rules.roundup_at, at=at, zone=zone):
        return None
    if _picks_by(day, days.hour_of(day.day, rules.roundup_at, zone)) < rules.least_picks:
        return None
    return publish(day, by=None, at=at)


def _picks_by(day: DayOfLinks, hour: datetime) -> int:
    """Whoever picks after the hour is still at work, and publishes it when it is done."""
    return Pick.objects.filter(day=day, taken_down_at=None, picked_at__lt=hour).count()
