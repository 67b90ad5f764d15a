"""Requests, templates, static files, language."""

import os

from linli.config.settings.environment import ROOT, STATE_DIR

ROOT_URLCONF = "linli.config.urls"
WSGI_APPLICATION = "linli.config.wsgi.application"
ALLOWED_HOSTS = os.environ.get("LINLI_HOSTS", "127.0.0.1,localhost,testserver").split(",")
APPEND_SLASH = True
MIDDLEWARE = [
    "linli.foundation.access.views.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "linli.ui.views.built.BuiltFiles",
    "csp.middleware.CSPMiddleware",
    "linli.channels.portal.views.cache.AnonymousPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Sessions end half an hour after the last request; a first or old password is changed before anything else, so this stands before
    # the middleware that runs the view as its actor.
    "linli.foundation.accounts.views.sessions.SessionRules",
    "linli.foundation.access.views.middleware.ActorMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "linli.ui.engine.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "linli.ui.templatetags.ui"],
        },
    }
]
CSRF_FAILURE_VIEW = "linli.ui.views.errors.csrf_failure"
# Widgets drawn by Jinja2 cost a fifth of the time: a filter with two dozen options is on every list.
FORM_RENDERER = "django.forms.renderers.Jinja2"
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [ROOT / "frontend" / "dist"] if (ROOT / "frontend" / "dist").exists() else []
FRONTEND_MANIFEST = ROOT / "frontend" / "dist" / ".vite" / "manifest.json"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"/assets/[^/]+-[\w-]{8}\.\w+$"  # Vite writes the hash of the content into the name
MEDIA_ROOT = STATE_DIR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "Simplified Chinese"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
