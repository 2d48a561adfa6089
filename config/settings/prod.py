"""For real use: everything comes from the environment, and a key must be set."""

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.settings.base import *  # noqa: F403 - settings modules extend the base
from config.settings.base import SECRET_KEY

if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured(
        "HERALD_SECRET_KEY (or HERALD_SECRET_KEY_FILE) must hold at least 32 random "
        "characters; make one with: python -c 'import secrets; "
        "print(secrets.token_urlsafe(50))'"
    )

# Behind a TLS proxy everything is https; switch it off only for a private network.
_HTTPS = env.boolean("HERALD_HTTPS", True)
SECURE_SSL_REDIRECT = _HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_HSTS_PRELOAD = _HTTPS
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
