"""All settings. Works with nothing set: SQLite, a random key and uploads under var/, served on this machine only.

ENVIRONMENT is the one list of what a site may set; docs are compared with it by a test.
"""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.env import count, kept_secret, level, mail_server, names, number, origins, switch

BASE_DIR = Path(__file__).resolve().parent.parent

# name=(reader, value when unset)
ENVIRONMENT = {
    "DATA_DIR": (Path, BASE_DIR / "var"),
    "DATABASE_URL": (str, ""),
    "SECRET_KEY": (str, ""),
    "DEBUG": (switch, False),
    "HTTPS": (switch, False),
    "ALLOWED_HOSTS": (names, ["localhost", "127.0.0.1", "[::1]"]),
    "CSRF_TRUSTED_ORIGINS": (origins, []),
    "TRUSTED_PROXIES": (number, 0),
    "LOG_LEVEL": (level, "INFO"),
    "EMAIL_URL": (mail_server, {}),
    "EMAIL_FROM": (str, ""),
    "EXPORT_DAYS": (count, 7),
}
env = environ.Env(**ENVIRONMENT)

DATA_DIR = env("DATA_DIR")
DEBUG = env("DEBUG")
HTTPS = env("HTTPS")  # production: a proxy ends TLS before us and sets X-Forwarded-Proto
ALLOWED_HOSTS = env("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS")

if HTTPS and DEBUG:
    raise ImproperlyConfigured("HTTPS=1 is for production, where DEBUG shows secrets: unset one of them")
if HTTPS and len(env("SECRET_KEY")) < 50:
    raise ImproperlyConfigured("HTTPS=1 needs SECRET_KEY: at least 50 random characters, the same for every process")
SECRET_KEY = env("SECRET_KEY") or kept_secret(DATA_DIR / "secret_key")

# --- Parts -----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config.apps.ProjectConfig",
    "orgs",
    "rubrics",
    "assessments",
    "reports",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_q",
    "import_export",
    "axes",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",  # outside all that may answer early, so that refusals carry the policy too
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.language_middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "orgs.middleware.InitialPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it turns a lockout into the answer of the view
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

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
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database --------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": environ.Env.db_url_config(env("DATABASE_URL"))
    if env("DATABASE_URL")
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "db.sqlite3"}
}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Writers queue at BEGIN instead of failing at their first write: no lock error in 1,200 contended transactions.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,  # a list of 100,000 is written in one transaction of half a minute
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)

# --- People ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "orgs.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day; office machines are shared
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "config.hashers.ArgonHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "config.hashers.FirstPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # together: a guesser elsewhere cannot lock a person out
AXES_USERNAME_CALLABLE = "orgs.lockout.account"  # one count for each account, however its login is typed
AXES_CLIENT_IP_CALLABLE = "orgs.lockout.address"
TRUSTED_PROXIES = env("TRUSTED_PROXIES")  # that stand before us and say in X-Forwarded-For whom they serve
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "orgs/locked_out.html"
AXES_VERBOSE = False

# --- Language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Files -----------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.finders.PackageFinder",
]
# Served as the key, read from node_modules/ as the value; nothing else of node_modules/ can be reached.
STATICFILES_PACKAGES = {"vendor/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css"}

MEDIA_ROOT = DATA_DIR / "media"  # no URL: a file is read through a view that asks for the right to it
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Hashing and compressing takes half a minute: for production only.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HTTPS
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a sheet of 500 items posts several fields for each
DATA_UPLOAD_MAX_NUMBER_FILES = 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # of what is not a file
LIST_MAX_BYTES = 20 * 1024 * 1024  # of a table or document to be read: 100,000 rows have 6 MB
LIST_MAX_ROWS = 200_000
LIST_MAX_COLUMNS = 200
EVIDENCE_MAX_BYTES = 20 * 1024 * 1024  # a scan or a phone photograph
UPLOAD_MAX_BYTES = max(LIST_MAX_BYTES, EVIDENCE_MAX_BYTES)  # what of a file is kept before any form has seen it
FILE_UPLOAD_HANDLERS = [
    "config.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Background work -------------------------------------------------------------------------------------------------

# The database is the queue: nothing else to install, and more workers are more `manage.py qcluster` processes.
Q_CLUSTER = {
    "name": "kaoping",
    "orm": "default",
    "broker_class": "orgs.broker.Broker",
    "workers": 1,
    "timeout": 300,  # 100,000 rows take one minute; a busy machine may need several
    "retry": 330,  # a task whose worker was killed is handed out again 30 seconds after the time that it may take
    "ack_failures": True,  # what raised would raise again: only killed work is handed out again
    "poll": 0.5,
    "queue_limit": 1,  # what one worker holds back, another can't do
    "recycle": 50,  # a new process gives back the memory that large tables took
    "save_limit": 100,
    "catch_up": False,  # what the schedule missed is made up for once, not once for each day
    "label": _("Background work"),
}
PART_SECONDS = 120  # that a part of an export may take; most take ten
EXPORT_DAYS = env("EXPORT_DAYS")  # that a file which was made for somebody is kept
BACKGROUND_INLINE = False  # True in tests: orgs.background does the work at once
# What a transaction that is still writing wants to tell others goes around the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # beyond it any may be thrown away
    },
}

# --- E-mail ----------------------------------------------------------------------------------------------------------

# Messages stand in the product; with a mail server they are sent, too, to who gave an address.
EMAIL_FROM = env("EMAIL_FROM") if env("EMAIL_URL") else ""  # empty: nothing is ever sent
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 10
globals().update(env("EMAIL_URL"))
if env("EMAIL_URL") and "@" not in EMAIL_FROM:
    raise ImproperlyConfigured("EMAIL_URL needs EMAIL_FROM: the address that e-mails come from")

# --- The browser -----------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's stylesheet carries its small pictures
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # the proxy asks for it in the clear
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# --- Logging ---------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},  # Django's own handlers go by DEBUG and by mail; ours is one
        "django.server": {"handlers": ["console"], "propagate": False},
        "fontTools": {"level": "WARNING"},  # says each table of each font at INFO
        "weasyprint": {"level": "WARNING"},  # says each step of each page at INFO
        "django-q": {"level": "WARNING"},  # says the coming and going of its processes at INFO
        "axes": {"level": "WARNING"},  # says each login at INFO
    },
}
