"""Fields of the newsroom's forms."""

from typing import Any

from django import forms
from django.db import models


class LinesFormField(forms.CharField):
    """A list of short texts, edited as lines."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class LinesField(models.JSONField):
    """A list of short texts."""

    def formfield(self, **kwargs: Any) -> Any:
        return LinesFormField(
            required=not self.blank,
            label=str(self.verbose_name).capitalize(),
            help_text=str(self.help_text),
            widget=kwargs.get("widget") or forms.Textarea,
        )
