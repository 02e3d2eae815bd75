"""The lay-out of a new publication: its front page, the parents of its articles, its sections, its desk's groups."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from broadsheet.newsroom.addresses import INDEX_SLUGS
from broadsheet.newsroom.models import ArticleIndex, FrontPage, HousePage, Section
from broadsheet.newsroom.models.house import draft_of

INDEX_TITLES = {
    "briefing": "Briefings",
    "column": "Columns",
    "interview": "Interviews",
    "report": "In-Depth Reports",
    "note": "Notes",
    "podcast": "Podcasts",
    "edition": "Newsletters",
    "roundup": "Daily Links",
}
SECTIONS = {
    "diplomacy": "Diplomacy & Politics",
    "security": "Security & Defence",
    "economy": "Economy & Trade",
    "society": "Society & Rights",
    "environment": "Energy & Environment",
}
FILES = ("wagtailimages", "wagtaildocs")
EDITORS, AN_EDITOR = "the editors", "an editor"  # the desk puts "Submit to" before the first
FORMERLY = ("Read before it is published", "An editor reads it")  # what these two were called

DESK = ("wagtailadmin.access_admin",)
AXES_TO_EDIT = tuple(
    f"newsroom.{verb}_{model}"
    for model in ("contributor", "country", "issue", "region", "section", "series")
    for verb in ("add", "change")
)
HOUSE_PAGES = ("newsroom.change_housepage",)
READERS_TO_EDIT = tuple(
    f"membership.{verb}_{model}" for model in ("reader", "term", "institution") for verb in ("add", "change", "delete")
)
RULES_TO_EDIT = (
    "newsroom.change_newsroomrules",
    "library.change_libraryrules",
    "research.change_researchrules",
    "membership.change_meterrules",
    "billing.change_sellingrules",
    "mailroom.change_wording",
    "mailroom.change_mailrules",
    "mailroom.change_pacerules",
    "newsletters.change_newsletterrules",
    "wire.change_wirerules",
)
# What is sold, what came of it, and what staff may do about it.
BUSINESS = (
    *(f"billing.{verb}_{model}" for model in ("plan", "price", "coupon") for verb in ("add", "change")),
    *(f"billing.view_{model}" for model in ("subscription", "invoice", "notice", "givenyear")),
    *(f"membership.{right}" for right in ("view_deed", "look_as_reader", "refund_charge")),
    *(f"mailroom.{verb}_suppression" for verb in ("view", "change")),
)
EDITIONS = ("newsletters.view_edition", "newsletters.change_edition")
# The list of who got an edition names readers.
NEWSLETTERS = (
    *(f"newsletters.{verb}_{model}" for model in ("newsletter", "rest") for verb in ("add", "change", "delete")),
    "newsletters.view_delivery",
)
# The wire's desk: reading stories and picking of them; whom we listen to; what is to stand nowhere here.
WIRE = ("wire.view_story", "wire.change_story", "wire.view_source", "wire.change_dayoflinks")
SOURCES = (
    *(f"wire.{verb}_source" for verb in ("add", "change", "delete")),
    *(f"wire.{verb}_refusal" for verb in ("view", "add", "delete")),
)
# Dossiers of the editors': whoever may publish them changes what stands on the site.
DOSSIERS = (*(f"research.{verb}_dossier" for verb in ("view", "add", "change", "delete")), "research.publish_dossier")
REDIRECTS = tuple(f"wagtailredirects.{verb}_redirect" for verb in ("add", "change", "delete"))

# Group -> its rights beyond the tree, over pages, over pictures and files.
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "Writers": (DESK, ("add",), ("add", "choose")),
    "Curators": ((*DESK, *WIRE), ("add",), ("add", "choose")),
    "Editors": (
        (*DESK, *AXES_TO_EDIT, *HOUSE_PAGES, *EDITIONS, *WIRE, *SOURCES, *DOSSIERS),
        ("add", "change", "publish", "lock", "unlock"),
        ("add", "change", "choose"),
    ),
    "Publishers": (
        (
            *(*DESK, *AXES_TO_EDIT, *HOUSE_PAGES, *READERS_TO_EDIT, *RULES_TO_EDIT),
            *(*BUSINESS, *EDITIONS, *NEWSLETTERS, *REDIRECTS, *WIRE, *SOURCES, *DOSSIERS),
        ),
        ("add", "change", "publish", "lock", "unlock", "bulk_delete"),
        ("add", "change", "delete", "choose"),
    ),
}


@transaction.atomic
def lay_out_the_site(*, name: str, at: datetime) -> FrontPage:
    """Make what every publication begins with; what is there already stays as it is."""
    front = lay_out_the_tree(name=name, at=at)
    if not Section.objects.exists():
        Section.objects.bulk_create(Section(slug=slug, name=title) for slug, title in SECTIONS.items())
    _house_pages()
    for group in GROUPS:
        _group(group, front)
    _workflow(front)
    return front


def lay_out_the_tree(*, name: str, at: datetime) -> FrontPage:
    """Only the front page and the parents of articles."""
    front = FrontPage.objects.first() or _front(name, at)
    there = set(ArticleIndex.objects.values_list("article_type", flat=True))
    for kind, slug in INDEX_SLUGS.items():
        if kind not in there:
            front.add_child(instance=ArticleIndex(title=INDEX_TITLES[kind], slug=slug, article_type=kind, first_published_at=at))
    return front


def _front(name: str, at: datetime) -> FrontPage:
    root = Page.get_first_root_node()
    # Wagtail's own migration leaves a page that says "Welcome to your new Wagtail site!".
    for welcome in root.get_children().filter(numchild=0, content_type__app_label="wagtailcore"):
        welcome.delete()
    root.refresh_from_db()
    front: FrontPage = root.add_child(instance=FrontPage(title=name, slug="home", first_published_at=at))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "site_name": name, "root_page": front})
    return front


def _house_pages() -> None:
    """Drafts: headings to fill."""
    for kind in HousePage.Kind.values:
        HousePage.objects.get_or_create(kind=kind)
        HousePage.objects.filter(kind=kind, body="").update(body=draft_of(kind))


def _group(name: str, front: FrontPage) -> None:
    rights, over_pages, over_files = GROUPS[name]
    group, _ = Group.objects.get_or_create(name=name)
    # Wagtail's migration gives its own "Editors" rights over the whole tree, and over files where no collection is asked about.
    GroupPagePermission.objects.filter(group=group).exclude(page=front).delete()
    group.permissions.remove(*group.permissions.filter(content_type__app_label__in=FILES))
    group.permissions.add(*_permissions(rights))
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=[f"{verb}_page" for verb in over_pages]
    ):
        GroupPagePermission.objects.get_or_create(group=group, page=front, permission=permission)
    _file_rights(group, over_files)


def lay_out_groups_that_came_since() -> None:
    """Where a house was founded before a group was thought of. In one that is not founded yet there are none."""
    front = FrontPage.objects.first() if Group.objects.filter(name="Editors").exists() else None
    for name in GROUPS if front else ():
        if front and not Group.objects.filter(name=name).exists():
            _group(name, front)


def _permissions(rights: Iterable[str]) -> list[Permission]:
    """Raises LookupError for a right that nothing defines."""
    wanted = set(rights)
    codenames = {right.partition(".")[2] for right in wanted}
    there = Permission.objects.filter(codename__in=codenames).select_related("content_type")
    found = {f"{each.content_type.app_label}.{each.codename}": each for each in there}
    if missing := wanted - found.keys():
        raise LookupError(f"No such rights: {', '.join(sorted(missing))}")
    return [found[right] for right in wanted]


def _file_rights(group: Group, verbs: tuple[str, ...]) -> None:
    root = Collection.get_first_root_node()
    names = [f"{verb}_{model}" for verb in verbs for model in ("image", "document")]
    for permission in Permission.objects.filter(content_type__app_label__in=FILES, codename__in=names):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def _workflow(front: FrontPage) -> None:
    """Whoever may not publish sends a draft to the editors, whose approval publishes it. Wagtail's moderators go."""
    Group.objects.filter(name="Moderators").delete()
    Workflow.objects.filter(name="Moderators approval").delete()
    Task.objects.filter(name="Moderators approval").delete()
    if not Workflow.objects.filter(name=EDITORS).exists():
        Workflow.objects.filter(name=FORMERLY[0]).update(name=EDITORS)
        Task.objects.filter(name=FORMERLY[1]).update(name=AN_EDITOR)
    workflow, made = Workflow.objects.get_or_create(name=EDITORS)
    if not made:
        return
    task = GroupApprovalTask.objects.create(name=AN_EDITOR)
    task.groups.set(Group.objects.filter(name__in=("Editors", "Publishers")))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.update_or_create(page=front, defaults={"workflow": workflow})
