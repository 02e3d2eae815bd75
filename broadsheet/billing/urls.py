from django.urls import path

from broadsheet.billing import views

urlpatterns = [
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/from/", views.come_from),
    path("subscribe/confirm/", views.confirm),
    path("subscribe/done/", views.done),
    path("account/subscription/", views.subscription),
    path("account/subscription/cancel/", views.cancel),
    path("account/subscription/pay/", views.pay),
    path("account/subscription/portal/", views.portal),
    path("billing/notices/", views.notices, name="notices"),
]
