from django.urls import path

from broadsheet.library import views

urlpatterns = [
    path("search/", views.search),
    path("search/suggest", views.api_suggest),
    path("search/help/", views.search_help),
    path("api/search", views.api_search),
    path("api/suggest", views.api_suggest),
    path("api/openapi.json", views.openapi),
    path("account/reading-list/", views.reading_list),
    path("account/reading-list/add/<int:article>/", views.before_putting_aside),
    path("account/reading-list/epub/", views.reading_list_along),
    path("account/history/", views.history),
    path("account/follows/", views.follows),
    path("account/alerts/", views.alerts),
    path("alerts/end/<str:token>/", views.end_alert),
    path("feeds/alerts/<str:secret>/", views.alert_feed),
    path("account/collections/", views.collections),
    path("account/collections/add/<int:article>/", views.add_to_collection),
    path("account/collections/<int:pk>/", views.collection),
    path("account/collections/<int:pk>/cite/<slug:form>/", views.cite_collection),
    path("account/collections/<int:pk>/epub/", views.collection_along),
    path("collections/<str:token>/", views.shared),
    path("collections/<str:token>/cite/<slug:form>/", views.cite_shared),
    path("collections/<str:token>/epub/", views.shared_along),
    path("relations/<slug:one>/<slug:other>/", views.relation),
    path("relations/<slug:one>/<slug:other>/compare/", views.compare_relation),
    path("countries/<slug:slug>/compare/", views.compare_country),
    path("issues/<slug:slug>/compare/", views.compare_issue),
]
