from django.urls import path

from broadsheet.newsletters import views

urlpatterns = [
    path("newsletters/sign-up/", views.sign_up),
    path("newsletters/confirm/<str:token>/", views.confirm),
    path("newsletters/preferences/<str:token>/", views.preferences),
    path("newsletters/leave/<str:token>/", views.leave),
    path("account/newsletters/", views.account_newsletters),
]
