from django.urls import path

from broadsheet.billing import views

urlpatterns = [
    path("subscribe/", views.subscribe, name="subscribe"),
    path("subscribe/from/", views.come_from),
    path("subscribe/confirm/", views.confirm),
    path("subscribe/confirm/<str:chosen>/<str:seats>/", views.confirm),
    path("subscribe/done/", views.done),
    path("subscribe/gift/", views.give_year),
    path("subscribe/gift/done/", views.year_given),
    path("subscribe/redeem/", views.redeem),
    path("subscribe/withdrawal/", views.withdrawal),
    path("account/given-years/", views.given_years),
    path("account/given-years/<int:pk>/receipt/", views.receipt_of_year),
    path("account/subscription/", views.subscription),
    path("account/subscription/cancel/", views.cancel),
    path("account/subscription/change/", views.change),
    path("account/subscription/pause/", views.pause),
    path("account/subscription/pay/", views.pay),
    path("account/subscription/portal/", views.portal),
    path("account/subscription/receipts/<int:pk>/", views.receipt),
    path("account/subscription/withdraw/", views.withdraw),
    path("billing/notices/", views.notices, name="notices"),
]
