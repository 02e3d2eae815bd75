"""The wire's desk: what the world's press tells, story by story.

Contexts:
desk/wire.html          `stories` (on_desk.Shown), `asked` (asked.Asked), `choices` (on_desk.Choices), `total`, `change`, `hours`
                        (later.Hour), `more` (address of the next page, empty on the last), `may_work`, `may_pick`, `has_ours`
                        (something is among our own), `may_choose` (what is)
desk/wire-stories.html  `stories`, `more`, `may_work`, `may_pick`, `asked`
desk/wire-one.html      `shown`, `asked`, `change`, `hours`, `may_work`, `may_pick`
desk/wire-story.html    `shown`, `asked`, `may_work`, `may_pick`, `whole` (all of its pieces stand there, unfolded)
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from broadsheet.kit import clock
from broadsheet.kit.counting import last_number
from broadsheet.membership.models import Reader
from broadsheet.membership.queries import zone
from broadsheet.wire import asked as asking
from broadsheet.wire import buttons, later, on_desk
from broadsheet.wire.actions import editing, picking
from broadsheet.wire.actions.counting import our_subjects
from broadsheet.wire.asked import Asked
from broadsheet.wire.buttons import Pressed
from broadsheet.wire.models import Story
from broadsheet.wire.queries import living

TO_SEE, TO_WORK, TO_PICK = "wire.view_story", "wire.change_story", "wire.change_dayoflinks"
TO_CHOOSE = "wire.change_wirerules"
MOST_SEEN = 500  # in one post


def refuse_who_may_not(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(right):
        raise PermissionDenied


@never_cache
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """With `part=stories` only the stories: what stands below those that a page has."""
    refuse_who_may_not(request, TO_SEE)
    at, asked, change = clock.now(), asking.read(request.GET.dict()), last_number("wire")
    stories = on_desk.asked_for(asked, _by(request), at=at)
    page = list(on_desk.in_order(stories, asked)[: on_desk.A_PAGE + 1])
    names = on_desk.names_of_subjects()
    shown = on_desk.shown(page[: on_desk.A_PAGE], _by(request), asked, names=names, at=at)
    below = shown[-1].place if len(page) > on_desk.A_PAGE else None
    context = {"stories": shown, "more": _address(asked.behind(below)) if below else "", **_common(request, asked)}
    if request.GET.get("part") == "stories":
        return render(request, "desk/wire-stories.html", context)
    context |= {
        "choices": on_desk.choices(asked, names=names, at=at),
        "total": stories.count(),
        "change": change,
        "hours": later.hours(at=at, zone=zone()),
        "has_ours": not asked.ours or bool(our_subjects()),
        "may_choose": request.user.has_perm(TO_CHOOSE),
    }
    return render(request, "desk/wire.html", context)


@never_cache
@require_safe
def one(request: HttpRequest, story_id: int) -> HttpResponse:
    """All pieces of a story. Whoever comes by the number of one that was merged is led to where it lives on."""
    refuse_who_may_not(request, TO_SEE)
    story, at, asked, change = living(story_id), clock.now(), asking.read(request.GET.dict()), last_number("wire")
    if story is None:
        raise Http404
    if story.pk != story_id:
        return redirect("wire_story", story.pk)
    names = on_desk.names_of_subjects()
    [shown] = on_desk.shown([story], _by(request), asked, names=names, at=at, whole=True)
    hours = later.hours(at=at, zone=zone())
    context = {"shown": shown, "change": change, "hours": hours, "whole": True, **_common(request, asked)}
    return render(request, "desk/wire-one.html", context)


@never_cache
@require_safe
def since(request: HttpRequest, change: int) -> HttpResponse:
    """What became other since that change. Nothing: 204, by one number read."""
    refuse_who_may_not(request, TO_SEE)
    newest = last_number("wire")
    if newest <= change:
        return HttpResponse(status=204)
    return JsonResponse(_since(request, asking.read(request.GET.dict()), change, newest))


@never_cache
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """`seen`: "story:items", of each that an editor has looked at."""
    refuse_who_may_not(request, TO_SEE)
    editing.see(_by(request), dict(sorted(_pairs(request.POST.getlist("seen")[:MOST_SEEN]))))  # of several the most
    return HttpResponse(status=204)


@never_cache
@require_POST
def do(request: HttpRequest) -> HttpResponse:
    """A button. A page that asks for JSON is told what became other since; any other is led back to where it was."""
    sent = request.POST
    written, marked, items = sent.get("do", ""), sent.getlist("marked"), sent.getlist("items")
    pressed = Pressed.read(written, marked=marked, items=items, until=sent.get("until", ""))
    refuse_who_may_not(request, TO_PICK if pressed.verb in buttons.PICKING else TO_WORK)
    said, is_done = _work(request, pressed)
    asked = asking.read(QueryDict(sent.get("asked", "")).dict())
    if request.accepts("text/html"):
        (messages.success if is_done else messages.warning)(request, said)
        return redirect(_back(asked, sent.get("from", "")))
    change = asking.number(sent.get("change", ""))
    return JsonResponse({**_since(request, asked, change, last_number("wire")), "done": is_done, "answer": said})


def _work(request: HttpRequest, pressed: Pressed) -> tuple[str, bool]:
    """What is to be said, and whether it was done."""
    by, at = _by(request), clock.now()
    try:
        return buttons.work(pressed, by=by, at=at, zone=zone()), True
    except editing.Meanwhile as trouble:
        if pressed.verb == "undo":
            editing.pass_over(by=by)
        return str(trouble), False
    except (picking.IsRefused, picking.NotAPage) as trouble:
        return str(trouble), False


def _since(request: HttpRequest, asked: Asked, change: int, newest: int) -> dict[str, Any]:
    at, by = clock.now(), _by(request)
    found = on_desk.since(change, newest, asked, by, at=at)
    names = on_desk.names_of_subjects() if found.stories else {}
    shown = on_desk.shown(found.stories, by, asked, names=names, at=at) if found.stories else []
    common = _common(request, asked)
    return {
        "change": found.change,
        "stories": [
            {
                "id": one.story.pk,
                "place": one.place.place,
                "unseen": one.is_new,
                "html": render_to_string("desk/wire-story.html", {"shown": one, **common}),
            }
            for one in shown
        ],
        "gone": list(found.gone),
        "total": on_desk.asked_for(asked, by, at=at).count(),
        "said": list(found.said),
        "more": not found.is_all,
    }


def _common(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    rights = {"may_work": request.user.has_perm(TO_WORK), "may_pick": request.user.has_perm(TO_PICK)}
    return {"asked": asked, **rights}


def _pairs(said: Iterable[str]) -> Iterable[tuple[int, int]]:
    for one in said:
        story, _, items = one.partition(":")
        number, count = asking.number(story), asking.number(items)
        if number and 0 < count < 1_000_000:
            yield number, count


def _address(asked: Asked) -> str:
    return f"{reverse('wire')}?{asked.parameters}".rstrip("?")


def _back(asked: Asked, story: str) -> str:
    """To the list; to a story's own page if the button stood there, wherever it lives by now."""
    there = Story.objects.filter(pk=asking.number(story)).exists()
    return reverse("wire_story", args=[asking.number(story)]) if there else _address(asked)


def _by(request: HttpRequest) -> Reader:
    assert isinstance(request.user, Reader)
    return request.user
