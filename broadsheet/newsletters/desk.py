"""Newsletters on the desk: what is offered, to whom and when, and the days on which nothing goes out."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.utils import formats, timezone
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, TitleFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.slug import SlugInput
from wagtail.permission_policies import ModelPermissionPolicy

from broadsheet.kit import clock
from broadsheet.mailroom.envelope import Unfit, on_the_wire
from broadsheet.newsletters.actions import offering
from broadsheet.newsletters.models import FormerSlug, Newsletter, Rest, Signup
from broadsheet.newsletters.policy import Rhythm, Whom
from broadsheet.newsletters.urls import urlpatterns

# Of readers, under /newsletters/: the words that no newsletter may be called by there.
DOORS = {word for route in urlpatterns for first, word, *_ in [str(route.pattern).split("/")] if first == "newsletters"}
TAKEN = "A page of the site stands at this address already: choose another word."
ONCE_ANOTHERS = "Another newsletter stood at this address, and its old links still lead on from there: choose another word."
SENT = "Its editions stand under this address. If you change it, old links and feeds lead to the new one."
OTHER = "Another newsletter begins with registering already."
NOT_FOR_ALL = "Whoever registers has no subscription yet, so one for subscribers only cannot begin with it."
NO_ANSWERS = "No mail can go to this address."
WITHDRAWN = "Nobody can sign up, and no edition is opened or sent. What it has sent stays on the site."


class NewsletterForm(WagtailAdminModelForm):
    """`withdrawn` is kept as a moment."""

    withdrawn = forms.BooleanField(label="Withdrawn", required=False, help_text=WITHDRAWN)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["withdrawn"] = self.instance.withdrawn_at is not None
        if self.instance.pk and self.instance.editions.exclude(begun_at=None).exists():
            self.fields["slug"].help_text = SENT

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if slug.lower() in DOORS:
            raise forms.ValidationError(TAKEN)
        if FormerSlug.objects.filter(slug=slug).exclude(newsletter=self.instance.pk).exists():
            raise forms.ValidationError(ONCE_ANOTHERS)
        return slug

    def clean_reply_to(self) -> str:
        address = str(self.cleaned_data["reply_to"])
        try:
            if address:
                on_the_wire(address)
        except Unfit:
            raise forms.ValidationError(NO_ANSWERS) from None
        return address

    def clean(self) -> dict[str, Any]:
        stated: dict[str, Any] = super().clean() or self.cleaned_data
        if stated.get("rhythm") == Rhythm.BY_HAND:
            stated["unseen"] = False  # what the desk begins, the desk lets go
        if stated.get("at_registration"):
            others = Newsletter.objects.filter(at_registration=True, withdrawn_at=None).exclude(pk=self.instance.pk)
            if not stated.get("withdrawn") and others.exists():
                self.add_error("at_registration", OTHER)
            if stated.get("whom") == Whom.MEMBERS:
                self.add_error("at_registration", NOT_FOR_ALL)
        return stated

    def save(self, commit: bool = True) -> Newsletter:
        at, is_new = clock.now(), self.instance.pk is None  # noqa: TID251 - a form of the desk is a door
        withdrawn = self.cleaned_data["withdrawn"]
        if not withdrawn:
            self.instance.withdrawn_at = None
        newsletter: Newsletter = super().save(commit)
        if is_new and not newsletter.slots.exists():
            offering.give_usual_slots(newsletter)
        if not is_new and "slug" in self.changed_data:
            offering.remember_its_address(newsletter, former=self.initial["slug"], at=at)
        if withdrawn and newsletter.withdrawn_at is None:
            offering.withdraw(newsletter, at=at)
        return newsletter


PANELS = ObjectList(
    [
        TitleFieldPanel("name", targets=["slug"], placeholder=False),
        FieldPanel("slug", widget=SlugInput),
        FieldPanel("promise"),
        MultiFieldPanel([FieldPanel("rhythm"), FieldPanel("weekday"), FieldPanel("goes_at")], heading="When"),
        MultiFieldPanel(
            [
                FieldPanel("whom"),
                FieldPanel("regions", widget=forms.CheckboxSelectMultiple),
                FieldPanel("at_registration"),
            ],
            heading="What, and for whom",
        ),
        InlinePanel(
            "slots",
            [FieldPanel("kind"), FieldPanel("title"), FieldPanel("most")],
            heading="What stands in an edition, in this order",
            label="Slot",
            help_text="The top story stands first wherever it is put here. A new newsletter without any gets the usual four.",
        ),
        MultiFieldPanel([FieldPanel("unseen"), FieldPanel("from_name"), FieldPanel("reply_to")], heading="Sending"),
        MultiFieldPanel([FieldPanel("order"), FieldPanel("withdrawn")], heading="On the site"),
    ],
    base_form_class=NewsletterForm,
)


class WithdrawnOnceUsed(ModelPermissionPolicy):
    """A newsletter that sent anything, or that anybody wants, is withdrawn and never deleted."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Newsletter) -> bool:
        used = instance.pk and (instance.editions.exists() or Signup.objects.filter(newsletter=instance).exists())
        if action == "delete" and used:
            return False
        return bool(super().user_has_permission_for_instance(user, action, instance))


class NewsletterIndex(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Newsletter]:
        wanted = Count("signups", filter=Q(signups__confirmed_at__isnull=False, signups__ended_at=None))
        found: QuerySet[Newsletter] = super().get_base_queryset()
        return found.annotate(readers=wanted)


class NewsletterDelete(generic.DeleteView):
    def get_object(self, *args: Any, **kwargs: Any) -> Newsletter:
        newsletter: Newsletter = super().get_object(*args, **kwargs)
        if not self.user_has_permission_for_instance("delete", newsletter):
            raise PermissionDenied
        return newsletter


def _day_of(moment: datetime | None) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y, H:i") if moment else ""


class NewsletterViewSet(ModelViewSet):
    model = Newsletter
    name = "newsletters"
    ordering = ("order", "name")
    menu_label = "Newsletters"
    icon = "mail"
    search_backend_name = None
    copy_view_enabled = False
    add_to_reference_index = False
    edit_handler = PANELS
    index_view_class = NewsletterIndex
    delete_view_class = NewsletterDelete
    list_display = (
        "name",
        Column("rhythm", label="How often", accessor="get_rhythm_display"),
        Column("whom", label="For whom", accessor="get_whom_display"),
        Column("readers", label="Readers"),
        Column("withdrawn", label="Withdrawn", accessor=lambda one: _day_of(one.withdrawn_at)),
    )


class RestViewSet(ModelViewSet):
    model = Rest
    name = "rests"
    menu_label = "Days without"
    icon = "calendar"
    search_backend_name = None
    copy_view_enabled = False
    add_to_reference_index = False
    panels = (
        FieldPanel("newsletter", help_text="Empty: all newsletters."),
        FieldPanel("first_on", widget=AdminDateInput),
        FieldPanel("last_on", widget=AdminDateInput, help_text="Included."),
        FieldPanel("why", help_text="For the desk alone."),
    )
    list_display = (
        "__str__",
        Column("of", label="Newsletter", accessor=lambda rest: rest.newsletter or "all"),
        "first_on",
        "last_on",
    )


class NewslettersViewSetGroup(ViewSetGroup):
    menu_label = "Newsletters"
    menu_icon = "mail"
    menu_order = 345
    items = (NewsletterViewSet, RestViewSet)
