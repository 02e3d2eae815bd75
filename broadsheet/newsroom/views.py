"""The desk's own doors: a draft as one of the cast would meet it, taking back and putting back."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from broadsheet.access.terms import Audience, Cut
from broadsheet.kit import clock
from broadsheet.newsroom import typeset
from broadsheet.newsroom.actions import AlreadyTakenBack, NotTakenBack, put_back, take_back
from broadsheet.newsroom.desk.onlookers import called, met_by
from broadsheet.newsroom.desk.previews import shown_to, with_checks
from broadsheet.newsroom.galleys import galley_of
from broadsheet.newsroom.models import Article
from broadsheet.newsroom.queries import wall_allowance


def preview(article: Article, request: HttpRequest, mode_name: str) -> HttpResponse:
    """The page that would be printed of this draft for the one of the cast whom `mode_name` names."""
    at = clock.now()
    article.dated_at = article.dated_at or article.go_live_at or at
    onlooker, allowance = called(mode_name), wall_allowance()
    galley = replace(galley_of(article, at=at), allowance=allowance)
    decision = met_by(onlooker, story=article.story, audience=Audience(article.audience))
    html = typeset.full(galley) if decision.cut is Cut.FULL else typeset.preview(galley, decision.reason)
    return shown_to(onlooker, with_checks(html, request), allowance=allowance)


GONE = "Readers who ask for it are told that it is gone. It stays on the desk, and can be put back."
BACK = "It stands again at its address, with the text that was taken back."


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text="For the article's history; readers do not see it."
    )


@require_http_methods(["GET", "POST"])
def take_back_view(request: HttpRequest, article_id: int) -> HttpResponse:
    article = _article(request, article_id)
    form = ReasonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _confirm(request, article, form, "Take back", GONE)
    try:
        take_back(article, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"])
        messages.success(request, f"“{article.title}” is taken back.")
    except AlreadyTakenBack as already:
        messages.warning(request, str(already))
    return redirect("wagtailadmin_pages:edit", article.pk)


@require_http_methods(["GET", "POST"])
def put_back_view(request: HttpRequest, article_id: int) -> HttpResponse:
    article = _article(request, article_id)
    if request.method != "POST":
        return _confirm(request, article, None, "Put back", BACK)
    try:
        put_back(article, by=request.user, at=clock.now())
        messages.success(request, f"“{article.title}” is put back.")
    except NotTakenBack as refusal:
        messages.warning(request, str(refusal))
    return redirect("wagtailadmin_pages:edit", article.pk)


def _article(request: HttpRequest, article_id: int) -> Article:
    """Whoever may publish an article may take it back."""
    article: Article = get_object_or_404(Article, pk=article_id).specific
    if not article.permissions_for_user(request.user).can_put_back():
        raise PermissionDenied
    return article


def _confirm(request: HttpRequest, article: Article, form: Any, verb: str, meaning: str) -> HttpResponse:
    return render(request, "desk/confirm.html", {"article": article, "form": form, "verb": verb, "meaning": meaning})
