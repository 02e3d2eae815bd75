"""One reader's subscription in a world of `bench.worlds`: how it begins, what happens to it, and whether all is right."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import stripe

from bench import right_standing
from bench.deeds import DEEDS, TEAMS_DEEDS, Deeds, NothingThere, colleague_comes, nothing, sitting, terms
from broadsheet.billing import actions, stripe_api
from broadsheet.membership.actions.groups import GroupEnded, NoSeatLeft
from broadsheet.membership.models import Reader
from broadsheet.membership.queries import held_by, rules
from broadsheet.till.refusals import Refusal

if TYPE_CHECKING:
    from bench.worlds import World

Doc = dict[str, Any]
Expected = tuple[list[tuple[str, int, str]], list[int | None]]  # the terms, and until when the buyer reads at some moments
COMES_BACK = 0.5
CARDS = (*["visa"] * 10, "chargeCustomerFail", "authenticationRequired", None)
OUR_OWN = (actions.Changed, actions.NotNow, actions.NotOnOffer, actions.TooLate, NoSeatLeft, GroupEnded)
REFUSED = (stripe.StripeError, Refusal, stripe_api.Refused, *OUR_OWN, NothingThere)


class Life:
    """One reader's subscription."""

    def __init__(self, world: "World", reader: Reader) -> None:
        self.world, self.reader, self.chance, self.ask = world, reader, world.chance, world.ask
        self.story: list[str] = []

    def begin(self) -> None:
        marks = {"metadata": {"reader": str(self.reader.pk)}}
        self.customer = self.ask("post", "customers", email=self.reader.email, **marks)["id"]
        card = self.chance.choice(CARDS)
        trial = self._trial() if self.chance.random() < 0.3 or card is None else {}
        if card:
            self.use_card(card)
        price = self.world.a_price()
        self.is_team = price == self.world.prices[-1]
        items = [{"price": price, "quantity": self.chance.choice([2, 3, 4] if self.is_team else [1, 1, 3])}]
        about = {"customer": self.customer, "items": items, "payment_behavior": "allow_incomplete", **trial, **marks}
        made = self.ask("post", "subscriptions", **about)
        self.subscription = made["id"]
        self.story.append(f"begun with {card}{' on trial' if trial else ''}: {made['status']}")
        if self.chance.random() < COMES_BACK:
            self._come_back()

    def _come_back(self) -> None:
        """From Stripe's page: no notice is waited for. A team's colleagues are invited at once."""
        actions.follow(self.subscription, at=self.world.at)
        self.story.append("came back")
        for _ in range(self.chance.randint(0, 3) if self.is_team else 0):
            self._do(colleague_comes)

    def _trial(self) -> Doc:
        without_card = self.chance.choice(["pause", "pause", "cancel", "create_invoice"])
        return {"trial_period_days": 14, "trial_settings": {"end_behavior": {"missing_payment_method": without_card}}}

    def use_card(self, card: str) -> None:
        method = self.ask("post", f"payment_methods/pm_card_{card}/attach", customer=self.customer)["id"]
        self.ask("post", f"customers/{self.customer}", invoice_settings={"default_payment_method": method})

    def happen(self, deeds: Deeds | None = None) -> bool:
        """Whether something did."""
        deeds = deeds or (TEAMS_DEEDS if self.is_team else DEEDS)
        deed = self.chance.choices(list(deeds), list(deeds.values()))[0]
        return self._do(deed)

    def _do(self, deed: Callable[["Life"], None]) -> bool:
        with self.world.dying(40):
            try:
                deed(self)
            except REFUSED as refused:
                self.story.append(f"{deed.__name__} refused ({str(refused)[:40]})")
            else:
                self.story.append(deed.__name__)
                self.world.seen[f"deed: {deed.__name__}"] += 1
                return deed is not nothing
        return False

    def judge(self, moment: str) -> bool:
        """Whether it is wrong now."""
        expected, line = self._right()
        self.world.seen[f"line: {line}"] += 1
        self.world.seen[f"judged: {moment}"] += 1
        found = (terms(self), [self._reads_until(when) for when in self._moments(expected[0])])
        if found == expected:
            return False
        told = {"seed": self.world.seed, "moment": moment, "story": self.story, "line": line, "right": expected, "found": found}
        print(json.dumps(told), flush=True)
        return True

    def _right(self) -> tuple[Expected, str]:
        with self.world.till.books(self.world.now) as books:
            subscription = books.get(self.subscription, "subscription")
            invoices = list(books.newest("invoice", parent=self.subscription))
            charges = [
                {**charge, "_invoice": invoice["id"]}
                for invoice in invoices
                for payment in books.newest("invoice_payment", parent=invoice["id"])
                for charge in books.newest("charge", parent=payment["payment"]["payment_intent"])
            ]
            found = right_standing.right(subscription, invoices, charges, books.all("refund"), books.all("dispute"))
        item = subscription["items"]["data"][0]
        team = item["price"]["metadata"]["team"] == "yes"
        carried = right_standing.carried(found, team=team, seats=item["quantity"], sitting=len(sitting(self)))
        begins, moments = subscription["start_date"], self._moments(carried)
        reads = [right_standing.reads_until(found, begins=begins, at=moment) if carried else None for moment in moments]
        return (carried, reads), f"{found.line}{' (team)' if team else ''}"

    def _moments(self, carried: list[tuple[str, int, str]]) -> list[int]:
        """Now, and on both sides of where the term and its grace end."""
        ends = {until for _, until, _ in carried}
        return [self.world.now, *(end + past for end in ends for past in (-1, 0, right_standing.GRACE - 1, right_standing.GRACE))]

    def _reads_until(self, moment: int) -> int | None:
        at = datetime.fromtimestamp(moment, UTC)
        held = held_by(self.reader, at=at, grace_days=rules().grace_days).entitled_until
        return int(held.timestamp()) if held else None
