"""The blocks of an article's body, its chapters, its questions and its links."""

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

INLINE = ["bold", "italic", "link", "document-link", "superscript"]


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock()
    alt = blocks.CharBlock(help_text="What it shows, for those who cannot see it.")
    caption = blocks.CharBlock(required=False)
    credit = blocks.CharBlock(required=False)


class ChartSeriesBlock(blocks.StructBlock):
    name = blocks.CharBlock()
    values = blocks.ListBlock(blocks.FloatBlock())


class ChartBlock(blocks.StructBlock):
    title = blocks.CharBlock()
    kind = blocks.ChoiceBlock(choices=[("line", "Line"), ("bar", "Bar")])
    unit = blocks.CharBlock(required=False)
    source = blocks.CharBlock(required=False)
    labels = blocks.ListBlock(blocks.CharBlock())
    series = blocks.ListBlock(ChartSeriesBlock())


class TableBlock(blocks.StructBlock):
    """`rows` are lines of cells divided by tabs or `|`; the first is the head."""

    caption = blocks.CharBlock(required=False)
    rows = blocks.ListBlock(blocks.ListBlock(blocks.CharBlock(required=False)))


class EmbedBlock(blocks.StructBlock):
    url = blocks.URLBlock()
    title = blocks.CharBlock()


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

LINK_BLOCKS = [
    (
        "link",
        blocks.StructBlock(
            [
                ("headline", blocks.CharBlock()),
                ("url", blocks.URLBlock()),
                ("outlet", blocks.CharBlock()),
                ("author", blocks.CharBlock(required=False)),
                ("minutes", blocks.IntegerBlock(required=False)),
                ("paywalled", blocks.BooleanBlock(required=False)),
                ("note", blocks.TextBlock(required=False)),
            ]
        ),
    ),
]
