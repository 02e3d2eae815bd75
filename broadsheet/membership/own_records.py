"""What membership, and the apps of others that stand below it, hold of a reader."""

from django.db.models import Q

from broadsheet.mailroom.folding import folded, seals
from broadsheet.membership.records import ERASURE, Fate, Table, register

WORK = "It is of somebody’s work at the desk; staff are let go there first."

METER = (
    "A hash of your address, from which nobody can read it, with the articles that it opened this month, so that those that are "
    "free are given once."
)
DEED = "What our staff did to the account, by day and deed, so that nobody here can hide what they did."
NO_MORE = (
    "That your address is not to be written to, since mail to it came back or was not wanted: by a seal from which nobody can "
    "read the address."
)
GONE = "That an account was erased, and when, without a name."

register(
    Table("account.EmailAddress", "user", Fate.DELETED, "addresses"),
    Table("membership.Allowance", "readers", Fate.KEPT, "allowance", METER),
    Table("membership.Opening", "allowance__readers", Fate.KEPT, "openings", METER),
    Table("membership.Consent", "reader", Fate.DELETED, "consents"),
    Table("membership.Term", "reader", Fate.DELETED, "terms"),
    Table("membership.Seat", "reader", Fate.DELETED, "seats"),
    Table("membership.Seat", "address", Fate.DELETED, "invitations", by_address=True),
    Table("membership.Gift", "reader", Fate.DELETED, "gifts"),
    Table("membership.Device", "reader", Fate.DELETED, "devices", secret=frozenset({"session_key"})),
    Table("membership.Reading", "reader_id", Fate.UNLINKED, "readings", secret=frozenset({"key"})),
    Table("membership.Knock", "address", Fate.DELETED, "knocks", by_address=True, secret=frozenset({"code_hash", "link_hash"})),
    Table("membership.Revocation", "reader_id", Fate.PASSES, why="Numbers by which old passes end; gone after a day."),
    Table(ERASURE, "reader", Fate.KEPT, "erasure", GONE),
    Table("mailroom.Dispatch", "to", Fate.DELETED, "mails", by_address=True),
    Table(
        "mailroom.Return", "address", Fate.DELETED, "mails-that-came-back", by_address=True, spellings=lambda own: [folded(own)]
    ),
    Table(
        "mailroom.Suppression",
        "address_seal",
        Fate.KEPT,
        "mails-stopped",
        NO_MORE,
        frozenset({"address_seal"}),
        by_address=True,
        told=Q(lifted_at=None),
        spellings=seals,
    ),
    Table("mfa.Authenticator", "user", Fate.DELETED, "second-factors", secret=frozenset({"data"})),
    Table("membership.Deed", "reader", Fate.KEPT, "deeds", DEED, frozenset({"by", "by_address"})),
    Table("membership.Deed", "by", Fate.KEPT, why=WORK),
    Table("membership.Reader_groups", "reader", Fate.DELETED, why=WORK),
    Table("membership.Reader_user_permissions", "reader", Fate.DELETED, why=WORK),
)
