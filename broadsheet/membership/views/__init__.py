"""The readers' doors: joining (which is logging in too), leaving, the account, and the doors of others that stay shut."""

from broadsheet.membership.views.account import account, leave, note
from broadsheet.membership.views.devices import devices
from broadsheet.membership.views.gifts import before_giving, gifts, give, given
from broadsheet.membership.views.groups import group, join_group
from broadsheet.membership.views.joining import code, join, link
from broadsheet.membership.views.looking import begin_look, end_look
from broadsheet.membership.views.passkeys import passkey, passkey_login
from broadsheet.membership.views.rights import erase, erased, export
from broadsheet.membership.views.shut import desk_login, shut

__all__ = [
    "account",
    "before_giving",
    "begin_look",
    "code",
    "desk_login",
    "devices",
    "end_look",
    "erase",
    "erased",
    "export",
    "gifts",
    "give",
    "given",
    "group",
    "join",
    "join_group",
    "leave",
    "link",
    "note",
    "passkey",
    "passkey_login",
    "shut",
]
