"""How much of the library somebody may read at once, without spending: what a search may know of each article."""

from dataclasses import dataclass, replace

from broadsheet.access.policy import decide
from broadsheet.access.terms import ANONYMOUS, NO_METER, Audience, Cut, Meter, Standing


@dataclass(frozen=True, slots=True)
class Sight:
    standing: Standing = ANONYMOUS
    opened: frozenset[str] = frozenset()

    @property
    def entitled(self) -> bool:
        return self.standing.entitled

    @property
    def metered(self) -> frozenset[str]:
        """Metered stories that stay open to whoever looks."""
        first = {self.standing.first_story} if self.standing.first_story else set()
        return self.opened | first

    def is_full(self, *, story: str, audience: Audience) -> bool:
        """Whether the gate would serve the full cut now. What is left of an allowance shows nothing."""
        decision = decide(story=story, audience=audience, standing=self.standing, meter=Meter(opened=self.opened))
        return decision.cut is Cut.FULL and not decision.spends


STRANGER = Sight()
EVERYTHING = Sight(replace(ANONYMOUS, registered=True, entitled=True))


def sight_of(standing: Standing, meter: Meter = NO_METER) -> Sight:
    return Sight(standing, meter.opened)
