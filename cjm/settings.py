"""Everything that an installation can set comes from the environment; a bad value stops the start."""

import os
import secrets
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("CJM_DATA") or BASE_DIR / ".data").resolve()


def _flag(name: str, default: bool) -> bool:
    text = os.environ.get(name, "").lower()
    if text in ("", "0", "1", "true", "false"):
        return default if text == "" else text in ("1", "true")
    raise ImproperlyConfigured(f"{name} must be 0 or 1, not {text!r}.")


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    if text and not text.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.")
    return int(text) if text else default


def _secret_key() -> str:
    given = os.environ.get("SECRET_KEY", "")
    if given:
        if len(given) < 32:
            raise ImproperlyConfigured("SECRET_KEY must have at least 32 signs.")
        return given
    if PRODUCTION:
        raise ImproperlyConfigured("SECRET_KEY must be set when CJM_PRODUCTION=1.")
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    file = DATA_DIR / "secret_key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path or str(DATA_DIR / "cjm.sqlite3"),
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous="
                + ("FULL" if _flag("CJM_SQLITE_FULL", False) else "NORMAL")
                + ";PRAGMA foreign_keys=ON;PRAGMA temp_store=MEMORY;PRAGMA mmap_size=134217728;PRAGMA cache_size=-32000;",
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        if PRODUCTION and not parts.password:
            raise ImproperlyConfigured("DATABASE_URL must carry a password when CJM_PRODUCTION=1.")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "options": f"-c role={DATABASE_ROLE}",
                "pool": {"min_size": 0, "max_size": _number("CJM_POOL", 2 * THREADS + 8), "timeout": 10},
            },
        }
    raise ImproperlyConfigured(f"DATABASE_URL must begin with sqlite: or postgres:, not {parts.scheme!r}.")


PRODUCTION = _flag("CJM_PRODUCTION", False)
WORKERS = _number("CJM_WORKERS", 3)  # threads of the ordinary worker; the analytics worker has two of its own
DEBUG = _flag("CJM_DEBUG", False)
TEST_CLOCK = _flag("CJM_TEST_CLOCK", False)
if PRODUCTION and (DEBUG or TEST_CLOCK):
    raise ImproperlyConfigured("CJM_DEBUG and CJM_TEST_CLOCK are refused when CJM_PRODUCTION=1.")
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("CJM_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CJM_ORIGINS", "").split(",") if origin]

DATABASE_ROLE = "cjm_app"
THREADS = _number("CJM_THREADS", 16)  # requests worked on at once; a question may take a second connection beside its own
DATABASE_URL = os.environ.get("DATABASE_URL", "sqlite:")
DATABASE_MIGRATE_URL = os.environ.get("DATABASE_MIGRATE_URL", "")
REDIS_URL = os.environ.get("REDIS_URL", "")
CLICKHOUSE_URL = os.environ.get("CLICKHOUSE_URL", "")
ANALYTICS_INLINE = _flag("CJM_ANALYTICS_INLINE", False)  # questions are answered by the asking process: for tests only
if PRODUCTION and REDIS_URL and not urlsplit(REDIS_URL).password:
    raise ImproperlyConfigured("REDIS_URL must carry a password when CJM_PRODUCTION=1.")
if PRODUCTION and CLICKHOUSE_URL and not urlsplit(CLICKHOUSE_URL).password:
    raise ImproperlyConfigured("CLICKHOUSE_URL must carry a password when CJM_PRODUCTION=1.")

DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "cjm",
    "automations",
    "experiments",
    "analytics",
    "customers",
    "touchpoints",
    "journeys",
    "workspaces",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "servestatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cjm.doors.LanguageMiddleware",
    "cjm.doors.DoorMiddleware",
]

CSRF_FAILURE_VIEW = "cjm.problems.csrf_failure"
ROOT_URLCONF = "cjm.urls"
ASGI_APPLICATION = "cjm.asgi.application"
AUTH_USER_MODEL = "workspaces.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "workspaces.accounts.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "workspaces.forms.SignupExtra"

EMAIL_URL = os.environ.get("EMAIL_URL", "")
ACCOUNT_EMAIL_VERIFICATION = "optional" if EMAIL_URL else "none"
if EMAIL_URL:
    _mail = urlsplit(EMAIL_URL)
    if _mail.scheme not in ("smtp", "smtps", "smtp+tls"):
        raise ImproperlyConfigured("EMAIL_URL must begin with smtp:, smtp+tls: or smtps:.")
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp+tls"
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "workspaces.outbox.OutboxBackend"
DEFAULT_FROM_EMAIL = os.environ.get("CJM_FROM", "cjm@localhost")

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cjm.shell.shell",
            ],
            "builtins": ["workspaces.templatetags.ui"],
        },
    }
]

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [DATA_DIR / "locale"]  # compiled from locale/ at start
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "files"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _flag("CJM_HTTPS", False)
SESSION_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("CJM_BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "style-src-elem": ["'self'"],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
API_BODY_LIMIT = 2 * 1024 * 1024
API_DEPTH_LIMIT = 32
TOUCHES_PER_SECOND = _number("CJM_TOUCHES_PER_SECOND", 20_000)  # per workspace; above it ingest answers 429
TOUCHES_BURST = TOUCHES_PER_SECOND * 10

CACHES = {
    "default": {"BACKEND": "cjm.cache.ForgivingCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

REST_FRAMEWORK = {
    "URL_FORMAT_OVERRIDE": None,  # `?format=` belongs to the exports
    "DEFAULT_AUTHENTICATION_CLASSES": ["workspaces.rest_defaults.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["workspaces.rest_defaults.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["workspaces.rest_defaults.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "workspaces.rest_defaults.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "cjm.problems.api_problem",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CJM",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

TEST_RUNNER = "django.test.runner.DiscoverRunner"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "cjm.logs.lines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["out"], "level": os.environ.get("CJM_LOG") or ("WARNING" if sys.stderr.isatty() else "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "uvicorn.access": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "kombu.connection": {"level": "ERROR"},  # the broker in memory has no host, and says so
    },
}
SILENCED_SYSTEM_CHECKS = ["account.W001"]
