"""What a newsletter says of itself changed at the desk: the pages that show it are printed again. Who registers begins one."""

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from broadsheet.kit import clock
from broadsheet.membership.signals import registered
from broadsheet.newsletters.actions.signing_up import take_up_consents
from broadsheet.newsletters.actions.taking_down import take_down
from broadsheet.newsletters.models import Newsletter, NewsletterRules, Slot
from broadsheet.newsletters.pages import PRIVACY_KEY, keys_of
from broadsheet.press import actions as press
from broadsheet.press.tasks import wake
from broadsheet.wire.signals import refused


@receiver([post_save, post_delete], sender=Newsletter)
@receiver(m2m_changed, sender=Newsletter.regions.through)
def print_a_newsletter(sender: object, instance: object, **_: object) -> None:
    if isinstance(instance, Newsletter):
        _print_again(instance.pk)


@receiver([post_save, post_delete], sender=Slot)
def print_its_editions(sender: object, instance: Slot, **_: object) -> None:
    _print_again(instance.newsletter_id)


@receiver(post_save, sender=NewsletterRules)
def print_what_mail_tells(sender: object, **_: object) -> None:
    transaction.on_commit(lambda: _stale({PRIVACY_KEY}))


def _print_again(newsletter_id: int) -> None:
    transaction.on_commit(lambda: _stale(keys_of(newsletter_id) | {"front"}))


def _stale(keys: set[str]) -> None:
    press.stale(keys, at=clock.now())
    wake()


@receiver(registered)
def begin_what_comes_with_registering(reader_id: int, **_: object) -> None:
    take_up_consents(at=clock.now(), reader_id=reader_id)


@receiver(refused)
def take_down_what_is_refused(refusal_id: int, **_: object) -> None:
    for newsletter_id in take_down(refusal_id):
        _print_again(newsletter_id)
