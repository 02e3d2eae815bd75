"""The forms of the desk: what every type of article shares in four tabs, and what each has beside."""

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    Panel,
    PublishingPanel,
    TitleFieldPanel,
)
from wagtail.admin.panels import ObjectList as Tab
from wagtail.admin.panels import TabbedInterface as Tabs
from wagtail.admin.panels.comment_panel import CommentPanel

from broadsheet.newsroom.desk.choosing import choose


class RemarksPanel(Panel):
    """What an editor should look at again, of the article as it was last saved."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "desk/remarks-panel.html"

        def get_context_data(self, parent_context: Any = None) -> Any:
            remarks = self.instance.remarks if self.instance.pk else ()
            return {**super().get_context_data(parent_context), "remarks": remarks}


class ChooseMany(forms.SelectMultiple):
    """Choose several of many by typing; without its script an ordinary list."""

    class Media:
        js = ["newsroom/choose-many.js"]
        css = {"all": ["newsroom/desk.css"]}

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-choose-many": "", "size": 8, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """What was typed and is no name goes with what was chosen, so that the form refuses it in a sentence."""
        typed = data.get(f"{name}-typed", "").strip()
        return [*super().value_from_datadict(data, files, name), *([typed] if typed else [])]


class ArticleForm(WagtailAdminPageForm):
    def clean(self) -> Any:
        """The main country is one of the countries, whether it was chosen there or not."""
        cleaned = super().clean()
        main, countries = cleaned.get("main_country"), cleaned.get("countries")
        if main and countries is not None and main not in countries:
            cleaned["countries"] = [main, *countries]
        return cleaned


_HEADLINE = TitleFieldPanel("title", heading="Headline", help_text=" ", placeholder="Headline")
_BYLINES = InlinePanel("bylines", heading="Authors, in order", label="Author")
_LEAD = MultiFieldPanel(
    [FieldPanel("lead_image"), FieldPanel("lead_caption"), FieldPanel("lead_credit")],
    heading="Picture at the head",
    help_text="Without one, an article about countries gets a map.",
    classname="collapsed",
)
_ACCESS = [
    FieldPanel("audience", help_text="Takes effect when you publish, everywhere within seconds."),
    FieldPanel("dated_at"),
    HelpPanel(
        "To publish later, open the status panel (the i above) and set a schedule there; then choose Publish.", heading="Schedule"
    ),
    FieldPanel("embargoed_until"),
    PublishingPanel(),
    FieldPanel("slug"),
    CommentPanel(),
]
_AXES = [
    FieldPanel("section", widget=forms.Select),
    FieldPanel("series", widget=forms.Select),
    FieldPanel("countries", widget=ChooseMany),
    FieldPanel("main_country", widget=forms.Select, help_text="It stands first, and the map is drawn around it."),
    FieldPanel("regions", widget=forms.CheckboxSelectMultiple, help_text="Beside those of its countries."),
    FieldPanel("issues", widget=ChooseMany),
    InlinePanel("related", heading="Related articles, before those found by rule", label="Article"),
]
_CORRECTIONS = [
    FieldPanel("editors_note", heading="Editor’s note", help_text="Stands above the text."),
    InlinePanel("corrections", heading="Corrections, dated, shown under the text", label="Correction"),
]


def tabs(*, facts: tuple[Any, ...] = (), text: tuple[Any, ...] = (FieldPanel("body"),)) -> Tabs:
    """`facts`: what only this type tells of itself; `text`: what it prints."""
    head = [RemarksPanel(), _HEADLINE, FieldPanel("standfirst"), _BYLINES, FieldPanel("dateline")]
    return Tabs(
        [
            Tab([*head, *facts, _LEAD, *text], heading="Article"),
            Tab(_ACCESS, heading="Access & dates"),
            Tab(_AXES, heading="Axes"),
            Tab(_CORRECTIONS, heading="Corrections"),
        ],
        base_form_class=ArticleForm,
    )


def forms_of_types() -> dict[str, Tabs]:
    return {
        "briefing": tabs(),
        "column": tabs(facts=(FieldPanel("slot"),)),
        "interview": tabs(
            facts=(FieldPanel("interviewer"), FieldPanel("expert"), FieldPanel("expert_role")),
            text=(FieldPanel("body", heading="Introduction"), FieldPanel("talk", heading="Questions and answers")),
        ),
        "report": tabs(
            facts=(FieldPanel("report_kind"), FieldPanel("key_points")),
            text=(FieldPanel("body", heading="Before the first chapter"), FieldPanel("chapters")),
        ),
        "note": tabs(),
        "podcast": tabs(
            facts=(FieldPanel("recording"), FieldPanel("episode"), FieldPanel("duration", help_text="As in 24:10.")),
            text=(FieldPanel("body", heading="Description and transcript"),),
        ),
        "edition": tabs(text=(FieldPanel("body"), FieldPanel("links"))),
        "roundup": tabs(text=(FieldPanel("body", heading="Introduction"), FieldPanel("links"))),
    }


BYLINE = [FieldPanel("contributor")]
CORRECTION = [FieldPanel("corrected_at"), FieldPanel("text")]
RELATED = [choose("to")]
FRONT = Tabs(
    [
        Tab(
            [
                FieldPanel("title", help_text="The publication's name."),
                choose("lead"),
                InlinePanel("slots", heading="Today's articles, in order", label="Article"),
                choose("report_of_the_week", of="newsroom.Report"),
            ],
            heading="Front page",
        ),
        Tab(
            [
                PublishingPanel(),
                FieldPanel("slug", read_only=True, help_text="The root of the whole site, so it stays as it was founded."),
                CommentPanel(),
            ],
            heading="Dates",
        ),
    ]
)
SLOT = [choose("article"), FieldPanel("until")]
INDEX = Tabs(
    [
        Tab(
            [
                FieldPanel("title"),
                FieldPanel(
                    "slug",
                    read_only=True,
                    help_text="Begins the address of every article below, so it stays as the publication was founded.",
                ),
            ],
            "Parent",
        )
    ]
)
