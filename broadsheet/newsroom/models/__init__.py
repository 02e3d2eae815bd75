"""What editors write: articles of eight types, the axes they hang on, the front page, and the newsroom's house rules."""

from broadsheet.newsroom.models.articles import (
    ARTICLE_TYPES,
    Article,
    Briefing,
    Byline,
    Column,
    Correction,
    EditionPage,
    Interview,
    Note,
    Podcast,
    RelatedArticle,
    Report,
    Roundup,
)
from broadsheet.newsroom.models.axes import Contributor, Country, FormerSlug, Issue, Region, Section, Series
from broadsheet.newsroom.models.front import ArticleIndex, FrontPage, FrontSlot
from broadsheet.newsroom.models.house import HousePage
from broadsheet.newsroom.models.rules import NewsroomRules

__all__ = [
    "ARTICLE_TYPES",
    "Article",
    "ArticleIndex",
    "Briefing",
    "Byline",
    "Column",
    "Contributor",
    "Correction",
    "Country",
    "EditionPage",
    "FormerSlug",
    "FrontPage",
    "FrontSlot",
    "HousePage",
    "Interview",
    "Issue",
    "NewsroomRules",
    "Note",
    "Podcast",
    "Region",
    "RelatedArticle",
    "Report",
    "Roundup",
    "Section",
    "Series",
]
