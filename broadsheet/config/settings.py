"""The one settings file: facts of the deployment, from the environment. What an editor may change is a house rule instead.

Every BROADSHEET_… name read here stands in .env.example.
"""

from importlib import import_module
from pathlib import Path

import dj_database_url

from broadsheet.access import passes
from broadsheet.config import environment as env

PACKAGE = Path(__file__).resolve().parent.parent
DEMO = env.yes_or_no("BROADSHEET_DEMO", default=False)
STATE = Path(env.text("BROADSHEET_STATE", ".state/demo" if DEMO else "state")).resolve()
if not DEMO and env.text("BROADSHEET_CLOCK_FILE", ""):
    raise env.BadSetting("BROADSHEET_CLOCK_FILE is set: only the demo's clock may be moved. Unset it.")
DEMO_SECRET = "the demo's secret; everybody knows it; never on the open net"
SECRETS = env.words("BROADSHEET_SECRET_KEY", DEMO_SECRET if DEMO else "")
if not SECRETS:
    raise env.BadSetting("BROADSHEET_SECRET_KEY is not set: `broadsheet new` makes one, or give 50 random characters.")
if not DEMO and (DEMO_SECRET in SECRETS or any(len(secret) < 32 for secret in SECRETS)):
    raise env.BadSetting("BROADSHEET_SECRET_KEY is the demo's or shorter than 32 characters: give a secret of your own.")
SECRET_KEY, *SECRET_KEY_FALLBACKS = SECRETS

DEBUG = False
BASE_URL = env.web_address("BROADSHEET_URL", "http://127.0.0.1:8000")
PUBLICATION_NAME = env.text("BROADSHEET_NAME", "The Meridian Review" if DEMO else "Broadsheet")
ALLOWED_HOSTS = list(env.words("BROADSHEET_HOSTS", "127.0.0.1,localhost"))
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE = BASE_URL.startswith("https://")
TRUSTED_PROXIES = env.words("BROADSHEET_TRUSTED_PROXIES")
CRAWLERS = env.words("BROADSHEET_CRAWLERS")
# The wire asks no server of our own network but these (host:port); in the demo the outlets that it invents.
WIRE_VOUCHED_FOR = (*env.words("BROADSHEET_WIRE_VOUCHED_FOR"), *([BASE_URL.partition("//")[2]] if DEMO else []))

# Money is taken by Stripe alone. Without a key nothing is sold; without a secret no notice is heeded.
STRIPE_SECRET_KEY = env.text("BROADSHEET_STRIPE_KEY", "sk_test_of_the_demo" if DEMO else "")
STRIPE_NOTICE_SECRETS = env.words("BROADSHEET_STRIPE_NOTICE_SECRETS", "whsec_of_the_demo" if DEMO else "")
STRIPE_TAX = env.yes_or_no("BROADSHEET_STRIPE_TAX", default=False)
STRIPE_HTTP_CLIENT = None
STRIPE_API_BASE = env.text("BROADSHEET_STRIPE_URL", BASE_URL if DEMO else "")
if STRIPE_SECRET_KEY and not STRIPE_SECRET_KEY.startswith(("sk_test_", "rk_test_", "sk_live_", "rk_live_")):
    raise env.BadSetting("BROADSHEET_STRIPE_KEY is no secret key of Stripe's: those begin with sk_ or rk_, then test_ or live_.")
if STRIPE_API_BASE and "_live_" in STRIPE_SECRET_KEY:
    raise env.BadSetting("BROADSHEET_STRIPE_URL names a stand-in for Stripe, which never gets a live key. Unset one of them.")

# A language model that shortens quotations, where there is one: any endpoint that speaks as OpenAI's does.
MODEL_URL = env.web_address("BROADSHEET_MODEL_URL", "http://none") if env.text("BROADSHEET_MODEL_URL", "") else ""
MODEL_KEY = env.key("BROADSHEET_MODEL_KEY")
MODEL_NAME = env.text("BROADSHEET_MODEL_NAME", "")
if MODEL_URL and not MODEL_NAME:
    raise env.BadSetting("BROADSHEET_MODEL_URL is set, but not which model is asked there: set BROADSHEET_MODEL_NAME.")

INSTALLED_APPS = [
    "broadsheet.kit",
    "broadsheet.design",
    "broadsheet.mailroom",
    "broadsheet.membership",
    "broadsheet.newsroom",
    "broadsheet.press",
    "broadsheet.wire",
    "broadsheet.library",
    "broadsheet.research",
    "broadsheet.billing",
    "broadsheet.newsletters",
    *(["broadsheet.config.demo"] if DEMO else []),
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "broadsheet.membership.apps.ReadersOnTheDesk",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "broadsheet.membership.middleware.EndedElsewhere",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "broadsheet.membership.looking.OnlyLooking",
    "broadsheet.membership.middleware.SecondFactor",
    "broadsheet.config.middleware.ReadersPolicy",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "broadsheet.config.urls"
WSGI_APPLICATION = "broadsheet.config.wsgi.application"
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    }
]

DATABASE_URL = env.database_address("BROADSHEET_DATABASE_URL", f"sqlite:///{STATE}/broadsheet.sqlite3")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
match DATABASES["default"]["ENGINE"]:
    case "django.db.backends.sqlite3":
        # IMMEDIATE and a long time-out: writers queue instead of failing (docs/adr/0013).
        DATABASES["default"]["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=67108864;",
        }
    case "django.db.backends.postgresql":
        DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60  # seconds; opening one costs more than most of what is asked of it
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, since login's rate limits count in it: one process's memory would forget them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000, "CULL_FREQUENCY": 10},  # the default of 300 would let a flood wash counts away
    }
}

AUTH_USER_MODEL = "membership.Reader"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
SESSION_COOKIE_NAME = passes.SESSION_COOKIE
SESSION_COOKIE_AGE = 400 * 24 * 3600  # the longest that browsers keep a cookie
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.zone("BROADSHEET_ZONE", "Europe/London")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "broadsheet.design.bundle.BundleFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = STATE / "media"
SPOOL = STATE / "spool"  # readings that the gate has written and nobody has folded in yet
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": f"broadsheet.config.static.{'PagesCompressed' if DEMO else 'AllCompressed'}"},
}

MAIL_FROM = env.text("BROADSHEET_MAIL_FROM", "The Meridian Review <post@meridian.example>" if DEMO else "post@localhost")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend" if DEMO else "broadsheet.mailroom.smtp_backend.EmailBackend"
EMAIL_HOST = env.text("BROADSHEET_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("BROADSHEET_SMTP_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = env.text("BROADSHEET_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.text("BROADSHEET_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.yes_or_no("BROADSHEET_SMTP_STARTTLS", default=False)
EMAIL_TIMEOUT = 30
# Loaded only where there is something to read: a gate that runs alone needs no cryptography.
_mail = "broadsheet.config.mail_settings"
MAIL_RETURNS_TO: str = import_module(_mail).returns_to() if env.text("BROADSHEET_RETURNS_TO", "") else ""
DKIM_KEYS = import_module(_mail).dkim_keys(MAIL_FROM) if env.text("BROADSHEET_DKIM_KEY", "") else ()
MAIL_RETURNS_MAILBOX: str = import_module(_mail).returns_mailbox() if env.text("BROADSHEET_RETURNS_MAILBOX", "") else ""
MAIL_LEAVES_FROM = env.internet_addresses("BROADSHEET_MAIL_LEAVES_FROM")
NAMESERVERS = env.words("BROADSHEET_NAMESERVERS")
if NAMESERVERS:
    import_module(_mail).refuse_no_nameservers(NAMESERVERS)
MAIL_PROVIDER = env.text("BROADSHEET_MAIL_PROVIDER", "")
ANYMAIL: dict[str, object] = {}
if MAIL_PROVIDER and not DEMO:
    EMAIL_BACKEND, ANYMAIL = import_module(_mail).provider(MAIL_PROVIDER)
MAIL_KEEPS_CODES = DEMO  # else they are blanked in the outbox once they are sent

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "press", "mail", "stripe", "long", "bulk", "editions", "wire", "finding", "research", "dossiers"],
    },
}

WAGTAIL_SITE_NAME = PUBLICATION_NAME
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_APPEND_SLASH = True
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS = [{"class": "wagtail.embeds.finders.oembed"}]

WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False  # a new address is verified first, on the reader's account page
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False

# The one way in is /join/ (membership.views); allauth carries the session, the second factor and new addresses.
ACCOUNT_ADAPTER = "broadsheet.membership.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
# Key: the address, its variants counted as one; in join-here together with the network that asks, so that nobody is locked out
# by what is sent from elsewhere; in join-beyond variants of an address apart from it. How they play
# together stands in membership.views.joining.
ACCOUNT_RATE_LIMITS = {
    "join-from": "30/m/ip",
    "join-here": "6/h/key",
    "join": "30/h/key",
    "join-beyond": "8/h/key",
    "code-borrowed": "3/h/key",
    "code": "60/m/ip",
    "gift-code": "10/h/key",
    "gift-link": "60/m/ip",
    "give-year": "20/h/key",
    "sign-up-from": "30/m/ip",
    "sign-up-here": "6/h/key",
    "sign-up": "20/h/key",
    "checkout": "20/h/key",
    "invite": "30/h/key",
    "seat": "20/h/key",
    "shelf": "60/m/key",
    "cite": "20/m/ip",
    "epub": "6/m/ip",
    "search": "300/m/ip",
    "ask": "60/m/ip",
    "ask-spent": "40/d/key",
    "compare": "300/m/ip",
    "feed": "300/m/ip",
    "suggest": "1000/m/ip",
    "passkey": "30/m/ip",
    # At doors of allauth's: a second factor, showing again who one is, an address, a code for it.
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/10s/key",
}
STORY_AT = "broadsheet.config.stories.story_at"
SIGHT_OF = "broadsheet.config.sights.sight_of_request"
DECISION_OF = "broadsheet.config.sights.decision_of_request"
WALL_ALLOWANCE = "broadsheet.membership.queries.wall_allowance"
ALIKE = "broadsheet.library.related.alike"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # unique on Lower("email"), which the check does not see
LOGIN_URL = "/join/"
LOGIN_REDIRECT_URL = "/"
MFA_ADAPTER = "broadsheet.membership.adapter.FactorAdapter"
MFA_TOTP_ISSUER = PUBLICATION_NAME
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"broadsheet": {"level": "INFO"}},
}
