"""Who signs in and how."""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["linli.foundation.accounts.queries.SessionBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/accounts/sign-in/"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "linli.foundation.accounts.queries"
SESSION_COOKIE_AGE = 30 * 60  # idle limit of GB/T 22239 level 3, renewed while the person works
SESSION_SAVE_EVERY_REQUEST = False
ACCOUNT_LOCK_AFTER = 5
ACCOUNT_LOCK_MINUTES = 30
