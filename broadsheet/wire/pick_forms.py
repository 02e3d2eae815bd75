"""The forms in which a curator writes a pick and its day. They know what was shown, so that each saves only what they changed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from broadsheet.newsroom.models import Country, Issue
from broadsheet.wire.actions.picking import TIES
from broadsheet.wire.models import Pick, Rival

NOTE_HINT = 280  # characters, of which a reader sees at a glance what a piece is worth
Sent = Mapping[str, Any] | None


class NamesField(forms.CharField):
    """Countries or issues, written by name with commas between; a country by its code too."""

    def __init__(self, model: type[Country] | type[Issue], **kwargs: Any) -> None:
        super().__init__(required=False, max_length=1_000, **kwargs)
        self.model = model

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else ", ".join(row.name for row in value)

    def to_python(self, value: Any) -> Any:
        names = [name.strip() for name in str(value or "").split(",") if name.strip()]
        found = [self._named(name) for name in names]
        if unknown := [name for name, row in zip(names, found, strict=True) if row is None]:
            raise ValidationError(f"The desk knows no {self.model._meta.verbose_name} called {', '.join(unknown)}.")
        return sorted(found, key=lambda row: row.pk)

    def _named(self, name: str) -> Any:
        row = self.model._default_manager.filter(name__iexact=name).first()
        return row or (Country.objects.filter(code__iexact=name).first() if self.model is Country else None)

    def validate(self, value: Any) -> None:
        """Rows are what it wants."""

    def run_validators(self, value: Any) -> None:
        """The same."""


class NoteField(forms.CharField):
    def to_python(self, value: Any) -> Any:
        return str(super().to_python(value)).replace("\r\n", "\n")


class LineField(forms.CharField):
    def to_python(self, value: Any) -> Any:
        return " ".join(str(super().to_python(value)).split())


def _small(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs=attrs)


class Remembering(forms.Form):
    """Knows what stood in its fields when the page was made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    @property
    def was(self) -> list[str]:
        """Hidden fields that say it, for the page."""
        return [self[name].as_hidden(only_initial=True) for name in self.fields]

    @property
    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data}

    @property
    def shown(self) -> dict[str, Any]:
        """What stood in what was changed."""
        return {name: self._shown(name) for name in self.changed_data}

    def _shown(self, name: str) -> Any:
        said = self.data.get(self.add_initial_prefix(name), "")
        try:
            value: Any = self.fields[name].to_python(said)
        except ValidationError:
            return said
        return [row.pk for row in value] if name in TIES else value


class Credited(Remembering):
    """To whom a piece belongs, as pages print it."""

    headline = forms.CharField(max_length=300)
    outlet = forms.CharField(max_length=120)
    author = forms.CharField(max_length=200, required=False)
    published_on = forms.DateField(
        label="Published on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    language = forms.CharField(
        max_length=12, required=False, widget=_small(size=6), help_text="Its code, such as “fr” for French. Empty: English."
    )
    paywalled = forms.BooleanField(label="Paywalled there", required=False)


class PickForm(Credited):
    note = NoteField(required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))
    url = forms.URLField(label="Address", max_length=2_000, assume_scheme="https")
    minutes = forms.IntegerField(label="Minutes to read", min_value=1, max_value=600, required=False)
    countries = NamesField(Country, help_text="With commas between.")
    issues = NamesField(Issue, help_text="With commas between.")

    field_order = ("note", "headline", "url", "outlet", "author", "published_on", "minutes", "language")

    @property
    def apart(self) -> list[forms.BoundField]:
        """All but the note, which stands open."""
        return [field for field in self if field.name != "note"]


def form_of(pick: Pick, sent: Sent = None) -> PickForm:
    """Bound only where its pick was on the page that was sent."""
    prefix = f"p{pick.pk}"
    bound = sent if sent is not None and f"{prefix}-note" in sent else None
    return PickForm(bound, prefix=prefix, initial=said_by(pick))


def note_form_of(pick: Pick, sent: Sent = None) -> PickForm:
    """The note alone, as it stands beside the stories."""
    form = form_of(pick, sent)
    form.fields = {"note": form.fields["note"]}
    return form


def said_by(pick: Pick) -> dict[str, Any]:
    said = {name: getattr(pick, name) for name in PickForm.base_fields if name not in TIES}
    return {**said, **{name: sorted(getattr(pick, name).all(), key=lambda row: row.pk) for name in TIES}}


def form_of_rival(rival: Rival, sent: Sent = None) -> Credited:
    """Bound only where it was on the page that was sent."""
    prefix = f"r{rival.pk}"
    bound = sent if sent is not None and f"{prefix}-headline" in sent else None
    return Credited(bound, prefix=prefix, initial=said_by_rival(rival))


def said_by_rival(rival: Rival) -> dict[str, Any]:
    return {name: getattr(rival, name) for name in Credited.base_fields}


class DayForm(Remembering):
    title = forms.CharField(max_length=200, required=False)
    standfirst = LineField(required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    introduction = NoteField(required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}))


class RefusalForm(forms.Form):
    address = forms.CharField(
        max_length=2_000,
        label="Address, or outlet",
        help_text="Of a piece, or the name of an outlet’s site, such as outlet.example: all that stands below it goes.",
    )
    reason = forms.CharField(max_length=300, required=False, help_text="Who asked, and when. Only the desk sees it.")
