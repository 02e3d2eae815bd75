"""The form of the wire's house rules: what belongs together, and countries and issues chosen by typing."""

from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel

from broadsheet.newsroom.desk.panels import ChooseMany

PANELS: list[Panel] = [
    MultiFieldPanel(
        [FieldPanel("our_countries", widget=ChooseMany), FieldPanel("our_issues", widget=ChooseMany)], "What is ours"
    ),
    MultiFieldPanel([FieldPanel("roundup_at"), FieldPanel("least_picks"), FieldPanel("audience")], "The roundup"),
    FieldPanel("links_beside"),
    MultiFieldPanel([FieldPanel("items_days"), FieldPanel("history_days")], "How long it is kept"),
]
