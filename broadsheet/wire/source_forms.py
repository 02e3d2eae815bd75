"""Forms in which editors say whom we listen to, and how."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from broadsheet.wire.models import Source
from broadsheet.wire.reading.text import plain

MOST_PASTED, MOST_NAME, MOST_FOLDER, MOST_FOUND = 2_000, 120, 120, 40
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", re.ASCII)
AT_ONCE, ONLY_LISTED = "listen", "list"
LISTENING = [(AT_ONCE, "Listen to them at once"), (ONLY_LISTED, "Only put them on the list")]
Sent = Mapping[str, Any] | None


class PlainField(forms.CharField):
    """One line, in which nothing hides: lists that we give away are read by others."""

    def clean(self, value: Any) -> str:
        return plain(str(super().clean(value)), most=self.max_length or MOST_NAME)


class PasteForm(forms.Form):
    address = forms.CharField(
        label="Address",
        max_length=MOST_PASTED,
        help_text="Of an outlet’s site, of a page in it, or of its feed.",
        widget=forms.TextInput(attrs={"placeholder": "https://", "inputmode": "url", "autocapitalize": "none"}),
    )


class ListingForm(forms.Form):
    """Whether what is listed is listened to as well, where it is put, and how much it says."""

    folder = PlainField(max_length=MOST_FOLDER, required=False, widget=forms.TextInput(attrs={"list": "folders"}))
    standing = forms.TypedChoiceField(choices=Source.Standing.choices, coerce=int, initial=Source.Standing.NATIONAL)
    listening = forms.ChoiceField(label="And then", choices=LISTENING, initial=AT_ONCE, widget=forms.RadioSelect)


class FoundForm(ListingForm):
    """A tick and a name for each feed that was found; `known` are those on the list already, by place."""

    def __init__(self, sent: Sent, *, feeds: Sequence[Mapping[str, Any]], known: Mapping[int, Source]) -> None:
        super().__init__(sent)
        self.feeds, self.known = feeds, known
        fresh = [place for place in range(len(feeds)) if place not in known]
        for place in fresh:
            title = plain(str(feeds[place]["title"]), most=MOST_NAME)
            self.fields[f"take-{place}"] = forms.BooleanField(required=False, label="Take it", initial=place == fresh[0])
            self.fields[f"name-{place}"] = PlainField(max_length=MOST_NAME, required=False, label="Name", initial=title)

    def clean(self) -> dict[str, Any]:
        stated = dict(super().clean() or {})
        if not any(stated.get(f"take-{place}") for place in range(len(self.feeds))):
            raise ValidationError("Tick a feed first.")
        return stated

    @property
    def has_new(self) -> bool:
        return len(self.known) < len(self.feeds)

    @property
    def common(self) -> list[forms.BoundField]:
        """What holds for all of them."""
        return [self[name] for name in ListingForm.base_fields]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """For the page: each feed with its fields, or with the source that it is already."""
        return [{"feed": feed, "known": self.known.get(place), **self._fields_of(place)} for place, feed in enumerate(self.feeds)]

    def _fields_of(self, place: int) -> dict[str, Any]:
        return {} if place in self.known else {"take": self[f"take-{place}"], "name": self[f"name-{place}"]}

    @property
    def taken(self) -> list[tuple[str, str]]:
        """Address and name of each that was ticked."""
        stated = self.cleaned_data
        places = [place for place in range(len(self.feeds)) if stated.get(f"take-{place}")]
        return [(str(self.feeds[place]["address"]), stated[f"name-{place}"]) for place in places]


class ImportForm(forms.Form):
    file = forms.FileField(label="List", help_text="A file that ends in .opml or .xml, as feed readers export it.")
    listening = forms.ChoiceField(label="And then", choices=LISTENING, initial=ONLY_LISTED, widget=forms.RadioSelect)


class SourceForm(forms.ModelForm[Source]):
    name = PlainField(label="Outlet", max_length=MOST_NAME)
    address = forms.CharField(
        label="Feed", max_length=MOST_PASTED, help_text="At a new address it is asked as if for the first time."
    )
    folder = PlainField(max_length=MOST_FOLDER, required=False, widget=forms.TextInput(attrs={"list": "folders"}))

    class Meta:
        model = Source
        fields = ("name", "address", "folder", "standing", "language", "paywalled")
        help_texts = {
            "standing": "Counts in stories from their next piece on.",
            "language": "Such as en, fr or pt-BR. Empty: as the feed says.",
        }
        widgets = {"paywalled": forms.NullBooleanSelect}

    def clean_language(self) -> str:
        language = str(self.cleaned_data["language"]).strip()
        if language and not _LANGUAGE.fullmatch(language):
            raise ValidationError("Write it as en, fr or pt-BR.")
        return language

    @property
    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data}
