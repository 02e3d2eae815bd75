"""allauth, as this house uses it: its mail goes through the mail room, and who logs in is handed a pass."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse

from broadsheet.kit import clock
from broadsheet.mailroom.actions import post
from broadsheet.membership import papers, queries
from broadsheet.membership.actions.devices import keep_device
from broadsheet.membership.models import Reader
from broadsheet.membership.origin import client_address
from broadsheet.membership.sealing import seal, unseal

# What allauth tells a reader by mail, in our words. Its other mails belong to doors that are closed here.
NOTICES = {
    "account/email/email_changed": "Its address was changed from {from_email} to {to_email}.",
    "account/email/email_deleted": "The address {deleted_email} was removed from it.",
    "account/email/account_already_exists": "Somebody asked to add this address to an account, but it already has one.",
    "mfa/email/totp_activated": "An authenticator app is now its second factor.",
    "mfa/email/totp_deactivated": "An authenticator app is no longer its second factor.",
    "mfa/email/recovery_codes_generated": "New recovery codes were made for it; the old ones no longer work.",
    "mfa/email/webauthn_added": "A passkey or security key was added to it.",
    "mfa/email/webauthn_removed": "A passkey or security key was removed from it.",
}
CONFIRMATIONS = ("account/email/email_confirmation", "account/email/email_confirmation_signup")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "Too many attempts. Wait five minutes, and try again.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        at = clock.now()  # noqa: TID251 - allauth's doors call this, and hand no clock on
        if template_prefix in CONFIRMATIONS:
            post(kind="new-address", to=email, context={"code": context["code"]}, at=at)
            return
        if template_prefix not in NOTICES:
            raise ClosedDoor(f"{template_prefix} is written by a door of allauth that is closed here.")
        sentence = NOTICES[template_prefix].format(**{name: str(value) for name, value in context.items()})
        post(kind="account-notice", to=email, context={"sentence": sentence}, at=at)

    def post_login(self, request: HttpRequest, user: Reader, **kwargs: Any) -> HttpResponse:
        """All factors given: the session exists, so the pass can be made for it."""
        generation = queries.generation()
        response: HttpResponse = super().post_login(request, user, **kwargs)
        response.status_code = 303
        at = clock.now()  # noqa: TID251
        reader = get_user(request)  # anew: a revocation up to that generation may have changed or ended what `user` says
        if not isinstance(reader, Reader):
            papers.hand_over(response, papers.taken_back())
            return response
        keep_device(reader, request.session.session_key or "", agent=request.headers.get("User-Agent", ""), at=at)
        holding = queries.holding_of(reader, at=at, generation=generation)
        a_pass = papers.pass_of(reader, holding, session_key=request.session.session_key or "", at=at)
        handed = (*papers.of_reader(reader, holding, a_pass, at=at), papers.first_article_had(), papers.arrived())
        papers.hand_over(response, handed)
        return response

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No messages: the page that one lands on says what happened, and pressed pages could not show them."""

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The passkey first where there is no app: who has one seldom has recovery codes at hand."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists():
            return ways
        return sorted(ways, key=lambda way: way["id"] != "mfa_reauthenticate:webauthn")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Readers come in by /join/."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)


class FactorAdapter(DefaultMFAAdapter):
    """A passkey carries the publication's name, and one of its own by which its reader tells it from others."""

    def _get_site_name(self) -> str:
        return str(settings.PUBLICATION_NAME)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"Passkey {number}" if number > 1 else "My passkey"

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)


class ClosedDoor(Exception):
    """A flow of allauth ran that this house does not offer."""
