"""Puts the desk's forms and previews on the models, which know nothing of the desk. Called once, when all models are there."""

from functools import partial

from broadsheet.newsroom import views
from broadsheet.newsroom.desk import panels
from broadsheet.newsroom.desk.onlookers import MODES
from broadsheet.newsroom.desk.remarks import remarks_on
from broadsheet.newsroom.models import (
    ARTICLE_TYPES,
    Article,
    ArticleIndex,
    Byline,
    Correction,
    FrontPage,
    FrontSlot,
    RelatedArticle,
)
from broadsheet.newsroom.teasers import label_of


def furnish() -> None:
    handlers = panels.forms_of_types()
    for model in ARTICLE_TYPES:
        give(model, edit_handler=handlers[model.kind], get_verbose_name=partial(label_of, model.kind))
    give(Article, preview_modes=MODES, serve_preview=views.preview, remarks=property(remarks_on))
    give(FrontPage, edit_handler=panels.FRONT)  # its preview is the press's, which composes it
    give(ArticleIndex, edit_handler=panels.INDEX, preview_modes=[])
    give(Byline, panels=panels.BYLINE)
    give(Correction, panels=panels.CORRECTION)
    give(RelatedArticle, panels=panels.RELATED)
    give(FrontSlot, panels=panels.SLOT)


def give(model: type, **furniture: object) -> None:
    for name, piece in furniture.items():
        setattr(model, name, piece)
