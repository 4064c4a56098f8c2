"""One settings module. What changes between machines is read from the environment, at the top.

Defaults are safe and runnable: without any variable the site runs on SQLite, a broker made of
files and mail written into a folder. `manage.py check --deploy` refuses those in production.
"""

import secrets
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from raict import env

BASE_DIR = Path(__file__).resolve().parent.parent

# ------------------------------------------------------------------------------- environment
env.read(BASE_DIR / ".env")
VAR = env.folder("RAICT_VAR", BASE_DIR / "var")
PORT = env.integer("PORT", 8000)
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
DEBUG = env.boolean("DEBUG", default=False)
REDIS_URL = env.text("REDIS_URL")
_SECRET_KEY_FILE = VAR / "secret.key"
SECRET_KEY = (
    env.text("SECRET_KEY")
    or (_SECRET_KEY_FILE.read_text().strip() if _SECRET_KEY_FILE.exists() else "")
    # Links signed with this one die with the process: `manage.py prepare` writes the file.
    or secrets.token_urlsafe(50)
)
ALLOWED_HOSTS = [
    *{"127.0.0.1", "localhost", "[::1]", urlsplit(SITE_URL).hostname or "localhost"},
    *env.words("ALLOWED_HOSTS"),
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# How many proxies of ours stand in front: so many last hops of X-Forwarded-For are trusted.
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", 0)
# Submissions of the registration form from one address in ten minutes; 0 lifts the limit.
# A town hall may register its whole delegation from behind one address.
FORM_POSTS_PER_ADDRESS = env.integer("FORM_POSTS_PER_ADDRESS", 300)
# Diet, access and interpretation are deleted so many days after an edition.
NEEDS_KEPT_DAYS = env.integer("NEEDS_KEPT_DAYS", 30)
# Letters and numbers of press cards, given for an accreditation: the same.
PRESS_PAPERS_KEPT_DAYS = env.integer("PRESS_PAPERS_KEPT_DAYS", 30)
# Jobs (long work that the team asked for) and their files are deleted after so many days.
JOBS_KEPT_DAYS = env.integer("JOBS_KEPT_DAYS", 30)
WEB_WORKERS = env.integer("WEB_WORKERS", 2)
# Whether `manage.py prepare` brings the demonstration edition.
DEMONSTRATION = env.boolean("RAICT_DEMO", default=True)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "RAICT <inscriptions@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ------------------------------------------------------------------------------- application
INSTALLED_APPS = [
    "raict.apps.RaictConfig",
    # Before ours, which take their pages out of the workplace: they would show the keys.
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "raict.accounts.apps.AccountsConfig",
    "raict.mail.apps.MailConfig",
    "raict.jobs.apps.JobsConfig",
    "raict.tables.apps.TablesConfig",
    "events.apps.EventsConfig",
    "sessions.apps.ProgrammeConfig",
    "registrations.apps.RegistrationsConfig",
    "raict.apps.RaictAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_countries",
    "translated_fields",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "raict.kept.KeptFilesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "raict.http.AddressLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "raict.accounts.signed_in.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "raict.http.BusyMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "raict.urls"
WSGI_APPLICATION = "raict.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
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
                "events.context.site",
            ],
            "builtins": ["raict.templatetags.raict"],
        },
    },
]
FORM_RENDERER = "raict.widgets.Renderer"

# ---------------------------------------------------------------------------------- database
DATABASES = {
    "default": env.database("DATABASE_URL", f"sqlite:///{quote(str(VAR / 'raict.sqlite3'))}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at BEGIN, so that check-then-write cannot interleave; WAL lets
    # readers go on. Under saturation SQLite's lock is unfair: waits of 5 s were seen, hence 20.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
    # Tests race threads and processes over it: a database in memory belongs to one connection.
    DATABASES["default"]["TEST"] = {"NAME": VAR / "test.sqlite3"}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options", "-c statement_timeout=30s -c lock_timeout=10s -c jit=off"
    )

if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "raict",
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR / "cache" / "django",
        }
    }

# ------------------------------------------------------------------------------------ celery
# The broker only wakes workers up: every mail is a row first, and a sweep finds what the broker
# lost (see raict/mail). So the broker may be plain files, and may be thrown away at any moment.
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5}
else:
    CELERY_BROKER_URL = "files://localhost"
    CELERY_BROKER_TRANSPORT = "raict.mail.transport:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {"folder": str(VAR / "broker")}
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # « celery inspect » needs a server
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_PUBLISH_RETRY = False  # a request never waits for a broker that is away
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 8  # tasks are tiny; a file is looked for in vain less often
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep the outbox": {
        "task": "mail.sweep",
        "schedule": timedelta(seconds=env.integer("MAIL_SWEEP_SECONDS", 15)),
        # Those that pile up while no worker runs are dropped when one comes; minutes, not
        # seconds, because the clocks of two machines may differ.
        "options": {"expires": 300},
    },
    "sweep the jobs": {
        "task": "jobs.run",
        "schedule": timedelta(seconds=env.integer("JOBS_SWEEP_SECONDS", 15)),
        "options": {"expires": 300},
    },
    "settle seats": {
        "task": "registrations.settle",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 300},
    },
    "tell of changes": {
        "task": "registrations.tell",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 300},
    },
    "write group mail": {
        "task": "registrations.circulars",
        "schedule": timedelta(seconds=env.integer("CIRCULAR_SWEEP_SECONDS", 15)),
        "options": {"expires": 300},
    },
    "begin timed mails": {
        "task": "registrations.timed",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 300},
    },
    "publish releases": {
        "task": "press.publish",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 300},
    },
    "make press kits": {
        "task": "press.kit",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 300},
    },
    "mail to the press": {
        "task": "press.mail",
        "schedule": timedelta(seconds=60),
        "options": {"expires": 300},
    },
    "forget jobs": {
        "task": "jobs.forget",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 3600},
    },
    "forget imports": {
        "task": "tables.forget",
        "schedule": crontab(hour=3, minute=25),
        "options": {"expires": 3600},
    },
    "forget needs": {
        "task": "registrations.forget_needs",
        "schedule": crontab(hour=3, minute=30),
        "options": {"expires": 3600},
    },
    "forget press papers": {
        "task": "registrations.forget_papers",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3600},
    },
}

# -------------------------------------------------------------------------------------- mail
vars().update(env.mail("EMAIL_URL", f"filemail:///{quote(str(VAR / 'mail'))}"))
if EMAIL_BACKEND.endswith("filebased.EmailBackend"):  # noqa: F821 -- set by the line above
    EMAIL_BACKEND = "raict.mail.backends.FolderBackend"  # one .eml a message
EMAIL_TIMEOUT = 15  # short enough to say good-bye within MAIL_TIME_LIMIT
EMAIL_USE_LOCALTIME = True  # « Date: … +0100 » rather than an unknown zone
# Under which name the DKIM key of the sender's domain stands: for `manage.py check_mail` alone.
DKIM_SELECTOR = env.text("DKIM_SELECTOR")
# Seconds that a worker may spend on mail in one go. Past them it is killed, so a message still
# « being sent » a little later has lost its worker for sure and may be taken by another.
MAIL_TIME_LIMIT = env.integer("MAIL_TIME_LIMIT", 90)
MAIL_LEASE = timedelta(seconds=MAIL_TIME_LIMIT * 10 / 9)
# Group mail is written in slices: so many a minute, for the sake of the mail server's limits.
CIRCULAR_PER_MINUTE = env.integer("CIRCULAR_PER_MINUTE", 120)
# What each kind of letter is called, for the team.
MAIL_TITLES = "registrations.letters.TITLES"
# What a message may carry is made when it leaves, by the named function, from the row's reference.
MAIL_ATTACHMENTS = {
    "badge": "registrations.documents.badge_attachment",
    "calendar": "registrations.documents.calendar_attachment",
    "release": "events.press.mailing.release_attachment",
}

# -------------------------------------------------------------------------------------- jobs
# Long work, by name: the function that the worker calls (raict/jobs/running.py).
JOBS = {
    "badges": "registrations.documents.print_badges",
    "sign-in-sheets": "registrations.documents.signing.print_sheets",
    "registrations.decide": "registrations.services.decide_many",
    "tables.compare": "raict.tables.importing.compare_job",
    "tables.apply": "raict.tables.importing.apply_job",
}
# Seconds after which a job is killed; and after which one that gives no sign of life is begun anew.
JOB_TIME_LIMIT = env.integer("JOB_TIME_LIMIT", 3600)
JOB_SILENCE = env.integer("JOB_SILENCE", 60)

# -------------------------------------------------------------------------------------- tables
# What goes out to a spreadsheet and comes in again, by name (raict/tables/table.py).
TABLES = {
    "partners": "events.tables.Partners",
    "programme": "registrations.tables.Programme",
    "speakers": "sessions.tables.Speakers",
    "organisations": "registrations.tables.Organisations",
    "participants": "registrations.tables.Participants",
}
# How long a file that was sent, and what it would change, are kept.
IMPORTS_KEPT_DAYS = env.integer("IMPORTS_KEPT_DAYS", 3)

# ---------------------------------------------------------------------------------- language
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "raict" / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["raict.formats"]
COUNTRIES_FIRST = ["FR"]
COUNTRIES_FIRST_REPEAT = True
COUNTRIES_OVERRIDE = {"XK": "Kosovo"}  # France recognises it; ISO 3166 leaves it out

# ------------------------------------------------------------------------- legal pages
# What the law asks the publisher of a site to say. Empty: « à compléter par l’organisateur ».
LEGAL = {
    "address": env.text("LEGAL_ADDRESS"),  # the organiser's seat
    "registration": env.text("LEGAL_REGISTRATION"),  # RNA or SIRET number
    "publisher": env.text("LEGAL_PUBLISHER"),  # who answers for what is published
    "host": env.text("LEGAL_HOST"),  # name, address and telephone of the hosting provider
    "dpo": env.text("LEGAL_DPO"),  # how to reach the data protection officer
    "retention": env.text("LEGAL_RETENTION"),  # how long registrations are kept, in words
}

# ------------------------------------------------------------------------------------ static
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
PRIVATE_ROOT = VAR / "private"  # documents that people send: no address leads to it
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {"BACKEND": "raict.uploads.PrivateStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# ----------------------------------------------------------------------------------- uploads
# What one file may weigh is each field's to say (raict/uploads.py). A whole request: the heaviest of
# them, slides of 20 MB, and the form around it. The proxy's limit is the same (docs/operations.md).
REQUEST_BYTES = 25 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "raict.uploads.RequestLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # larger files wait on the disk
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # what is typed: the notes of a session are the longest
# A team's page has its rows with it: a plenary of 60 speakers asks 800 things, an edition a logo of
# each partner (an empty field counts). Django's 1,000 and 100 would lose such a page on « save ».
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 300

# ---------------------------------------------------------------------------------- security
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False  # the proxy's work
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for every subdomain: not ours to promise for the whole domain
    "security.W008",  # the proxy sends http to https
    "security.W021",  # the browsers' preload list: same
    "axes.W001",  # the cache of files counts well on one machine, the only place where it stands
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's marks of check boxes are data: images
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# A code from the person's telephone besides the password, wherever the site is public. On this
# machine alone, as after `make run`, the password is enough.
STAFF_TWO_FACTOR = env.boolean("STAFF_TWO_FACTOR", default=HTTPS and not DEBUG)
OTP_TOTP_ISSUER = f"RAICT {urlsplit(SITE_URL).hostname}"
OTP_TOTP_SYNC = False  # one step of 30 seconds before and after, whatever came before
# A session ends after so many minutes without a page, and in any case after so many hours.
STAFF_IDLE_MINUTES = env.integer("STAFF_IDLE_MINUTES", 120)
STAFF_SESSION_HOURS = env.integer("STAFF_SESSION_HOURS", 12)
# The cookie lives longer: a form that stood open over the weekend is then known to be somebody's,
# and what was typed is kept until they have signed in again (raict/accounts/signed_in.py).
SESSION_COOKIE_AGE = 4 * 24 * 3600
# Seconds for which the link « choose your password » is good.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
# Wrong passwords: so many for one name from one network, then a wait. A softer limit, on the name
# alone, is in raict/accounts/throttle.py.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HANDLER = "raict.accounts.throttle.Failures"
AXES_CLIENT_IP_CALLABLE = "raict.ratelimit.client_network"
AXES_WHITELIST_CALLABLE = "raict.accounts.throttle.is_freed"
AXES_LOCKOUT_CALLABLE = "raict.accounts.throttle.too_many_response"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = []  # the log of failures says who and from where
CSRF_FAILURE_VIEW = "raict.views.csrf_failure"

_PROCESS = next((word for word in ("worker", "beat") if word in sys.argv), "web")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "format": f"%(asctime)s {_PROCESS:<6} %(levelname)s %(name)s: %(message)s",
            "datefmt": "%H:%M:%S",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO").upper()},
    # The sweep passes every 15 seconds, and would say so three times.
    "loggers": {
        name: {"level": "WARNING"}
        for name in (
            *("celery.beat", "celery.worker.strategy", "celery.app.trace"),
            *("weasyprint", "fontTools", "pikepdf"),  # a line for each step of each document
            "axes",  # failures only
        )
    },
}
