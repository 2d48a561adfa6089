"""Every setting, read from the environment. docs/configuration.md lists them."""

import math
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from common.deadlines import LONGEST_TASK_S
from common.logs import logging_config
from config import env
from config.admin_look import unfold_settings

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# --- Where things are kept -----------------------------------------------------
DATA_DIR = env.path("HERALD_DATA_DIR", BASE_DIR / ".run" / "data")
FILES_DIR = DATA_DIR / "files"

# --- Django core ---------------------------------------------------------------
SECRET_KEY = env.secret("HERALD_SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = env.words("HERALD_ALLOWED_HOSTS", ["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.words("HERALD_TRUSTED_ORIGINS", [])
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # the default one puts its own site in ours
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "config.admin_app.HeraldAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "crispy_forms",
    "django_filters",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_q",
    "axes",
    "common",
    "config.people",
    "releases",
    "trackers",
    "uploads",
    "config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.people.middleware.PageLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.people.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.writes.DatabaseTroubleMiddleware",
    "config.idempotency.IdempotencyMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.writes.database",
            ],
            "builtins": ["common.templatetags.herald_texts"],
        },
    }
]
CRISPY_TEMPLATE_PACK = "unfold_crispy"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["unfold_crispy"]

# --- Admin: name, colours and side bar (config/admin_look.py, config/navigation.py) --
UNFOLD = unfold_settings()
LOGIN_REDIRECT_URL = "admin:index"

# --- Database ------------------------------------------------------------------
DATABASES = {
    "default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'herald.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Language and time ---------------------------------------------------------
LANGUAGE_CODE = "en"
# Others only as far as they are translated: docs/translating.md.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.zone("HERALD_TIME_ZONE", "UTC")
USE_TZ = True
FORMAT_MODULE_PATH = "common.formats"

# --- Signing in: config/people/services/signing_in.py -----------------------------------
# Without proxies of ours, what a caller says about itself counts for nothing.
PROXIES = env.integer("HERALD_PROXIES", 0)
SESSION_ENGINE = "config.people.sessions"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # counts wrong tries, and lets nobody in
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = env.integer("HERALD_LOGIN_TRIES", 5, at_least=1, at_most=1000)
AXES_COOLOFF_TIME = timedelta(
    minutes=env.integer("HERALD_LOGIN_PAUSE", 15, at_least=1, at_most=10_080)
)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "config.people.addresses.counted_address"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_SENSITIVE_PARAMETERS = [
    *("username", "ip_address", "password", "otp", "csrfmiddlewaretoken")
]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# The login page and the API say themselves that a name is locked.
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
# Who must have a second factor: nobody, approvers and admins, or everybody.
REQUIRE_TOTP = env.choice(
    "HERALD_REQUIRE_TOTP", "nobody", ("nobody", "approver", "everybody")
)

# --- Static files --------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- API -----------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "config.authentication.ScopedTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "common.parsers.BoundedJSONParser",
        "common.parsers.BoundedFormParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "config.pages.Pages",
    "DEFAULT_FILTER_BACKENDS": [
        "common.lists.Filters",
        "common.lists.Search",
        "common.lists.Ordering",
    ],
    "URL_FORMAT_OVERRIDE": None,  # the header Accept says it
    "DEFAULT_SCHEMA_CLASS": "config.schema.HeraldSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "1200/min", "login": "10/min"},
    "NUM_PROXIES": PROXIES,
    "EXCEPTION_HANDLER": "config.api.exception_handler",
}
# The longest life that a token may be given; one that asks for none gets 90 days.
TOKEN_MAX_DAYS = env.integer("HERALD_TOKEN_MAX_DAYS", 365, at_least=1, at_most=3650)
TOKEN_DAYS = min(90, TOKEN_MAX_DAYS)
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105 - the name of a model
REST_KNOX = {"TOKEN_TTL": timedelta(days=TOKEN_DAYS), "AUTH_HEADER_PREFIX": "Token"}
# Each stream of events holds a thread of its web process as long as it is open.
EVENT_STREAMS = env.integer("HERALD_EVENT_STREAMS", 4, at_least=0, at_most=1000)
SPECTACULAR_SETTINGS = {
    "TITLE": "Herald",
    "DESCRIPTION": "Publishes one release to every private tracker its owner is on.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    # Links inside the buttons that open an operation would be no use to a keyboard.
    "SWAGGER_UI_SETTINGS": {"deepLinking": False},
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "ReleaseKind": "releases.models.Release.Kind",
        "ReleaseState": "releases.models.Release.State",
        "CandidateState": "releases.models.Candidate.State",
    },
}

# --- Queue: django-q2 only carries nudges, the rows are the truth --------------
BROKER_URL = env.url("BROKER_URL", "", schemes=("redis", "rediss"))
# Never ends a worker that is sending, and claims outlive every upload.
TASK_TIMEOUT_SECONDS = env.integer(
    "HERALD_TASK_TIMEOUT", 900, at_least=math.ceil(LONGEST_TASK_S)
)
PREPARE_TIMEOUT_SECONDS = env.integer("HERALD_PREPARE_TIMEOUT", 86_400, at_least=60)
# Reading and hashing a terabyte may take hours; no other task may.
TASK_TIMEOUTS = {"releases.tasks.prepare_release": PREPARE_TIMEOUT_SECONDS}
Q_CLUSTER: dict[str, Any] = {
    "name": "herald",
    "workers": env.integer("HERALD_WORKERS", 4, at_least=1, at_most=1000),
    "timeout": TASK_TIMEOUT_SECONDS,
    "retry": TASK_TIMEOUT_SECONDS + 120,
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": -1,
    "poll": 0.2,
    "catch_up": False,
    "label": "Worker",
}
# Uploads that one worker process sends at the same time.
UPLOAD_THREADS = env.integer("HERALD_UPLOAD_THREADS", 10, at_least=1, at_most=100)
# A claim by a worker on another machine counts as abandoned after this.
CLAIM_LEASE_SECONDS = TASK_TIMEOUT_SECONDS + 60
# When a tracker is asked for an upload whose answer got lost: each wait in seconds.
# Found at no look means that it is not there and may be sent again. Empty: as long as
# the family says that a site's index may lag.
SETTLE_LOOKS = env.seconds("HERALD_SETTLE_LOOKS", [])
# How long uploads wait for a tracker that cannot be reached, before they fail.
TRACKER_PATIENCE_SECONDS = 3600 * env.integer(
    "HERALD_TRACKER_PATIENCE", 48, at_least=1, at_most=8760
)
HEARTBEAT_LATE_SECONDS = env.integer("HERALD_HEARTBEAT_LATE", 60, at_least=15)
# How long after a look into a watch folder the next one follows.
WATCH_SECONDS = env.integer("HERALD_WATCH_SECONDS", 10, at_least=1, at_most=86_400)
DISK_LOW_BYTES = env.integer("HERALD_DISK_LOW_MIB", 200) * 2**20
if BROKER_URL:
    Q_CLUSTER["redis"] = BROKER_URL
else:
    Q_CLUSTER["orm"] = "default"

# --- Metadata services ---------------------------------------------------------
# Empty switches it off: Herald works offline.
AUDNEXUS_URL = env.url(
    "HERALD_AUDNEXUS_URL", "https://api.audnex.us", schemes=("http", "https")
)
AUDNEXUS_REGION = env.choice(
    "HERALD_AUDNEXUS_REGION",
    "us",
    ("au", "ca", "de", "es", "fr", "in", "it", "jp", "us", "uk"),
)

# --- Keys: common/keys.py reads them; docs/security.md explains the sources -------
HERALD_KEYS: dict[str, Any] = {
    "file": env.text("HERALD_MASTER_KEY_FILE", ""),
    "text": env.text("HERALD_MASTER_KEY", ""),
    "passphrase": env.secret("HERALD_MASTER_PASSPHRASE"),
    "keyring": env.boolean("HERALD_KEYRING", False),
}

# --- Logs: secrets are removed at the handler (common/logs.py) --------------------
LOGGING = logging_config(
    env.choice(
        "HERALD_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
    ),
    json_lines=env.boolean("HERALD_LOG_JSON", False),
)

# --- Notifications: the address people open Herald at, for links in messages ------
HERALD_URL = env.url("HERALD_URL", "", schemes=("http", "https"))

# --- Webhooks: whether they may lead into this machine and its own network ---------
WEBHOOK_PRIVATE = env.boolean("HERALD_WEBHOOK_PRIVATE", False)

# --- Outgoing HTTP: how to reach whoever runs this Herald; part of the User-Agent --
HERALD_CONTACT = env.text("HERALD_CONTACT", "")
HERALD_VERSION: str = tomllib.loads(
    (BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
)["project"]["version"]
