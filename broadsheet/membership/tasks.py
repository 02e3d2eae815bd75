"""What the worker does for membership, each as often as the house's clock says."""

from django.conf import settings
from django_tasks import task

from broadsheet.kit import clock
from broadsheet.membership import actions
from broadsheet.membership.actions.devices import forget_devices
from broadsheet.membership.actions.erasing import finish_erasures
from broadsheet.membership.actions.factors import seal_factors
from broadsheet.membership.actions.groups import tell_whose_grace_is_over
from broadsheet.membership.actions.history import unname_readings
from broadsheet.membership.actions.standing import queue_again


@task()
def fold_readings() -> int:
    return actions.fold_readings(settings.SPOOL)


@task()
def sweep() -> int:
    """Erase whoever still waits for it; forget what no longer matters: old revocations, addresses never confirmed, visitors of
    past months, ended devices, gifts long over. Unname what was folded in while its reader switched the history off.
    Seal second factors under the newest secret. Write to whoever read by a team until its days of grace were over, and put what
    was given behind all else again."""
    at = clock.now()
    tell_whose_grace_is_over(at=at)
    queue_again(at=at)
    unname_readings()
    seal_factors()
    forgotten = actions.forget_revocations(at=at) + actions.forget_knocks(at=at) + actions.forget_visitors(at=at)
    return forgotten + forget_devices(at=at) + finish_erasures(at=at) + actions.forget_gifts(at=at)
