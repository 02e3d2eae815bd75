"""What the press knows, for itself and for rooms above: articles as they stand, lists by position, what waits to be printed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from broadsheet.access.terms import Audience
from broadsheet.kit.counting import last_number
from broadsheet.newsroom.addresses import AXIS_OF_FOLDER, axis_path
from broadsheet.newsroom.models import Article, FormerSlug, NewsroomRules
from broadsheet.newsroom.policy import is_printable
from broadsheet.newsroom.queries import printable
from broadsheet.newsroom.ties import AXIS_MODELS
from broadsheet.press import kinds
from broadsheet.press.models import Listed, PageFile, PressedFile, Pressing, Slip, Snapshot
from broadsheet.press.policy import Move, Stand, move_of

ARTICLE = "article"  # the kind of an article's slip; all other kinds are registered
MOST_DROPPED = 10_000
TOUCHES = "touches"  # counts every change of what pages show: whoever composed before it must look again


def zone() -> tzinfo:
    return timezone.get_default_timezone()


def listing_length() -> int:
    return NewsroomRules.load().listing_length


def touches() -> int:
    number: int = last_number(TOUCHES)
    return number


# Articles as they stand


@dataclass(frozen=True, slots=True)
class State:
    """What of an article's row decides whether and what is printed: if it is another when we write, we printed what was."""

    live: bool
    withdrawn_at: datetime | None
    embargoed_until: datetime | None
    audience: str
    url_path: str
    live_revision: int | None
    published_at: datetime | None
    source_digest: str

    def is_printable(self, at: datetime) -> bool:
        return is_printable(live=self.live, embargoed_until=self.embargoed_until, withdrawn_at=self.withdrawn_at, at=at)


def states(article_ids: Collection[int]) -> dict[int, State]:
    rows = Article.objects.filter(pk__in=article_ids).values_list(
        *("pk", "live", "withdrawn_at", "embargoed_until", "audience", "url_path", "live_revision_id"),
        *("last_published_at", "source_digest"),
    )
    return {pk: State(*row) for pk, *row in rows}


def unpressed(at: datetime) -> list[int]:
    """Articles that should be on the site and are not, or stand there as another revision than the live one."""
    pressed = {
        article_id: (live_revision, published_at)
        for article_id, live_revision, published_at in Pressing.objects.filter(withdrawn_at__isnull=True)
        .values_list("article_id", "live_revision", "published_at")
        .iterator()
    }
    rows = printable(at=at).order_by("pk").values_list("pk", "live_revision_id", "last_published_at").iterator()
    return [pk for pk, live_revision, published_at in rows if pressed.get(pk) != (live_revision, published_at)]


def all_printable(at: datetime) -> list[int]:
    """Every article that is to be on the site, oldest first."""
    return list(printable(at=at).order_by("dated_at", "pk").values_list("pk", flat=True))


def has_articles() -> bool:
    return Slip.objects.filter(kind=ARTICLE).exists()


def overstaying(at: datetime) -> list[int]:
    """Articles that stand on the site and should not: withdrawn, unpublished, deleted or embargoed without our hearing of it."""
    wanted = set(printable(at=at).values_list("pk", flat=True).iterator())
    standing = Pressing.objects.filter(withdrawn_at__isnull=True).order_by("article_id").values_list("article_id", flat=True)
    return [article_id for article_id in standing.iterator() if article_id not in wanted]


def editions_of_text(article_ids: Collection[int]) -> dict[int, str]:
    """By the article's number, the hash of the galley that stands on the site."""
    standing = Pressing.objects.filter(article_id__in=article_ids, withdrawn_at__isnull=True)
    return dict(standing.values_list("article_id", "edition_of_text"))


def article_at(path: str, *, at: datetime) -> int | None:
    """The article whose address this is, if it is to be on the site."""
    slug = path.strip("/").rpartition("/")[2]
    return next((article.pk for article in printable(at=at).filter(slug=slug) if article.address == path), None)


# Stands and lists


def stands(article_ids: Collection[int]) -> dict[int, Stand]:
    """How pressed articles stand on other pages; withdrawn ones don't."""
    lists: dict[int, set[str]] = {}
    for article_id, name in Listed.objects.filter(article_id__in=article_ids).values_list("article_id", "list"):
        lists.setdefault(article_id, set()).add(name)
    pressings = Pressing.objects.filter(article_id__in=article_ids, withdrawn_at__isnull=True)
    return {
        pressing.article_id: Stand(
            lists=frozenset(lists.get(pressing.article_id, ())),
            dated_at=pressing.dated_at,
            month=pressing.month,
            teaser=pressing.teaser,
            cut=pressing.cut,
        )
        for pressing in pressings
    }


def moves(article_id: int, *, before: Stand | None, after: Stand | None) -> list[Move]:
    """Where one article enters, leaves or moves on its lists. To be asked before the lists are written."""
    lists_before = before.lists if before else frozenset()
    lists_after = after.lists if after else frozenset()
    moved = lists_before ^ lists_after
    if before and after and before.dated_at != after.dated_at:
        moved = lists_before | lists_after
    if not moved:
        return []
    others = Listed.objects.filter(list__in=moved).exclude(article_id=article_id)
    totals = _counts(others)
    was, now = (_counts(_older(others, article_id, stand)) if stand else {} for stand in (before, after))
    months = {stand.month for stand in (before, after) if stand}
    of_months = {(row["list"], row["month"]) for row in others.filter(month__in=months).values("list", "month").distinct()}
    return [
        move_of(
            name,
            was=was.get(name, 0) if name in lists_before else None,
            now=now.get(name, 0) if name in lists_after else None,
            others=totals.get(name, 0),
            months=any((name, month) not in of_months for month in months),
        )
        for name in sorted(moved)
    ]


def _older(rows: QuerySet[Listed], article_id: int, stand: Stand) -> QuerySet[Listed]:
    return rows.filter(Q(dated_at__lt=stand.dated_at) | Q(dated_at=stand.dated_at, article_id__lt=article_id))


def _counts(rows: QuerySet[Listed]) -> dict[str, int]:
    return dict(rows.order_by().values_list("list").annotate(Count("pk")))


def on_list(name: str) -> QuerySet[Listed]:
    """An article list from the oldest to the newest."""
    return Listed.objects.filter(list=name).order_by("dated_at", "article_id")


def newest_on(name: str, *, count: int, since: datetime | None = None, unless_on: str = "") -> list[int]:
    """`unless_on`: without what stands on that other list too."""
    rows = Listed.objects.filter(list=name).order_by("-dated_at", "-article_id")
    if unless_on:
        rows = rows.exclude(Exists(Listed.objects.filter(list=unless_on, article_id=OuterRef("article_id"))))
    if since:
        rows = rows.filter(dated_at__gte=since)
    return list(rows.values_list("article_id", flat=True)[:count])


def standing(article_ids: Collection[int]) -> set[int]:
    """Which of these stand on the site."""
    pressings = Pressing.objects.filter(article_id__in=article_ids, withdrawn_at__isnull=True)
    return set(pressings.values_list("article_id", flat=True))


def months_of(name: str) -> list[tuple[str, int]]:
    """("2026-03", articles) from the oldest month to the newest."""
    return list(Listed.objects.filter(list=name).order_by("month").values_list("month").annotate(Count("pk")))


def counts_under(axis: str) -> dict[str, int]:
    """Articles on each list of an axis: {"regions/africa": 120}."""
    return _counts(Listed.objects.filter(list__startswith=f"{axis}/"))


def all_lists() -> list[str]:
    """Every list on which something stands."""
    return sorted(Listed.objects.order_by().values_list("list", flat=True).distinct())


def lists_changed() -> list[tuple[str, datetime]]:
    """Every list on which something stands, and when an article on it last changed."""
    of_article = Pressing.objects.filter(article_id=OuterRef("article_id")).values("changed_at")
    return list(Listed.objects.order_by("list").values_list("list").annotate(changed=Max(Subquery(of_article))))


def sitemap_months() -> list[tuple[str, datetime]]:
    """Each month from which articles stand on the site, and when one of them last changed."""
    standing = Pressing.objects.filter(withdrawn_at__isnull=True).order_by("month")
    return list(standing.values_list("month").annotate(Max("changed_at")))


def sitemap_of(month: str) -> list[tuple[str, datetime]]:
    standing = Pressing.objects.filter(month=month, withdrawn_at__isnull=True).order_by("dated_at")
    return list(standing.values_list("path", "changed_at"))


def moved_with_its_list(path: str) -> str:
    """Where a page of a list would stand since the value of its axis was renamed, or whatever else it belongs to; "" of any other
    path."""
    kind = kinds.kind_of(path)
    if kind and (led_to := kind[0].lead(path, kind[1])):
        return led_to
    name = (kind[1].groupdict().get("list") if kind else None) or ""
    folder, _, slug = name.partition("/")
    axis = AXIS_OF_FOLDER.get(folder, "")
    slug_now = _slug_now(axis, former=slug) if axis and slug else ""
    return f"{axis_path(axis, slug_now)}{path.removeprefix(f'/{name}/')}" if slug_now else ""


def _slug_now(axis: str, *, former: str) -> str:
    """ "" where a value of the axis has this slug now, and where the one that had it is no more."""
    rows = AXIS_MODELS[axis].objects
    if rows.filter(slug=former).exists():
        return ""
    renamed = FormerSlug.objects.filter(axis=axis, slug=former).values("row")
    return rows.filter(pk__in=renamed).values_list("slug", flat=True).first() or ""


def left_at_former_addresses() -> set[str]:
    """Values of axes ("issue:12") whose pages or articles stand as they did before a rename, and of which no nudge told."""
    formers = {(f"{row.axis}:{row.row}", axis_path(row.axis, row.slug)) for row in FormerSlug.objects.all()}
    showing = _pages().filter(stale_at=None, shows__key__in={key for key, _ in formers}).values_list("shows__key", "path")
    left = {(key, "/".join(path.split("/")[:3]) + "/") for key, path in showing} & formers
    due = Slip.objects.filter(stale_at__isnull=False, kind=ARTICLE).values("story")
    listed = Listed.objects.filter(list__in={path.strip("/") for _, path in formers}).exclude(
        article_id__in=Pressing.objects.filter(story__in=due).values("article_id")
    )
    names = set(listed.order_by().values_list("list", flat=True).distinct())
    left |= {(key, path) for key, path in formers if path.strip("/") in names and moved_with_its_list(path)}
    return {key for key, _ in left}


# Files and slips


@dataclass(frozen=True, slots=True)
class FileShown:
    """One article that shows a file: whoever may read that article to this point may have the file."""

    story: str
    audience: str
    free: bool


def articles_showing(path: str) -> list[FileShown]:
    """By which articles a file under /media/ is shown; none: it belongs to nothing on the site."""
    free = dict(PressedFile.objects.filter(path=path).values_list("article_id", "free"))
    pressings = Pressing.objects.filter(article_id__in=free, withdrawn_at__isnull=True)
    return [FileShown(story=p.story, audience=p.audience, free=free[p.article_id]) for p in pressings]


def is_on_open_page(path: str) -> bool:
    """Whether a page that anybody may read shows this file under /media/ of its own."""
    return PageFile.objects.filter(path=path, slip__audience=Audience.OPEN, slip__gone=False, slip__withdrawn=False).exists()


def due(at: datetime) -> QuerySet[Slip]:
    """What is to be printed again: pages first, since they are few and show what is new; then the longest waiting."""
    return (
        Slip.objects.filter(stale_at__lte=at, withdrawn=False)
        .alias(is_article=ExpressionWrapper(Q(kind=ARTICLE), BooleanField()))
        .order_by("is_article", "stale_at", "pk")
    )


def superseded(*, before: datetime) -> list[str]:
    return list(Snapshot.objects.filter(superseded_at__lt=before).values_list("digest", flat=True)[:MOST_DROPPED])


def named_digests(digests: Collection[str]) -> set[str]:
    """Which of these some slip names."""
    named: set[str] = set()
    for full, previews in Slip.objects.values_list("full_cut", "previews").iterator():
        named.update(digest for digest in (full, *previews.values()) if digest in digests)
    return named


def unsqueezed(most: int) -> list[Snapshot]:
    return list(Snapshot.objects.filter(squeezed=False).order_by("pk").defer("gzip")[:most])


def pressings_after(change: int, *, limit: int) -> list[Pressing]:
    return list(Pressing.objects.filter(change__gt=change).order_by("change")[:limit])


def unsqueezed_count() -> int:
    return Snapshot.objects.filter(squeezed=False).count()


def eager_pages() -> list[str]:
    """Pages that were printed once and are kept printed."""
    return list(_pages().filter(kind__in=eager_kinds()).values_list("path", flat=True))


def lazy_pages() -> list[str]:
    return list(_pages().exclude(kind__in=eager_kinds()).values_list("path", flat=True))


def eager_kinds() -> list[str]:
    return [kind.name for kind in kinds.kinds() if kind.eager]


def _pages() -> QuerySet[Slip]:
    return Slip.objects.exclude(kind=ARTICLE).filter(gone=False, withdrawn=False, moved_to="").order_by("pk")
