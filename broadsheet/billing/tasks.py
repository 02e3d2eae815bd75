"""Errands of billing. All may run twice, late or not at all: what Stripe has now decides.

Whatever asks Stripe stands in a queue of its own, or among what may take long: a slow answer holds up no mail and no page.
"""

from django_tasks import task

from broadsheet.billing import actions
from broadsheet.billing.actions import addressing, closing
from broadsheet.billing.actions.given import go_on_paying_back
from broadsheet.billing.actions.given_years import settle_years as settle
from broadsheet.billing.actions.lapsing import tell_whose_grace_is_over
from broadsheet.billing.actions.writing import remind as remind_of_renewals
from broadsheet.billing.models import Notice
from broadsheet.kit import clock

STRIPE = "stripe"


@task(queue_name=STRIPE)
def heed(notice_id: int) -> bool:
    notice = Notice.objects.filter(pk=notice_id).first()
    return notice is None or actions.heed(notice, at=clock.now())


@task(queue_name=STRIPE)
def heed_waiting() -> int:
    return actions.heed_waiting(at=clock.now())


@task(queue_name="long")
def sweep() -> int:
    return actions.sweep(at=clock.now())


@task(queue_name="long")
def tell_addresses() -> int:
    return addressing.tell_addresses()


@task(queue_name="long")
def remind() -> int:
    at = clock.now()
    return remind_of_renewals(at=at) + tell_whose_grace_is_over(at=at)


@task(queue_name=STRIPE)
def end_what_erased_readers_hold() -> int:
    return closing.end_what_erased_readers_hold(at=clock.now())


@task(queue_name=STRIPE)
def settle_years() -> int:
    at = clock.now()
    go_on_paying_back(at=at)
    return settle(at=at)


@task(queue_name=STRIPE)
def settle_coupons() -> int:
    return actions.settle_coupons(at=clock.now())
