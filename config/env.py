"""The one reader of the environment: typed values, `NAME_FILE` for secrets.

A variable that is set and empty counts as not set, except where empty has a meaning of
its own. Messages name the variable and never quote its value, which may be a secret.
"""

import math
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
_MOST = 10**9
_DATABASES = ("sqlite", "postgres", "postgresql", "psql", "pgsql")


def _wrong(name: str, wanted: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"{name} in the environment must be {wanted}; change or remove it."
    )


def text(name: str, default: str) -> str:
    """A text value, as it stands: a `$` at its beginning refers to nothing."""
    return cast(str, _env.ENVIRON.get(name, default))


def _filled(name: str) -> str:
    return text(name, "").strip()


def boolean(name: str, default: bool) -> bool:
    """A switch: 1/true/yes/on or 0/false/no/off. Anything else stops the start."""
    value = _filled(name).lower()
    if not value:
        return default
    if value not in _TRUE | _FALSE:
        raise _wrong(name, "true or false")
    return value in _TRUE


def integer(name: str, default: int, *, at_least: int = 0, at_most: int = _MOST) -> int:
    """A whole number within bounds."""
    value = _filled(name)
    try:
        number = int(value) if value else default
    except ValueError:
        number = at_least - 1
    if not at_least <= number <= at_most:
        raise _wrong(name, f"a whole number from {at_least} to {at_most}")
    return number


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list; blanks are dropped."""
    if name not in _env.ENVIRON:
        return default
    return [word.strip() for word in text(name, "").split(",") if word.strip()]


def seconds(name: str, default: list[float]) -> tuple[float, ...]:
    """A comma-separated list of times in seconds."""
    try:
        times = tuple(float(word) for word in words(name, [])) or tuple(default)
    except ValueError:
        times = (math.nan,)
    if not all(0 <= time <= _MOST for time in times):
        raise _wrong(name, "seconds such as 3,10,30")
    return times


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of a few words."""
    value = _filled(name) or default
    if value not in choices:
        raise _wrong(name, f"one of {', '.join(choices)}")
    return value


def zone(name: str, default: str) -> str:
    """A time zone's name, such as Europe/Vienna."""
    value = _filled(name) or default
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise _wrong(name, "a time zone such as Europe/Vienna") from None
    return value


def path(name: str, default: Path) -> Path:
    """An absolute folder or file; `~` is the home folder."""
    try:
        value = Path(_filled(name) or default).expanduser()
    except RuntimeError:
        raise _wrong(name, "an absolute path") from None
    if not value.is_absolute():
        raise _wrong(name, "an absolute path")
    return value


def secret(name: str, default: str = "") -> str:
    """A secret: the variable itself, or the contents of the file in `NAME_FILE`."""
    file = _filled(f"{name}_FILE")
    if not file:
        return text(name, default)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise _wrong(f"{name}_FILE", "a file that this process can read") from None


def database(name: str, default: str) -> dict[str, Any]:
    """A Django database from a URL: sqlite:///path or postgres://…"""
    value = secret(name).strip() or default
    config: dict[str, Any] = {}
    # The library warns about other schemes, and quotes the password.
    if value.partition("://")[0] in _DATABASES:
        with suppress(ValueError, KeyError, ImproperlyConfigured):
            config = cast(dict[str, Any], _env.db_url_config(value))
    if not config.get("NAME"):
        raise _wrong(name, "sqlite:///path or a URL such as postgres://user@host/name")
    if config["NAME"] == ":memory:":
        raise _wrong(name, "sqlite:///path with a file, which all processes share")
    return config


def url(name: str, default: str, *, schemes: tuple[str, ...]) -> str:
    """A URL with one of the given schemes and a host, or empty."""
    value = secret(name, default).strip()
    try:
        parts = urlsplit(value)
        fits = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if value and not fits:
        raise _wrong(name, f"a URL that begins with {' or '.join(schemes)}")
    return value
