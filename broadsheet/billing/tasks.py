"""Errands of billing. All may run twice, late or not at all: what Stripe has now decides."""

from django_tasks import task

from broadsheet.billing import actions
from broadsheet.billing.actions.closing import end_what_erased_readers_hold
from broadsheet.billing.actions.gifts import settle_years as settle
from broadsheet.billing.models import Notice
from broadsheet.kit import clock


@task()
def heed(notice_id: int) -> bool:
    notice = Notice.objects.filter(pk=notice_id).first()
    return notice is None or actions.heed(notice, at=clock.now())


@task()
def heed_waiting() -> int:
    return actions.heed_waiting(at=clock.now())


@task(queue_name="long")
def sweep() -> int:
    at = clock.now()
    return actions.sweep(at=at) + end_what_erased_readers_hold(at=at) + actions.settle_coupons(at=at)


@task()
def settle_years() -> int:
    return settle(at=clock.now())


@task()
def settle_coupons() -> int:
    return actions.settle_coupons(at=clock.now())
