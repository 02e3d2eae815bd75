from django.urls import path, re_path

from broadsheet.config.demo import outlets

urlpatterns = [
    path("feeds.opml", outlets.listed, name="demo_outlets"),
    path("<slug:slug>/", outlets.front, name="demo_outlet"),
    re_path(r"^(?P<slug>[\w-]+)/(?P<file>[\w-]+\.(?:xml|json))$", outlets.feed, name="demo_outlet_feed"),
    path("<slug:slug>/<slug:piece>/", outlets.page, name="demo_outlet_item"),
]
