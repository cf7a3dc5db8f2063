"""Django settings: one home folder, one database, strict pages."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from holdfast.config import home as place
from holdfast.config.wall import raise_wall
from holdfast.kit.refusals import Unreadable

HOME: Path = place.home()
DRILL: bool = place.is_drill()
if DRILL:
    raise_wall()
SECRET_KEY: str = place.secret("secret").hex()
LINK_KEY: bytes = place.secret("links")
DEBUG = False
PUBLIC_URL: str = os.environ.get("HOLDFAST_PUBLIC_URL", "http://127.0.0.1:8765").rstrip("/")
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [
    *LOOPBACK_HOSTS,
    *filter(None, [urlsplit(PUBLIC_URL).hostname]),
    *filter(None, os.environ.get("HOLDFAST_HOSTS", "").split(",")),
]
TRUSTED_PROXIES = place.trusted_proxies()
#: A folder in which mail servers' reports arrive; a worker looks into it every minute.
BOUNCES: str = os.environ.get("HOLDFAST_BOUNCES", "").strip()
#: A folder in which mails of customers arrive; a worker takes them in as complaints.
COMPLAINT_MAILS: str = os.environ.get("HOLDFAST_COMPLAINT_MAILS", "").strip()

ROOMS = [
    "holdfast.ground.access",
    "holdfast.ground.journal",
    "holdfast.ground.jobs",
    "holdfast.ground.outbox",
    "holdfast.ground.evidence",
    "holdfast.ground.limits",
    "holdfast.ground.look",
    "holdfast.supply.parties",
    "holdfast.supply.catalog",
    "holdfast.supply.traceability",
    "holdfast.supply.orders",
    "holdfast.supply.imports",
    "holdfast.decision.intake",
    "holdfast.decision.announcements",
    "holdfast.decision.investigations",
    "holdfast.decision.recalls",
    "holdfast.response.answers",
    "holdfast.response.duties",
    "holdfast.response.filings",
    "holdfast.response.holds",
    "holdfast.response.notices",
    "holdfast.response.outreach",
    "holdfast.response.remedies",
    "holdfast.response.units",
    "holdfast.learning.drills",
    "holdfast.insight.measures",
    "holdfast.doors.desk",
    "holdfast.doors.portal",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *ROOMS,  # before allauth: the look brings its own sign-in templates
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "holdfast.config.middleware.ThroughProxies",
    "holdfast.config.middleware.SecurityHeaders",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "holdfast.config.middleware.WhoActs",
    "holdfast.doors.desk.errors.Refusals",
]
ROOT_URLCONF = "holdfast.config.urls"
WSGI_APPLICATION = "holdfast.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "holdfast.doors.desk.frame.frame_context",
            ]
        },
    }
]


def _databases(url: str) -> dict[str, dict[str, object]]:
    if not url:
        return {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(HOME / "holdfast.db"),
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 30,
                    # No mmap and no automatic checkpoint: SQLite before 3.51.3 can corrupt a WAL
                    # that two processes checkpoint at once, so one lock holder does it.
                    "init_command": (
                        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                        "PRAGMA wal_autocheckpoint=0;PRAGMA cache_size=-65536;"
                        "PRAGMA temp_store=MEMORY;"
                    ),
                },
            }
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise Unreadable(
            "database_url",
            f"HOLDFAST_DATABASE_URL begins with “{parts.scheme}”, not postgresql.",
            hint="postgresql://user:password@host:5432/name, or leave it out for SQLite.",
        )
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(query.pop("host", "") or parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {k: unquote(v) for k, v in query.items()},
        }
    }


DATABASES = _databases(place.database_url())
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["holdfast.ground.access.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "holdfast.ground.access.adapters.NoSignup"
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Holdfast"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []
CSRF_FAILURE_VIEW = "holdfast.doors.desk.errors.csrf_failure"
SECURE_REFERRER_POLICY = "strict-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_TEMP_DIR = str(HOME)  # nothing is written outside the home
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ar", "العربية"),
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = None
# Files are served straight from the package (finders), so nothing is collected or built.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 86_400


def _in_one_line(record: logging.LogRecord) -> bool:
    """A wrong Host header is a stranger's doing: a line says so, and our stack adds nothing."""
    record.exc_info = None
    return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {
        "without_tokens": {"()": "holdfast.doors.portal.redaction.WithoutTokens"},
        "in_one_line": {"()": lambda: _in_one_line},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_tokens"],
        }
    },
    "loggers": {
        "django.request": {"filters": ["without_tokens"]},
        "django.security.DisallowedHost": {"filters": ["in_one_line"]},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
REACTIONS = "holdfast.config.reactions.REACTIONS"
JOB_KINDS = "holdfast.config.jobs.JOB_KINDS"
IMPORT_FORMATS = "holdfast.config.formats.IMPORT_FORMATS"
IMPORT_KEEPERS = "holdfast.config.formats.IMPORT_KEEPERS"
CHANNELS = "holdfast.config.channels.CHANNELS"
FEED_SOURCES = "holdfast.config.sources.FEED_SOURCES"
#: What asks authorities; a drill has none.
FEED_TRANSPORT = "" if DRILL else "holdfast.connectors.web.feed.ask"
#: Values of headers that an authority wants, as `Name=value;Name=value`.
FEED_KEYS: dict[str, str] = dict(
    pair.strip().split("=", 1)
    for pair in os.environ.get("HOLDFAST_FEED_KEYS", "").split(";")
    if "=" in pair
)
LINK_PROBE = "holdfast.connectors.web.probe.probe"
AFTER_COMMAND = "holdfast.config.start.finish"
WORKER = "holdfast.config.worker.main"
