"""The desk's menu: an item is seen by whoever has a right. What lies behind it asks for that anew."""

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.menu import MenuItem


class ItemFor(MenuItem):
    """`address`: by its name; the item is called the same unless it says otherwise."""

    def __init__(self, right: str, label: str, address: str, *, icon_name: str, order: int, name: str = "") -> None:
        super().__init__(label, reverse(address), name=name or address.replace("_", "-"), icon_name=icon_name, order=order)
        self.right = right

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.right))
