"""The addresses of the readers' doors, to be included at the root, before Wagtail's `admin/` and allauth's `accounts/`.

It shadows what those two bring along and must stay shut: the desk's own log in, log out and password reset (they pass the second
factor by), and allauth's log in, signing up, log out and passwords (they pass /join/ by). Of allauth there remain: email/ and
confirm-email/ (a new address), reauthenticate/, inactive/ and all of 2fa/.
"""

from django.urls import path, re_path

from broadsheet.membership import views

urlpatterns = [
    path("join/", views.join, name="join"),
    path("join/code/", views.code, name="join-code"),
    path("join/link/<str:token>/", views.link, name="join-link"),
    path("join/passkey/", views.passkey),
    path("accounts/2fa/webauthn/login/", views.passkey_login),
    path("leave/", views.leave, name="leave"),
    path("account/", views.account, name="account"),
    path("account/note/", views.note),
    path("account/gifts/", views.gifts),
    path("gift/", views.give),
    path("gift/of/<path:article>", views.before_giving),
    path("gift/<str:token>/", views.given),
    path("account/devices/", views.devices),
    path("account/group/", views.group),
    path("group/join/<str:token>/", views.join_group),
    path("looking/end/", views.end_look),
    path("account/erase/", views.erase),
    path("account/erased/", views.erased),
    path("account/export/", views.export),
    path("admin/login/", views.desk_login),
    path("admin/logout/", views.leave),
    re_path(r"^admin/password_reset/.*$", views.shut),
    re_path(r"^accounts/(?:login|signup|password)/.*$", views.shut),
    path("accounts/logout/", views.leave),
]
