"""Which address leads to which part."""

from importlib.util import find_spec

from allauth.account import views as account
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from hldtracker import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("account/sign-in/", account.login, name="account_login"),
    path("account/sign-out/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("admin/", admin.site.urls),
]
urlpatterns += [
    path("", include(module))
    for module in ("agencies.urls", "recommendations.web.urls")
    if find_spec(module)
]
