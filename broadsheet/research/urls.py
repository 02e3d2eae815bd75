from django.urls import path

from broadsheet.research import views

urlpatterns = [
    path("research/", views.ask),
    path("research/stream/", views.stream),
    path("research/brief.md", views.as_markdown),
    path("research/brief.pdf", views.as_pdf),
    path("research/brief.docx", views.as_word),
    path("research/references/<slug:form>/", views.references),
    path("research/questions/", views.questions),
    path("research/<int:pk>/", views.question),
    path("research/shared/<str:token>/", views.shared),
    path("research/dossiers/", views.dossiers),
    path("research/dossiers/<int:pk>/", views.dossier),
    path("dossiers/end/<str:token>/", views.end_dossier),
    path("briefing/", views.briefing),
    path("briefing/<int:pk>/", views.earlier_briefing),
    path("briefing/end/<str:token>/", views.end_briefing),
    path("account/briefing/", views.set_briefing),
]
