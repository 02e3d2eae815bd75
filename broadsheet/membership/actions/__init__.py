"""What membership does: one verb, one transaction. Other rooms import from here."""

from broadsheet.membership.actions.deeds import ExtendedAlready, WithoutEnd, extend_term, give_comp_on_the_desk, record_deed
from broadsheet.membership.actions.gifts import forget_gifts
from broadsheet.membership.actions.groups import empty_group, leave_groups, record_group, take_seat
from broadsheet.membership.actions.institutions import record_institution, record_networks, remove_institution
from broadsheet.membership.actions.joining import (
    AccountClosed,
    Begun,
    CodeSpent,
    WrongCode,
    answer_by_code,
    answer_by_link,
    begin,
    begin_again,
    confirm,
    confirm_address,
    forget_knocks,
)
from broadsheet.membership.actions.metering import allowance_of, open_story
from broadsheet.membership.actions.readings import fold_readings
from broadsheet.membership.actions.sessions import end_sessions, forget_revocations, revoke
from broadsheet.membership.actions.standing import end_term, engage, forget_term, give_comp, keep_term, readdress, record_term
from broadsheet.membership.actions.visiting import forget_visitors, merge_visitor, open_as_visitor

__all__ = [
    "AccountClosed",
    "Begun",
    "CodeSpent",
    "ExtendedAlready",
    "WithoutEnd",
    "WrongCode",
    "allowance_of",
    "answer_by_code",
    "answer_by_link",
    "begin",
    "begin_again",
    "confirm",
    "confirm_address",
    "empty_group",
    "end_sessions",
    "end_term",
    "engage",
    "extend_term",
    "fold_readings",
    "forget_gifts",
    "forget_knocks",
    "forget_revocations",
    "forget_term",
    "forget_visitors",
    "give_comp",
    "give_comp_on_the_desk",
    "keep_term",
    "leave_groups",
    "merge_visitor",
    "open_as_visitor",
    "open_story",
    "readdress",
    "record_deed",
    "record_group",
    "record_institution",
    "record_networks",
    "record_term",
    "remove_institution",
    "revoke",
    "take_seat",
]
