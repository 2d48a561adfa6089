"""What an upload form must hold, in the order the sites look: first failure wins."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from trackers.sandbox.gazelle.dialects import (
    AUDIOBOOKS,
    CATEGORIES,
    LOSSLESS,
    MUSIC,
    WITH_FORMAT,
    Dialect,
)
from trackers.sandbox.gazelle.envelope import Refusal
from trackers.sandbox.web import Form, whole

LONGEST_TEXT = 1_000_000
_IMAGE = re.compile(r"\.(gif|png|webm|jpe?g|tiff?)(\?.*)?$", re.IGNORECASE)

Problem = str | None
"""The site's sentence, or None when the field is fine."""


def check_form(form: Form, dialect: Dialect, banned_hosts: tuple[str, ...]) -> int:
    """The category of a form that passes. Raises `Refusal` with the first problem."""
    category = _category(form)
    if category == MUSIC:
        _check_artists(form)
    for problem in _problems(form, dialect, category):
        if problem is not None:
            raise Refusal(problem)
    _check_image_host(form.get("image"), banned_hosts)
    return category


def size(text: str) -> int:
    """Length as PHP counts it: bytes of UTF-8."""
    return len(text.encode("utf-8", "replace"))


def _category(form: Form) -> int:
    if "type" not in form:
        raise Refusal("type is not specified")
    number = whole(form.get("type"))
    if number is None or number >= len(CATEGORIES):
        raise Refusal("Please select a valid category.")
    return number


def _check_artists(form: Form) -> None:
    if form.get("groupid"):
        return
    artists, roles = form.all("artists[]"), form.all("importance[]")
    if len(artists) != len(roles) or not set(roles) <= set("12345678"):
        raise Refusal("There is an error with how artists are specified.")
    if not any(
        name.strip() and role == "1" for name, role in zip(artists, roles, strict=True)
    ):
        raise Refusal("Please enter at least one main artist")


def _problems(form: Form, dialect: Dialect, category: int) -> Iterator[Problem]:
    """One entry per check. A generator, so that nothing is checked out of turn."""
    joins_group = category == MUSIC and bool(form.get("groupid"))
    if size(form.get("release_desc")) > LONGEST_TEXT:
        yield "The release description you entered is too long."
    if not joins_group:
        yield _image(form)
        yield _missing(form, "tags") or _tags(form)
        yield _missing(form, "title") or _title(form, dialect)
    yield _description(form, dialect, needed=not joins_group)
    if category in WITH_FORMAT:
        yield from _format(form, dialect)
    if category == AUDIOBOOKS:
        yield _missing(form, "year") or _year(form, dialect)
    if category == MUSIC:
        yield from _music(form, dialect, joins_group=joins_group)


def _missing(form: Form, name: str) -> Problem:
    return None if name in form else f"{name} is not specified"


def _image(form: Form) -> Problem:
    image = form.get("image")
    if not image:
        return None
    parts = _split(image)
    fits = 10 <= size(image) <= 255
    if not fits or parts is None or not parts[0] or not parts[1]:
        return "The image URL you entered was invalid."
    return None


def _split(image: str) -> tuple[str, str] | None:
    """Host and path of an absolute web address; None when it is none."""
    try:
        parts = urlsplit(image)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or any(c.isspace() for c in image):
        return None
    return host, parts.path.strip("/")


def _tags(form: Form) -> Problem:
    if 2 <= size(form.get("tags")) <= 200:
        return None
    return "You must enter at least one tag. Maximum length is 200 characters."


def _title(form: Form, dialect: Dialect) -> Problem:
    if dialect.shortest_title <= size(form.get("title")) <= 200:
        return None
    return "Title must be less than 200 characters."


def _description(form: Form, dialect: Dialect, *, needed: bool) -> Problem:
    group, plain = "album_desc" in form, "desc" in form
    if not group and not plain:
        if dialect.description_needed and needed:
            return _too_short("album")
        return None
    name, words = ("album_desc", "album") if group else ("desc", "")
    if 10 <= size(form.get(name)) <= LONGEST_TEXT or not needed:
        return None
    return _too_short(words)


def _too_short(which: str) -> str:
    subject = f"The {which} description" if which else "The description"
    return f"{subject} has a minimum length of 10 characters."


def _format(form: Form, dialect: Dialect) -> Iterator[Problem]:
    chosen, bitrate = form.get("format"), form.get("bitrate")
    yield _missing(form, "format")
    yield None if chosen in dialect.formats else "Please select a valid format."
    yield _missing(form, "bitrate")
    yield None if bitrate in dialect.bitrates else "You must choose a bitrate."
    if bitrate == "Other" and not 1 <= size(form.get("other_bitrate")) <= 9:
        yield "You must enter the other bitrate (max length: 9 characters)."
    if chosen == "FLAC" and bitrate not in LOSSLESS:
        yield "FLAC bitrate must be lossless."


def _year(form: Form, dialect: Dialect) -> Problem:
    """Orpheus casts to a number first, so that words become 0 and pass."""
    text = form.get("year").strip()
    known = dialect.text_year_passes or bool(whole(text))
    fine = known and not text.startswith("-")
    return None if fine else "The year of the release must be entered."


def _music(form: Form, dialect: Dialect, *, joins_group: bool) -> Iterator[Problem]:
    yield _missing(form, "media")
    media = form.get("media")
    yield None if media in dialect.media else "Please select a valid media."
    if joins_group:
        numeric = whole(form.get("groupid")) is not None
        yield None if numeric else "Group ID was not numeric"
    else:
        yield _missing(form, "releasetype")
        known = whole(form.get("releasetype")) in dialect.release_types
        yield None if known else "Please select a valid release type."
        yield _missing(form, "year")
        dated = form.get("year").isdecimal()
        yield None if dated else "The year of the original release must be entered."
    yield _remaster(form, media)


def _remaster(form: Form, media: str) -> Problem:
    if "remaster" not in form or form.get("unknown"):
        return None
    year = whole(form.get("remaster_year")) or 0
    if year < (1982 if media == "CD" else 1):
        return "Year of remaster/re-issue must be entered."
    return None


def _check_image_host(image: str, banned_hosts: tuple[str, ...]) -> None:
    if not image:
        return
    if not _IMAGE.search(image):
        raise Refusal(f"{image} does not look like a valid image url")
    for host in banned_hosts:
        if host in image:
            raise Refusal(f"Please rehost images from {host} elsewhere.")
