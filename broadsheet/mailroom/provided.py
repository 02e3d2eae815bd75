"""Which mail providers can be named in the settings, and what Anymail has to know of each. Loads none of them."""

from dataclasses import dataclass
from typing import Any

MARK = "mark"  # under which a provider is told a delivery's mark, and says it again in what it tells


@dataclass(frozen=True, slots=True)
class Provider:
    """`key`, `signing`: Anymail's names of our two settings; `signing` "": its notices bear no signature. `more`: what else it is
    told."""

    module: str
    view: str
    key: str
    signing: str = ""
    more: tuple[tuple[str, str], ...] = ()

    @property
    def backend(self) -> str:
        return f"anymail.backends.{self.module}.EmailBackend"

    @property
    def door(self) -> str:
        """The view that hears its notices."""
        return f"anymail.webhooks.{self.module}.{self.view}TrackingWebhookView"

    def told(self, *, key: str, signing: str, secret: str) -> dict[str, Any]:
        """Anymail's settings. Without a secret there is no door to hear by."""
        return {self.key: key, **({self.signing: signing} if self.signing else {}), **dict(self.more), "WEBHOOK_SECRET": secret}


EU = (("MAILGUN_API_URL", "https://api.eu.mailgun.net/v3"),)

PROVIDERS = {
    "brevo": Provider("brevo", "Brevo", "BREVO_API_KEY"),
    "mailersend": Provider("mailersend", "MailerSend", "MAILERSEND_API_TOKEN", "MAILERSEND_SIGNING_SECRET"),
    "mailgun": Provider("mailgun", "Mailgun", "MAILGUN_API_KEY", "MAILGUN_WEBHOOK_SIGNING_KEY"),
    "mailgun-eu": Provider("mailgun", "Mailgun", "MAILGUN_API_KEY", "MAILGUN_WEBHOOK_SIGNING_KEY", EU),
    "postmark": Provider("postmark", "Postmark", "POSTMARK_SERVER_TOKEN"),
    "resend": Provider("resend", "Resend", "RESEND_API_KEY"),
    "sparkpost": Provider("sparkpost", "SparkPost", "SPARKPOST_API_KEY"),
}
