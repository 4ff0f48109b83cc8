"""Settings of the server, from the environment. docs/how-to/run-for-real.md lists every variable."""

from __future__ import annotations

import os
import re
import secrets
from datetime import date, time
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from guatu.server.database import database_settings

SERVER = Path(__file__).parent
HOME = Path(os.environ.get("GUATU_HOME") or Path.home() / ".local" / "share" / "guatu").expanduser()
"""The folder of what this installation keeps: the SQLite database, the secret key, uploads."""


def _today(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"GUATU_TODAY：“{text}”不是日期，应写作 YYYY-MM-DD，例如 2023-10-13"
        ) from error


def _switch(name: str) -> bool:
    text = os.environ.get(name, "0")
    if text not in ("0", "1"):
        raise ImproperlyConfigured(f"{name}：应写 1（开）或 0（关），现在写的是“{text}”")
    return text == "1"


def _days(name: str, default: int, least: int) -> int:
    text = os.environ.get(name, "") or str(default)
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= 36_500):
        raise ImproperlyConfigured(f"{name}：应写天数，至少 {least}，现在写的是“{text}”")
    return int(text)


def _quiet(text: str) -> tuple[time, time]:
    try:
        begins, ends = (time.fromisoformat(part) for part in (text or "20:00-08:00").split("-"))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"GUATU_QUIET：“{text}”应写作 20:00-08:00，即从几点到几点不发消息；写 00:00-00:00 就随时可发"
        ) from error
    return begins, ends


def _secret_key() -> str:
    """The key given by the environment; else the one in the home folder, made once and readable by its owner."""
    given = os.environ.get("GUATU_SECRET_KEY", "")
    if given:
        return given
    path = HOME / "secret-key"
    try:
        HOME.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(handle, "w", encoding="ascii") as file:
            key = secrets.token_urlsafe(48)
            file.write(key)
        return key
    except OSError as error:
        raise ImproperlyConfigured(
            f"GUATU_HOME：不能在“{HOME}”里读写密钥（{error.strerror}）；请给出有写权限的文件夹，"
            "或用 GUATU_SECRET_KEY 给出密钥"
        ) from error


GUATU_TODAY = _today(os.environ.get("GUATU_TODAY", ""))
GUATU_SCHEME = os.environ.get("GUATU_SCHEME", "tangshan-2023")
"""The scheme by which months are judged: its id, or the path of its folder."""

GUATU_JURISDICTION = os.environ.get("GUATU_JURISDICTION", "")
"""The name of the place on pages and papers; where it is empty, the scheme's own."""
GUATU_AGENCY = os.environ.get("GUATU_AGENCY", "")
"""The name of the office that issues the papers; where it is empty, the scheme's own."""

GUATU_PERSONAL_DAYS = _days("GUATU_PERSONAL_DAYS", 365, 1)
"""Days for which the personal values beside the record are kept."""
GUATU_ACCESS_DAYS = _days("GUATU_ACCESS_DAYS", 400, 180)
"""Days for which the access log is kept; not less than half a year."""

GUATU_BACKUPS = os.environ.get("GUATU_BACKUPS") or str(HOME / "backups")
"""The folder in which the server itself writes backups."""

GUATU_QUIET = _quiet(os.environ.get("GUATU_QUIET", ""))
"""The hours in which no message goes out, as two times of day; messages wait on days off, too."""

GUATU_ACCESS_THREAD = True
"""Whether a thread writes the access log by itself; without it, what waits is written when asked for."""

SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = [
    host for host in os.environ.get("GUATU_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host
]
HTTPS = _switch("GUATU_HTTPS")
"""Whether people reach the server by https (cookies are then sent by https alone)."""

DATABASES = {"default": database_settings(os.environ.get("GUATU_DATABASE_URL", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "guatu.server.accounts",
    "guatu.server.record",
    "guatu.server.access",
    "guatu.server.timed",
    "guatu.server.portfolio",
    "guatu.server.reporting",
    "guatu.server.given",
    "guatu.server.proposals",
    "guatu.server.imports",
    "guatu.server.assessment",
    "guatu.server.frame",
    "guatu.server.dashboards",
    "guatu.server.documents",
    "guatu.server.schemes",
    "guatu.server.laboratory",
    "guatu.server.saved",
    "guatu.server.year_files",
    "guatu.server.messages",
    "guatu.server.backups",
    "guatu.server.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "guatu.server.access.middleware.AccessLog",
    "django.contrib.messages.middleware.MessageMiddleware",
    "guatu.server.accounts.gate.Gate",
    "guatu.server.assessment.looking_back.LookingBack",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "guatu.server.urls"
WSGI_APPLICATION = "guatu.server.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guatu.server.frame.context.frame",
            ]
        },
    }
]

# Sign-in -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username",)},
    },
    {"NAME": "guatu.server.accounts.passwords.LongEnough"},
    {"NAME": "guatu.server.accounts.passwords.NoneOfTheLast"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Second factor and single sign-on, by django-allauth without its pages: off until switched on, by name, on the site.
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "guatu.server.accounts.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SOCIALACCOUNT_ADAPTER = "guatu.server.accounts.oidc.Adapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
GUATU_OIDC_SECRET = os.environ.get("GUATU_OIDC_SECRET", "")
"""The secret that the issuer of the single sign-on gave this site."""

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
"""Hours for which a user name is locked for an address after five wrong passwords: a quarter of an hour."""
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "frame/locked_out.html"

# What the browser is told ------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if HTTPS else None
SESSION_COOKIE_NAME = "guatu_session"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "guatu_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host != "*"]
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 30 * 24 * 60 * 60

# Language and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [SERVER / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Assets ------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:
    """A built asset carries the digest of its content in its name, so it may be kept for ever."""
    return re.search(r"/built/.*[-.][0-9A-Za-z_-]{8,}\.\w+$", url) is not None


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    # What it says of failures may hold addresses of people; the outbox has it in words.
    "loggers": {"apprise": {"handlers": ["nowhere"], "propagate": False}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
