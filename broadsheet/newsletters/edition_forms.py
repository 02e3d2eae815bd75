"""The form in which an editor makes an edition. It knows what was shown, so that each saves only what they changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django import forms

from broadsheet.access.terms import Cut
from broadsheet.newsletters.assembling import Found
from broadsheet.newsletters.models import Edition, Item, Newsletter, Slot
from broadsheet.newsletters.policy import Rhythm

AHEAD, HALF_AN_HOUR = timedelta(days=60), timedelta(minutes=30)
Sent = Mapping[str, Any] | None


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class RememberingForm(forms.Form):
    """Knows what stood in its fields when the page was made."""

    @property
    def was(self) -> list[str]:
        """Hidden fields that say it, for the page."""
        return [self[name].as_hidden(only_initial=True) for name, field in self.fields.items() if field.show_hidden_initial]

    def shown(self, name: str) -> str:
        """What stood in a field when the page was made."""
        return str(self.data.get(self.add_initial_prefix(name), "")).replace("\r\n", "\n")


class WordsForm(RememberingForm):
    subject = forms.CharField(max_length=150, required=False, show_hidden_initial=True)
    preheader = forms.CharField(max_length=200, required=False, show_hidden_initial=True)
    note = forms.CharField(label="Editor’s note", max_length=5_000, required=False, show_hidden_initial=True, widget=_lines(6))

    def clean_note(self) -> str:
        return str(self.cleaned_data["note"]).replace("\r\n", "\n")

    def say_what_stands_if_empty(self, subject: str, preheader: str) -> None:
        """In the fields that are, as a mail program will show it."""
        for name, said in (("subject", subject), ("preheader", preheader)):
            if not self.initial[name]:
                self.fields[name].widget.attrs["placeholder"] = said

    @property
    def changes(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.changed_data}


class ItemForm(RememberingForm):
    """What is said of an article in this edition. Left empty: what it says itself."""

    headline = forms.CharField(max_length=300, required=False, show_hidden_initial=True)
    said = forms.CharField(label="Standfirst", max_length=1_000, required=False, show_hidden_initial=True, widget=_lines(2))


class LinkItemForm(ItemForm):
    headline = forms.CharField(max_length=300, show_hidden_initial=True)
    said = forms.CharField(label="Note", max_length=1_000, required=False, show_hidden_initial=True, widget=_lines(2))
    outlet = forms.CharField(max_length=120, required=False, show_hidden_initial=True)
    author = forms.CharField(max_length=200, required=False, show_hidden_initial=True)
    minutes = forms.IntegerField(min_value=1, max_value=600, required=False, show_hidden_initial=True)
    paywalled = forms.BooleanField(required=False, show_hidden_initial=True)


class LinkForm(forms.Form):
    """A page of another outlet."""

    url = forms.URLField(label="Address", max_length=2_000, assume_scheme="https")
    headline = forms.CharField(max_length=300)
    said = forms.CharField(label="Note", max_length=1_000, required=False, widget=_lines(2))
    outlet = forms.CharField(max_length=120, required=False)
    author = forms.CharField(max_length=200, required=False)
    minutes = forms.IntegerField(min_value=1, max_value=600, required=False)
    paywalled = forms.BooleanField(required=False)

    @property
    def found(self) -> Found:
        return Found(**self.cleaned_data)


class TestForm(forms.Form):
    to = forms.EmailField(label="Send a test to")
    cuts = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label="Which")

    __test__ = False

    def __init__(self, *args: Any, cuts: Sequence[tuple[Cut, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cuts"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(cut.value, name) for cut, name in cuts]
        field.initial = [cut.value for cut, _ in cuts]


class HourForm(forms.Form):
    hour = forms.TimeField(
        label="Its hour", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), help_text="By the publication’s clock."
    )


class NewEditionForm(forms.Form):
    """Of a newsletter that goes out when the desk says so."""

    newsletter = forms.ModelChoiceField(Newsletter.objects.none())
    due_at = forms.DateTimeField(
        label="Day and hour", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["due_at"].initial = (at + HALF_AN_HOUR).replace(second=0, microsecond=0)
        field = self.fields["newsletter"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = offered = Newsletter.objects.filter(rhythm=Rhythm.BY_HAND, withdrawn_at=None)
        if offered.count() == 1:
            field.initial, field.empty_label = offered[0], None

    def clean_due_at(self) -> datetime:
        due_at: datetime = self.cleaned_data["due_at"]
        if not self.at < due_at < self.at + AHEAD:
            raise forms.ValidationError("Choose a moment within the next sixty days.")
        return due_at


@dataclass(frozen=True, slots=True)
class EditionForm:
    """All that an editor may type on one page."""

    words: WordsForm
    items: Mapping[int, ItemForm]
    link: LinkForm
    test: TestForm
    hour: HourForm

    @property
    def has_link(self) -> bool:
        return self.link.is_bound and self.link.has_changed()

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was changed on the page, as it was typed; only where its fields were there."""
        forms_: list[forms.Form] = [self.words, *self.items.values()] if "initial-subject" in self.words.data else []
        forms_ += [self.link] if self.has_link else []
        return [(str(form[name].label), str(form[name].value() or "")) for form in forms_ for name in form.changed_data]

    def is_valid(self, *, testing: bool, timing: bool) -> bool:
        """What is to be saved, and what the button pressed needs."""
        wanted: list[forms.Form] = [self.words, *(form for form in self.items.values() if form.is_bound)]
        wanted += [self.link] if self.has_link else []
        wanted += [self.test] if testing else []
        wanted += [self.hour] if timing else []
        return all(form.is_valid() for form in wanted)


def form_of(
    edition: Edition, items: Sequence[Item], sent: Sent, *, cuts: Sequence[tuple[Cut, str]], to: str, zone: tzinfo
) -> EditionForm:
    words = {"subject": edition.subject, "preheader": edition.preheader, "note": edition.note}
    due = edition.due_at.astimezone(zone)
    return EditionForm(
        words=WordsForm(sent, initial=words),
        items={item.pk: item_form(item, sent) for item in items},
        link=LinkForm(sent, prefix="link", empty_permitted=True, use_required_attribute=False),
        test=TestForm(sent, prefix="test", initial={"to": to}, cuts=cuts, use_required_attribute=False),
        hour=HourForm(sent, prefix="due", initial={"hour": due.time()}, use_required_attribute=False),
    )


def item_form(item: Item, sent: Sent) -> ItemForm:
    """Bound where its fields were on the page that was sent."""
    prefix = f"item-{item.pk}"
    said = words_of(item)
    initial = {name: getattr(said, name) for name in LinkItemForm.base_fields}
    made = LinkItemForm if item.url else ItemForm
    bound = sent if sent is not None and f"{prefix}-headline" in sent else None
    return made(bound, prefix=prefix, initial=initial, use_required_attribute=False)


def words_of(item: Item) -> Found:
    return Found(
        article=item.article_id,
        url=item.url,
        headline=item.headline,
        said=item.standfirst,
        outlet=item.outlet,
        author=item.author,
        minutes=item.minutes,
        paywalled=item.paywalled,
    )


def slots_for(item: Item, slots: Sequence[Slot]) -> list[Slot]:
    """Where else it may stand. The top story is an article."""
    return [slot for slot in slots if slot.kind != item.slot and not (item.url and slot.kind == Slot.Kind.TOP)]
