"""Which address leads to which part."""

from importlib.util import find_spec

from allauth.account import views as account
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from hldtracker import dev_mail, health

RESET = "account/password/reset/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("account/sign-in/", account.login, name="account_login"),
    path("account/sign-out/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path(RESET, account.password_reset, name="account_reset_password"),
    path(
        f"{RESET}asked/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        rf"^{RESET}(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        f"{RESET}done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("dev/mail/", dev_mail.letter_list, name="dev-mail"),
    path("dev/mail/<str:file>/<int:number>/", dev_mail.letter, name="dev-letter"),
    path("admin/", admin.site.urls),
]
urlpatterns += [
    path("", include(module))
    for module in ("agencies.urls", "recommendations.api.urls", "recommendations.web.urls")
    if find_spec(module)
]
