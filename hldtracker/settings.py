"""The settings of every process: one file, typed environment, loud failure.

The measured reasons: SQLite writers need IMMEDIATE and a long timeout, or they fail with
"database is locked"; PostgreSQL limits keep one stuck client from stopping the site.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from hldtracker import environment, logs
from hldtracker.timetable import TIMETABLE

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = environment.read(BASE_DIR)

# --- where files go --------------------------------------------------------------------------
VAR = BASE_DIR / "var"
BROKER_DIR = VAR / "broker"
MEDIA_ROOT = VAR / "media"
STATIC_ROOT = VAR / "static"
for _folder in (VAR, BROKER_DIR, BROKER_DIR / "processed", BROKER_DIR / "control", STATIC_ROOT):
    _folder.mkdir(mode=0o700, parents=True, exist_ok=True)
STATIC_URL = "/static/"

# --- what the site is ------------------------------------------------------------------------
SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
HLDTRACKER_DEMO = ENVIRONMENT.demo
BASE_URL = ENVIRONMENT.base_url
RELEASE = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
"""What files say they were made by: those of one release are equal to the byte."""
PUBLISHER = ENVIRONMENT.publisher or urlsplit(BASE_URL).netloc
DATA_LICENCE = ENVIRONMENT.data_licence
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
PROBE_TOKEN = ENVIRONMENT.probe_token
DELIVERY_WAIT_SECONDS = ENVIRONMENT.delivery_wait_seconds
DELIVERY_LEASE_SECONDS = ENVIRONMENT.delivery_lease_seconds
WEBHOOK_PORTS = ENVIRONMENT.webhook_ports
ROOT_URLCONF = "hldtracker.urls"
WSGI_APPLICATION = "hldtracker.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "hldtracker.apps.ProjectConfig",
    "recommendations.apps.RecommendationsConfig",
    "agencies.apps.AgenciesConfig",
    "hldtracker.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
]

MIDDLEWARE = [
    "hldtracker.middleware.request_id",
    "hldtracker.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "recommendations.web.refusals.Refusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "recommendations.web.context.frame",
            ],
        },
    }
]

# --- database, cache -------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": {"ATOMIC_REQUESTS": False, **ENVIRONMENT.database}
}
_DATABASE_CACHE: dict[str, Any] = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "cache_entries",
    "OPTIONS": {"MAX_ENTRIES": 20_000},
}
CACHES: dict[str, dict[str, Any]] = {
    # Limits that guard sign-in count here: in the database, whatever happens to Redis.
    "default": _DATABASE_CACHE,
    # What may be lost at any moment.
    "pages": (
        {"BACKEND": "hldtracker.cache.PatientRedisCache", "LOCATION": ENVIRONMENT.redis_url}
        if ENVIRONMENT.redis_url
        else _DATABASE_CACHE | {"KEY_PREFIX": "pages"}
    ),
    # What API senders asked for in this minute. Reading must not write to the database, so
    # without Redis the web processes of a machine share files.
    "limits": (
        {"BACKEND": "hldtracker.cache.PatientRedisCache", "LOCATION": ENVIRONMENT.redis_url}
        if ENVIRONMENT.redis_url
        else {"BACKEND": "hldtracker.cache.FileCounts", "LOCATION": str(VAR / "limits")}
    ),
}

# --- languages, times ------------------------------------------------------------------------
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
# Half a translation is worse than none: pages are in English, reports in `outputs.LANGUAGES`.
LANGUAGES, LOCALE_PATHS = [("en", _("English"))], [BASE_DIR / "locale"]

# --- people and sign-in ----------------------------------------------------------------------
AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["hldtracker.adapters.SignInBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "hldtracker.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "hldtracker.adapters.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_FORMS = {
    "login": "hldtracker.forms.SignInForm",
    "reset_password": "hldtracker.forms.ResetForm",
    "reset_password_from_key": "hldtracker.forms.NewPasswordForm",
    "user_token": "hldtracker.forms.ResetLinkForm",
}
# The page answers the same whether or not an address is known, and strangers get no mail.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
PASSWORD_RESET_TIMEOUT = 4 * 60 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies

API_LIMITS = {"person": 600, "address": 120}
"""What a token or person, and an address without either, may ask for in a minute."""

# --- sessions, forms, uploads ----------------------------------------------------------------
_HTTPS = BASE_URL.startswith("https://")
_HOST_PREFIX = "__Host-" if _HTTPS else ""
SESSION_COOKIE_NAME = f"{_HOST_PREFIX}sessionid"
# Twelve hours from sign-in, not from the last page: reading writes no row.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_NAME = f"{_HOST_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [BASE_URL]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "hldtracker.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- what browsers are told ------------------------------------------------------------------
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # the preload list of browsers is for the operator
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trusted_proxies else None
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{name: [NONE] for name in ("default-src", "base-uri", "frame-ancestors")},
        **{name: [SELF] for name in ("script-src", "style-src", "font-src", "connect-src")},
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
    }
}

# --- static files ----------------------------------------------------------------------------
_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not _COLLECTED
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if _COLLECTED
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

# --- mail ------------------------------------------------------------------------------------
EMAIL_HOST = ENVIRONMENT.mail.host
EMAIL_PORT = ENVIRONMENT.mail.port
EMAIL_HOST_USER = ENVIRONMENT.mail.user
EMAIL_HOST_PASSWORD = ENVIRONMENT.mail.password
EMAIL_USE_SSL = ENVIRONMENT.mail.ssl
EMAIL_USE_TLS = ENVIRONMENT.mail.starttls
EMAIL_TIMEOUT = 15
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
DEFAULT_FROM_EMAIL = f"hldtracker@{urlsplit(BASE_URL).hostname}"

# --- logs ------------------------------------------------------------------------------------
LOGGING = logs.LOGGING

# --- background work -------------------------------------------------------------------------
# The database holds the truth; a message is only a wake-up call and may be lost.
# Each commit that appended events wakes the worker at once; the sweep each minute is the guarantee.
NUDGE = True
CELERY_BROKER_URL = ENVIRONMENT.redis_url or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        "global_keyprefix": "hldt:",
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 25,
    }
    if ENVIRONMENT.redis_url
    else {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "processed_folder": str(BROKER_DIR / "processed"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
)
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 3
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_RETRY_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_FAILURE = CELERY_TASK_ACKS_ON_TIMEOUT = True
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE = TIMETABLE
