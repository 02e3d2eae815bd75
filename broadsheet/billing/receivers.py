"""What is on offer changed: the page of plans is printed again."""

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from broadsheet.billing.models import Coupon, Plan, Price, SellingRules
from broadsheet.billing.plans import KEY
from broadsheet.kit import clock
from broadsheet.press import actions as press
from broadsheet.press.tasks import wake


@receiver([post_save, post_delete], sender=Plan)
@receiver([post_save, post_delete], sender=Price)
@receiver([post_save, post_delete], sender=Coupon)
@receiver(post_save, sender=SellingRules)
def print_the_plans(sender: object, **_: object) -> None:
    transaction.on_commit(_print_again)


def _print_again() -> None:
    press.stale({KEY}, at=clock.now())
    wake()
