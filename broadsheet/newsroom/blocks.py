"""The blocks of an article's body, its chapters, its questions and its links."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from broadsheet.newsroom.print_blocks import EMBED_HOSTS, embed_label

# No links to documents: a file has no wall of its own.
INLINE = ["bold", "italic", "link", "superscript"]


class WordsBlock(blocks.FieldBlock):
    """Several short texts, written with `|` between them; stored as a list."""

    def __init__(self, required: bool = True, help_text: str | None = None, **kwargs: Any) -> None:
        self.field = forms.CharField(required=required, help_text=help_text or "Divided by |.")
        super().__init__(**kwargs)

    def value_for_form(self, value: Any) -> Any:
        return " | ".join(map(str, value)) if isinstance(value, list) else value

    def value_from_form(self, value: Any) -> Any:
        return [word.strip() for word in value.split("|")] if value else []

    def clean(self, value: Any) -> Any:
        if self.field.required and not value:
            raise ValidationError("Write at least one.")
        return value


class NumbersBlock(WordsBlock):
    """Several numbers, written with `|` between them."""

    def clean(self, value: Any) -> Any:
        try:
            return [float(str(number).replace(",", "").replace("\u2212", "-")) for number in super().clean(value)]
        except ValueError:
            raise ValidationError("Write numbers only, divided by |.") from None


class RowsBlock(WordsBlock):
    """A table, written as lines of cells with `|` between them; stored as a list of rows."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field.widget = forms.Textarea(attrs={"rows": 6})
        self.field.help_text = "A line for each row, its cells divided by |. The first line is the head."

    def value_for_form(self, value: Any) -> Any:
        return "\n".join(" | ".join(cell or "" for cell in row) for row in value) if isinstance(value, list) else value

    def value_from_form(self, value: Any) -> Any:
        rows = [line.strip().removeprefix("|").removesuffix("|") for line in (value or "").splitlines() if line.strip()]
        return [[cell.strip() for cell in row.split("|")] for row in rows]


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock()
    alt = blocks.CharBlock(help_text="What it shows, for those who cannot see it.")
    caption = blocks.CharBlock(required=False)
    credit = blocks.CharBlock(required=False)


class ChartSeriesBlock(blocks.StructBlock):
    name = blocks.CharBlock()
    values = NumbersBlock()


class ChartBlock(blocks.StructBlock):
    title = blocks.CharBlock()
    kind = blocks.ChoiceBlock(choices=[("line", "Line"), ("bar", "Bar")])
    unit = blocks.CharBlock(required=False)
    source = blocks.CharBlock(required=False)
    labels = WordsBlock()
    series = blocks.ListBlock(ChartSeriesBlock())

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if any(len(line["values"]) != len(cleaned["labels"]) for line in cleaned["series"]):
            raise blocks.StructBlockValidationError({"labels": ValidationError("Every series needs a value for each label.")})
        return cleaned


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(required=False)
    rows = RowsBlock()


class EmbedBlock(blocks.StructBlock):
    """Printed as a link that says where it leads: a frame would ask another host for something."""

    url = blocks.URLBlock()
    title = blocks.CharBlock()

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if embed_label(cleaned["url"]) is None:
            hosts = ", ".join(sorted(EMBED_HOSTS))
            raise blocks.StructBlockValidationError({"url": ValidationError(f"Only https addresses of {hosts} are shown.")})
        return cleaned


BODY_BLOCKS = [
    ("paragraph", blocks.RichTextBlock(features=INLINE)),
    ("heading", blocks.CharBlock()),
    ("subheading", blocks.CharBlock()),
    ("quotation", blocks.RichTextBlock(features=INLINE)),
    ("list", blocks.RichTextBlock(features=[*INLINE, "ul", "ol"])),
    ("table", TableBlock()),
    ("picture", PictureBlock()),
    ("chart", ChartBlock()),
    ("pull", blocks.CharBlock()),
    ("embed", EmbedBlock()),
    ("footnote", blocks.StructBlock([("mark", blocks.CharBlock()), ("text", blocks.RichTextBlock(features=INLINE))])),
    ("wall", blocks.StaticBlock(admin_text="The free part ends here.")),
]

TALK_BLOCKS = [
    (
        "exchange",
        blocks.StructBlock(
            [("question", blocks.TextBlock()), ("answer", blocks.RichTextBlock(features=[*INLINE, "ul", "ol", "blockquote"]))]
        ),
    ),
]

CHAPTER_BLOCKS = [
    ("chapter", blocks.StructBlock([("title", blocks.CharBlock()), ("body", blocks.StreamBlock(BODY_BLOCKS))])),
]


class RivalBlock(blocks.StructBlock):
    """Another outlet's reading of the same."""

    headline = blocks.CharBlock()
    url = blocks.URLBlock()
    outlet = blocks.CharBlock()
    author = blocks.CharBlock(required=False)
    published_on = blocks.DateBlock(required=False)
    language = blocks.CharBlock(required=False, help_text="As “fr”. Empty: ours.")
    paywalled = blocks.BooleanBlock(required=False)


LINK_BLOCKS = [
    (
        "link",
        blocks.StructBlock(
            [
                ("headline", blocks.CharBlock()),
                ("url", blocks.URLBlock()),
                ("outlet", blocks.CharBlock()),
                ("author", blocks.CharBlock(required=False)),
                ("published_on", blocks.DateBlock(required=False)),
                ("language", blocks.CharBlock(required=False, help_text="As “fr”. Empty: ours.")),
                ("minutes", blocks.IntegerBlock(required=False)),
                ("paywalled", blocks.BooleanBlock(required=False)),
                ("note", blocks.TextBlock(required=False)),
                ("rivals", blocks.ListBlock(RivalBlock(), default=[])),
            ]
        ),
    ),
]
