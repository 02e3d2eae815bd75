"""The form in which an editor words a mail; beside each field stands what the house says where it is left empty."""

from typing import Any

from django import forms

from broadsheet.mailroom.kinds import Kind
from broadsheet.mailroom.models import Wording
from broadsheet.mailroom.wording import trouble_with

ONE_LINE = "A subject is one line."


class Line(forms.CharField):
    """Refuses what would be two, rather than joining it."""

    def to_python(self, value: Any) -> str:
        if "\n" in str(value or "") or "\r" in str(value or ""):
            raise forms.ValidationError(ONE_LINE)
        return str(super().to_python(value))


class WordingForm(forms.ModelForm[Wording]):
    class Meta:
        model = Wording
        fields = ("subject", "before", "after")
        field_classes = {"subject": Line}
        widgets = {"before": forms.Textarea(attrs={"rows": 6}), "after": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, kind: Kind, subject: str, **kwargs: Any) -> None:
        """`subject`: the house's own, as an example of it reads."""
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["subject"].help_text = f"Left empty: {subject}"
        for name, own in (("before", kind.before), ("after", kind.after)):
            self.fields[name].help_text = f"Left empty: {own or 'nothing is said here.'} An empty line begins a new paragraph."

    def _fitting(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if trouble := trouble_with(text, self.kind):
            raise forms.ValidationError(trouble)
        return text

    def clean_subject(self) -> str:
        return self._fitting("subject")

    def clean_before(self) -> str:
        return self._fitting("before")

    def clean_after(self) -> str:
        return self._fitting("after")
