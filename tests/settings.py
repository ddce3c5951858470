"""The settings under which tests run: nothing of the developer's own `.env`, quick passwords."""

import os

os.environ["ENV_FILE"] = os.devnull
os.environ.setdefault("SECRET_KEY", "only-for-tests-" * 4)
os.environ.setdefault("BASE_URL", "http://testserver")

from hldtracker.settings import *  # noqa: F403
from hldtracker.settings import INSTALLED_APPS, LOGGING, MIDDLEWARE

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No thread that outlives its test, no worker that is woken.
NUDGE = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Each test client would list every static file again.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
# A page that asks the database once for every row is an error.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = [*MIDDLEWARE, "zeal.middleware.zeal_middleware"]
# allauth reads the session again after it gave it a new key.
ZEAL_ALLOWLIST = [{"model": "sessions.Session"}]
LOGGING = {**LOGGING, "root": {"handlers": [], "level": "WARNING"}}
# Every test client has the same address; the tests of the limits switch them on.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": ""}
# The same for the API.
API_LIMITS = {"person": 0, "address": 0}
# A form that is refused loads its object once more, to show it as it is now.
ZEAL_NPLUSONE_THRESHOLD = 3
