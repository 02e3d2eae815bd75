"""An edition that is due, with whoever signed up for it, and somebody who takes its letters."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from broadsheet.mailroom.smtp_lane import Fate, Outcome, Step
from broadsheet.newsletters.actions import going_out, making
from broadsheet.newsletters.delivering import Sender, deliver
from broadsheet.newsletters.ledger import Ledger
from broadsheet.newsletters.models import Delivery, Edition, Signup
from broadsheet.newsletters.typesetting import Printed

TAKEN = Outcome(Fate.ACCEPTED, Step.BODY, 250, "ok")


class Postman:
    """Takes letters as its `answers` say, the last of them for ever; `bag` holds what it took."""

    def __init__(self, *answers):
        self.bag, self.answers = [], list(answers) or [TAKEN]

    def __call__(self, edition, cuts):
        self.cuts = cuts
        return self

    def carry(self, letter, *, at):
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not isinstance(answer, Outcome):
            raise answer
        if answer.fate in (Fate.ACCEPTED, Fate.UNKNOWN):
            self.bag.append((letter.to, letter.cut))
        return answer


def typeset(composed, cut):
    return Printed(composed.subject, "", f"<p>{cut}</p>", str(cut), 1, ())


class Office:
    def __init__(self, newsletter, at, printed, folder):
        self.newsletter, self.folder = newsletter, folder
        making.open_editions(at=at, zone=ZoneInfo("Europe/London"))
        printed(headline="In it")
        self.edition = Edition.objects.get(goes_on=date(2026, 3, 3))
        self.at, self.ledger = self.edition.due_at, Ledger(folder / "begun")

    def sign_up(self, *readers):
        for reader in readers:
            Signup.objects.create(
                reader=reader, newsletter=self.newsletter, text_shown="x", asked_at=self.at, confirmed_at=self.edition.opened_at
            )

    def begin(self):
        troubles = going_out.Troubles()
        going_out.begin_due(typeset=typeset, ledger=self.ledger, troubles=troubles, at=self.at)
        troubles.raise_all()
        going_out.list_recipients(self.edition, at=self.at)

    def deliver(self, postman, *, holder="one", seconds=60, roads=None, stopping=lambda: False):
        sender = Sender(holder, lambda: self.at, roads, stopping)
        until = self.at + timedelta(seconds=seconds)
        return sum(deliver(self.edition.pk, carrier_of=postman, sender=sender, ledger=self.ledger, until=until))

    def row(self, reader):
        return Delivery.objects.get(reader=reader)
