"""The demo's way back from the desk."""

from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_menu_item")
def way_to_the_demo() -> MenuItem:
    return MenuItem("The demo", "/demo/", icon_name="user", order=10_000)
