"""Loads The Meridian Review: taxonomy, contributors, articles, what is scheduled, and the front page. Twice equals once."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from wagtail.models import Page

from broadsheet.config.demo.content import Piece, dated_at, first_day_of, pieces, tables
from broadsheet.mailroom.models import Wording
from broadsheet.newsletters.layout import lay_out_newsletters, lay_out_regions
from broadsheet.newsroom.bodies import Block
from broadsheet.newsroom.imports.axes import lay_out_places
from broadsheet.newsroom.layout import lay_out_the_site
from broadsheet.newsroom.models import (
    ARTICLE_TYPES,
    Article,
    ArticleIndex,
    Byline,
    Contributor,
    Correction,
    Country,
    HousePage,
    Issue,
    Region,
    RelatedArticle,
    Section,
    Series,
)

SOURCE = "demo"
AXES = {"section": Section, "issue": Issue, "series": Series}


def load(*, name: str, at: datetime, zone: ZoneInfo, advance: Callable[[], None]) -> None:
    """Each article in a transaction of its own, so that a demo that was stopped while loading goes on where it was."""
    with transaction.atomic():
        lay_out_the_site(name=name, at=at)
        lay_out_places()
        _lay_out_axes()
        _write_the_house_pages()
        _word_the_mails()
        lay_out_newsletters()
        lay_out_regions(Region.objects.order_by("order"))
    shelf = _Shelf(first_day=first_day_of(at, zone=zone), zone=zone, at=at)
    written = sorted(pieces(), key=lambda piece: shelf.dated_at(piece))
    for piece in written:
        with transaction.atomic():
            shelf.bring(piece)
        advance()
    with transaction.atomic():
        _link(written)


def count() -> int:
    return sum(1 for _ in pieces())


def _lay_out_axes() -> None:
    for axis, model in AXES.items():
        for table in tables("taxonomy")[axis]:
            model._default_manager.update_or_create(
                slug=table["slug"], defaults={"name": table["name"], "standfirst": table["standfirst"]}
            )
    for table in tables("contributors")["contributor"]:
        Contributor.objects.update_or_create(
            slug=table["slug"],
            defaults={
                "name": table["name"],
                "standfirst": table["line"],
                "bio": table["bio"],
                "columnist_slot": table.get("columnist_slot", ""),
            },
        )


def _write_the_house_pages() -> None:
    for table in tables("house")["page"]:
        page = HousePage.objects.get(kind=table["kind"])
        if not page.is_written:
            page.body = table["body"].strip()
            page.save()


def _word_the_mails() -> None:
    for table in tables("house")["mail"]:
        words = {part: table[part].strip() for part in ("subject", "before", "after")}
        Wording.objects.get_or_create(kind=table["kind"], defaults=words)


@dataclass(slots=True)
class _Shelf:
    first_day: date
    zone: ZoneInfo
    at: datetime

    def dated_at(self, piece: Piece) -> datetime:
        return dated_at(piece.front, first_day=self.first_day, zone=self.zone)

    def bring(self, piece: Piece) -> None:
        if Article.objects.filter(source=SOURCE, source_id=piece.slug).exists():
            return
        moment = self.dated_at(piece)
        ahead = moment > self.at
        article = self._article(piece, moment, live=not ahead)
        _index(article.kind).add_child(instance=article)
        if ahead:
            article.go_live_at = moment
            article.save_revision(approved_go_live_at=moment, changed=False)

    def _article(self, piece: Piece, moment: datetime, *, live: bool) -> Article:
        front = piece.front
        model = next(model for model in ARTICLE_TYPES if model.kind == front["type"])
        article = model(
            title=front["headline"],
            slug=piece.slug,
            standfirst=front["standfirst"],
            audience=front["audience"],
            section=Section.objects.get(slug=front["section"]),
            series=Series.objects.get(slug=front["series"]) if front.get("series") else None,
            dateline=front.get("dateline", ""),
            editors_note=front.get("editors_note", ""),
            body=json.dumps(piece.body.blocks),
            live=live,
            dated_at=moment if live else None,
            first_published_at=moment if live else None,
            last_published_at=moment if live else None,
            source=SOURCE,
            source_id=piece.slug,
            **_of_its_type(piece),
        )
        _relate(article, piece)
        article.corrections = [
            Correction(corrected_at=min(moment + timedelta(days=each["after_days"]), self.at), text=each["text"])
            for each in front.get("corrections", [])
        ]
        return article


def _of_its_type(piece: Piece) -> dict[str, Any]:
    front, body = piece.front, piece.body
    match front["type"]:
        case "column":
            return {"slot": front.get("slot", "")}
        case "interview":
            talk = [{"type": "exchange", "value": {"question": question, "answer": answer}} for question, answer in body.talk]
            interviewer = Contributor.objects.get(slug=front["interviewer"])
            words = {"expert": front["expert"], "expert_role": front["expert_role"]}
            return {"talk": json.dumps(talk), "interviewer": interviewer, **words}
        case "report":
            return {
                "report_kind": front["kind"],
                "key_points": front.get("key_points", []),
                "chapters": json.dumps([_chapter(title, blocks) for title, blocks in body.chapters]),
            }
        case "podcast":
            return {"episode": front.get("episode"), "duration": front.get("duration", "")}
        case "roundup" | "edition":
            return {"links": json.dumps([{"type": "link", "value": link} for link in body.links])}
        case _:
            return {}


def _chapter(title: str, blocks: Iterable[Block]) -> Block:
    return {"type": "chapter", "value": {"title": title, "body": list(blocks)}}


def _relate(article: Article, piece: Piece) -> None:
    codes = piece.words("countries")
    by_code = {country.code: country for country in Country.objects.filter(code__in=codes).prefetch_related("regions")}
    countries = [by_code[code] for code in codes]
    regions = list(Region.objects.filter(slug__in=piece.words("regions")))
    derived = [region for country in countries for region in country.regions.all()]
    article.main_country = countries[0] if countries else None
    article.countries = countries
    article.regions = list(dict.fromkeys(regions or derived))
    article.issues = list(Issue.objects.filter(slug__in=piece.words("issues")))
    bylines = [Contributor.objects.get(slug=slug) for slug in piece.words("contributors")]
    article.bylines = [Byline(contributor=contributor, sort_order=order) for order, contributor in enumerate(bylines)]


def _index(kind: str) -> ArticleIndex:
    return ArticleIndex.objects.get(article_type=kind)


def _link(written: Iterable[Piece]) -> None:
    """Links and relations between articles, once all are there."""
    ids = dict(Article.objects.filter(source=SOURCE).values_list("source_id", "pk"))
    for piece in written:
        article = Article.objects.get(pk=ids[piece.slug]).specific
        changed = _resolve(article, ids) | _relate_articles(article, piece, ids)
        if changed and article.live:
            article.save()
        elif changed:
            _schedule_again(article)


def _schedule_again(article: Article) -> None:
    """As it is now, in the place of the revision that was scheduled; the moment stands in that revision alone."""
    scheduled = article.revisions.filter(approved_go_live_at__isnull=False)
    article.go_live_at = scheduled.latest("approved_go_live_at").approved_go_live_at
    scheduled.update(approved_go_live_at=None)
    article.save_revision(approved_go_live_at=article.go_live_at, changed=False)


def _resolve(article: Page, ids: Mapping[str, int]) -> bool:
    changed = False
    for name in ("body", "talk", "chapters"):
        written = json.dumps(list(getattr(article, name).raw_data)) if hasattr(article, name) else ""
        if "article:" in written:
            for slug, pk in ids.items():
                written = written.replace(f'href=\\"article:{slug}\\"', f'linktype=\\"page\\" id=\\"{pk}\\"')
            setattr(article, name, written)
            changed = True
    return changed


def _relate_articles(article: Article, piece: Piece, ids: Mapping[str, int]) -> bool:
    wanted = [ids[slug] for slug in piece.words("related") if slug in ids]
    if wanted == [related.to_id for related in article.related.all()]:
        return False
    article.related = [RelatedArticle(to_id=pk, sort_order=order) for order, pk in enumerate(wanted)]
    return True
