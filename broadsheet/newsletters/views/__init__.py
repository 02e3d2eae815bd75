"""The readers' doors to newsletters: signing up, choosing with and without logging in, and leaving."""

from broadsheet.newsletters.views.choosing import account_newsletters, preferences
from broadsheet.newsletters.views.leaving import leave
from broadsheet.newsletters.views.signing_up import confirm, sign_up

__all__ = ["account_newsletters", "confirm", "leave", "preferences", "sign_up"]
