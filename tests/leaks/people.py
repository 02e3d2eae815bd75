"""The cast at the door, and by a table of our own what each may read: the product's rule is not asked."""

from dataclasses import dataclass

from broadsheet.config.demo.cast import assemble_cast, campus
from broadsheet.config.demo.members import CAMPUS_ADDRESS
from broadsheet.library.alerts import hash_of
from broadsheet.library.following import Subject
from broadsheet.library.models import Alert, Collection, Follow, PutAside
from broadsheet.library.models import Piece as Collected
from broadsheet.library.policy import Often
from broadsheet.membership.actions import open_story
from broadsheet.membership.models import Reader, Reading
from broadsheet.newsroom.layout import lay_out_the_site
from broadsheet.newsroom.models import Country
from broadsheet.research.actions.briefings import set_briefing
from broadsheet.research.actions.dossiers import begin_own, follow
from broadsheet.research.actions.enquiries import remember
from broadsheet.research.bringing import Sort
from broadsheet.research.models import Brought, Enquiry, Following, Morning
from broadsheet.research.posed import Posed
from tests.cast import session_of
from tests.leaks.door import ELSEWHERE, Browser, House
from tests.leaks.words import Word
from tests.leaks.world import AT, HIDDEN, SHARED, Piece, World, quote_everything

READERS = ("fay", "rex", "sada", "pasha", "lena", "gus")
STAFF = ("edda", "carlo", "petra")
CAST = ("vera", "una", *READERS, "ines", *STAFF)
OUTSIDE = tuple(name for name in CAST if name not in STAFF)

EVERYTHING = {"open", "registered", "metered", "members"}
REGISTERED = {"open", "registered"}
# Which audiences' articles each may read to the end, without spending anything on it.
MAY_READ = {
    "vera": {"open"},
    "una": {"open"},
    "fay": REGISTERED,
    "rex": REGISTERED,
    "lena": REGISTERED,
    "sada": EVERYTHING,
    "pasha": EVERYTHING,
    "gus": EVERYTHING,
    "ines": EVERYTHING,
    "edda": EVERYTHING,
    "carlo": EVERYTHING,
    "petra": EVERYTHING,
}
UNAS = "metered briefing"  # the one article that she has
REXS = ("metered column", "metered note", "metered podcast")  # what his allowance went into
AT_THE_DESK = ("/admin/", "/media/")


def may_see(who: str, word: Word, path: str) -> bool:
    """Hidden words are the desk's alone, and only there."""
    if word.audience == HIDDEN:
        return who in STAFF and path.startswith(AT_THE_DESK)
    if word.free or word.audience in MAY_READ[who]:
        return True
    return (who == "una" and word.article == UNAS) or (who == "rex" and word.article in REXS)


def may_read(who: str, piece: Piece) -> bool:
    return piece.audience in MAY_READ[who] or (who == "una" and piece.name == UNAS) or (who == "rex" and piece.name in REXS)


@dataclass(frozen=True, slots=True)
class Cast:
    """The sessions of those who are logged in."""

    sessions: dict[str, str]
    unas_path: str

    def at_the_door(self, who: str, house: House) -> Browser:
        if who in self.sessions:
            return Browser(house.gate, cookies={"session": self.sessions[who]})
        browser = Browser(house.gate, address=CAMPUS_ADDRESS if who == "ines" else ELSEWHERE)
        if who == "una":
            answer = browser.post("/join/", {"email": "una@example.org", "next": self.unas_path})
            assert answer.status == 303
            assert "first" in browser.cookies
        return browser


def _fill_the_shelves(reader: Reader, world: World) -> None:
    """With all there is, what nobody may see too."""
    everything = [*world.each(), *world.hidden.values()]
    made = Collection.objects.create(reader=reader, title="All of it", made_at=AT)
    Collected.objects.bulk_create(
        Collected(collection=made, article_id=piece.id, place=place, added_at=AT) for place, piece in enumerate(everything)
    )
    _ask_to_be_told(reader)
    PutAside.objects.bulk_create(PutAside(reader=reader, article_id=piece.id, put_at=AT) for piece in everything)
    Reading.objects.bulk_create(
        Reading(key=f"shelf:{reader.pk}:{piece.id}", story=f"a{piece.id}", reader_id=reader.pk, reason="entitled", read_at=AT)
        for piece in everything
    )


def _ask_to_be_told(reader: Reader) -> None:
    """Of everything, with a feed each whose secret the suite can name."""
    kenya = Country.objects.get(slug="kenya")
    follow = Follow.objects.create(reader=reader, kind=Follow.Kind.COUNTRY, row=kenya.pk, followed_at=AT)
    for of in ({"text": "on OR about"}, {"follow": follow}):
        alert = Alert.objects.create(reader=reader, often=Often.DAILY, wanted_since=AT, **of)
        Alert.objects.filter(pk=alert.pk).update(feed=hash_of(secret_of(alert)))


def _keep_for_themselves(reader: Reader, world: World) -> None:
    """A dossier that quotes all there is, and a briefing that brought it, as if they had once read everything."""
    kenya = Country.objects.get(slug="kenya")
    dossier = begin_own(reader, subject=Subject("country", kenya.pk), often=Often.AT_ONCE, at=AT)
    quote_everything(dossier, world)
    follow(reader, "kenya", often=Often.AT_ONCE, at=AT)
    Following.objects.filter(reader=reader).update(told=0)
    set_briefing(reader, choices=[("country", kenya.pk)], days=range(7), hour=7, most=12, by_mail=True, at=AT)
    morning = Morning.objects.create(reader=reader, due_at=AT, brought_at=AT, since=AT)
    Brought.objects.bulk_create(
        Brought(
            reader=reader,
            morning=morning,
            place=place,
            key=f"article:{piece.id}",
            sort=Sort.ARTICLE,
            article_id=piece.id,
            why="You follow Kenya",
            freely=True,
        )
        for place, piece in enumerate([*world.each(), *world.hidden.values()])
    )


def secret_of(alert: Alert) -> str:
    return f"{alert.pk}-of-{alert.reader_id}"


def assemble(world: World) -> Cast:
    lay_out_the_site(name="The Test Review", at=AT)
    campus()
    people = assemble_cast(AT, opened_by_rex=[world.pieces[name].story for name in REXS])
    for story in ("l1", "l2", "l3"):
        open_story(reader=people["lena"], story=story, at=AT)
    for who in READERS:
        _fill_the_shelves(people[who], world)
    Collection.objects.filter(reader=people["sada"]).update(token=SHARED, shared_at=AT)
    for who in READERS:
        remember(people[who], Posed(f"What did {who} ask about Kenya?"), at=AT)
        _keep_for_themselves(people[who], world)
    Enquiry.objects.filter(reader=people["sada"]).update(token=SHARED, shared_at=AT)
    return Cast({who: session_of(people[who]) for who in (*READERS, *STAFF)}, world.pieces[UNAS].path)
