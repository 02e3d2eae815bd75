"""The cast as the demo's pages tell of them: who they are, what they meet, where each begins."""

from dataclasses import dataclass

CAMPUS_ADDRESS = "203.0.113.20"  # of a network that is set aside for documentation
FIRST_ARTICLE = "/briefings/the-service-engineer-as-foreign-policy/"


@dataclass(frozen=True, slots=True)
class Member:
    """`address` "" has no account. `meets`: what happens on a metered article."""

    slug: str
    name: str
    who: str
    meets: str
    address: str = ""
    begins_at: str = "/"
    unconfirmed: bool = False
    on_campus: bool = False


CAST: tuple[Member, ...] = (
    Member("vera", "Vera", "A visitor, unknown", "Meets the wall, which asks her to register."),
    Member(
        "una",
        "Una",
        "Has sent an address, and not the code",
        "Reads this one article; every other asks for the code.",
        address="una@example.org",
        begins_at=FIRST_ARTICLE,
        unconfirmed=True,
    ),
    Member("fay", "Fay", "Registered, allowance fresh", "Reads three a month; each is counted.", address="fay@example.org"),
    Member("rex", "Rex", "Registered, allowance spent", "Meets the wall of a spent month.", address="rex@example.org"),
    Member("sada", "Sada", "A subscriber", "Reads everything.", address="sada@example.org"),
    Member("pasha", "Pasha", "Payment failed three days ago", "Still reads everything: grace.", address="pasha@example.org"),
    Member("lena", "Lena", "Subscription lapsed last month", "Meets the wall.", address="lena@example.org"),
    Member(
        "gus",
        "Gus",
        "Has a seat in a group, and manages it",
        "Reads everything. Two more seats wait on his account, under Your group.",
        address="gus@example.org",
    ),
    Member("ines", "Ines", "On a campus network, not signed in", "Reads everything by her university.", on_campus=True),
    Member("edda", "Edda", "An editor", "Writes, previews as any of the cast, publishes.", "edda@example.org", "/admin/"),
    Member("carlo", "Carlo", "A curator", "Reads the wire and picks the day's links.", "carlo@example.org", "/admin/wire/"),
    Member("petra", "Petra", "The publisher", "Sets plans and house rules, sees the figures.", "petra@example.org", "/admin/"),
)


def member_named(slug: str) -> Member | None:
    return next((member for member in CAST if member.slug == slug), None)
