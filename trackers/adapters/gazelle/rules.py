"""What Gazelle cannot take, found before anything is sent. Pure.

Lengths of form fields are bytes of UTF-8, as the servers count them. Each problem
names a template field, or `torrent` and `files`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from trackers.adapters.gazelle import mapping
from trackers.adapters.gazelle.audio_rules import (
    audio_format,
    bitrate,
    byte_length,
    missing,
    year,
)
from trackers.adapters.gazelle.dialects import Dialect
from trackers.adapters.gazelle.files import file_problems, torrent_problems
from trackers.types import Problem, Severity, TrackerSite, UploadPayload

MAX_TITLE_BYTES: Final = 200
MIN_TAGS_BYTES: Final = 2
MIN_DESCRIPTION_BYTES: Final = 10
MAX_DESCRIPTION_BYTES: Final = 1_000_000
MIN_IMAGE_BYTES: Final = 10
MAX_IMAGE_BYTES: Final = 255
IMAGE_EXTENSIONS: Final = ("gif", "png", "webm", "jpg", "jpeg", "tif", "tiff")
UNSENDABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
RESERVED_FIELDS: Final = frozenset({"auth", "file_input"})

Rule = Callable[[Dialect, UploadPayload], Iterator[Problem]]


def validate(
    site: TrackerSite, dialect: Dialect, payload: UploadPayload
) -> list[Problem]:
    """Return every problem of a payload, errors and warnings, in form order."""
    problems = [problem for rule in RULES for problem in rule(dialect, payload)]
    problems += torrent_problems(site, payload.torrent)
    problems += file_problems(site, dialect, payload.torrent)
    return problems


def _category(dialect: Dialect, payload: UploadPayload) -> Iterator[Problem]:
    if payload.category not in mapping.CATEGORIES:
        yield Problem(
            field="category",
            code="unknown_category",
            message=f'Herald cannot place "{payload.category}" on this site.',
            remedy=f"Only these kinds go there: {', '.join(mapping.CATEGORIES)}.",
        )
    if payload.anonymous:
        yield Problem(
            field="anonymous",
            code="not_supported",
            message="The site has no anonymous uploads.",
            remedy="Switch anonymous off for this upload.",
        )
    if payload.attachments:
        yield Problem(
            field="attachments",
            code="not_supported",
            message="The site takes no files besides the torrent for audiobooks.",
            remedy="Give the cover as an image address instead.",
        )


def _characters(dialect: Dialect, payload: UploadPayload) -> Iterator[Problem]:
    texts = {
        "title": payload.title,
        "description": payload.description,
        "tags": ",".join(payload.tags),
        **payload.attributes,
    }
    for name, text in texts.items():
        found = UNSENDABLE.search(text)
        if found:
            yield Problem(
                field=name,
                code="unsendable_character",
                message=f"{name} holds a character that cannot be sent "
                f"(U+{ord(found[0]):04X}, at position {found.start() + 1}).",
                remedy="Remove it from the metadata or the template.",
            )


def _title(dialect: Dialect, payload: UploadPayload) -> Iterator[Problem]:
    title = payload.title.strip()
    size = byte_length(title)
    if not title:
        yield missing("title", "The title is empty.")
    elif size > MAX_TITLE_BYTES:
        yield Problem(
            field="title",
            code="too_long",
            message=f"The title takes {size} bytes; {MAX_TITLE_BYTES} are allowed.",
            remedy="Shorten it; letters beyond a-z count two bytes and more.",
        )
    elif size < dialect.min_title_bytes:
        yield Problem(
            field="title",
            code="too_short",
            message=f"The title takes {size} byte; at least {dialect.min_title_bytes} "
            "are needed.",
            remedy="Put the author before it.",
        )
    if "\n" in title or "\r" in title:
        yield Problem(
            field="title",
            code="line_break",
            message="The title has more than one line.",
            remedy="Put it on one line.",
        )


def _tags(dialect: Dialect, payload: UploadPayload) -> Iterator[Problem]:
    fitting = mapping.fitting_tags(payload.tags)
    if len(",".join(fitting)) < MIN_TAGS_BYTES:
        yield missing(
            "tags",
            "No tag is left after the site's spelling (a-z, 0-9 and dots only).",
            "Add at least one tag in Latin letters, for example audiobook.",
        )
    left_out = [
        tag for tag in mapping.normalise_tags(payload.tags) if tag not in fitting
    ]
    if left_out:
        yield Problem(
            field="tags",
            code="tags_left_out",
            message=f"Tags may take {mapping.MAX_TAGS_BYTES} bytes together; left "
            f"out: {', '.join(left_out)}.",
            remedy="Put the important tags first, or remove some.",
            severity=Severity.WARNING,
        )
    lost = [
        word.strip()
        for tag in payload.tags
        for word in tag.split(",")
        if word.strip() and not mapping.normalise_tag(word)
    ]
    if lost:
        yield Problem(
            field="tags",
            code="tags_lost",
            message=f"Nothing is left of these tags: {', '.join(lost)}.",
            remedy="The site keeps only a-z, 0-9 and dots: write them in Latin.",
            severity=Severity.WARNING,
        )


def _image(dialect: Dialect, payload: UploadPayload) -> Iterator[Problem]:
    image = mapping.attribute(payload, "image")
    if not image:
        return
    wrong = image_fault(image)
    if wrong:
        yield Problem(
            field="image",
            code="bad_image_address",
            message=f"The cover's address cannot be used: {wrong}.",
            remedy="Give the address of a jpg, png or gif on an image host, or none.",
        )


def image_fault(address: str) -> str:
    """Say why an address is none of an image that the sites take; "" when it is."""
    if not MIN_IMAGE_BYTES <= byte_length(address) <= MAX_IMAGE_BYTES:
        return f"it must have {MIN_IMAGE_BYTES} to {MAX_IMAGE_BYTES} bytes"
    try:
        parts = urlsplit(address)
    except ValueError:
        return "it is not an address"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "it must begin with https:// or http:// and name a host"
    if re.search(r"\s", address):
        return "it holds a space"
    if "#" in address:
        return "it goes on after a #"
    if not parts.path.lower().endswith(tuple(f".{end}" for end in IMAGE_EXTENSIONS)):
        return f"its path must end in one of {', '.join(IMAGE_EXTENSIONS)}"
    return ""


def _descriptions(dialect: Dialect, payload: UploadPayload) -> Iterator[Problem]:
    size = byte_length(payload.description.strip())
    if size < MIN_DESCRIPTION_BYTES:
        yield Problem(
            field="description",
            code="too_short",
            message=f"The description takes {size} bytes; at least "
            f"{MIN_DESCRIPTION_BYTES} are needed.",
            remedy="Add a summary to the metadata, or text to the template.",
        )
    long = {
        "description": payload.description,
        "release_description": payload.attributes.get("release_description", ""),
    }
    for name, text in long.items():
        size = byte_length(text.strip())
        if size > MAX_DESCRIPTION_BYTES:
            yield Problem(
                field=name,
                code="too_long",
                message=f"{name} takes {size:,} bytes; {MAX_DESCRIPTION_BYTES:,} are "
                "allowed.",
                remedy="Shorten the template, for example the list of chapters.",
            )


def _additions(dialect: Dialect, payload: UploadPayload) -> Iterator[Problem]:
    unplaced = sorted(set(payload.attributes) - mapping.KNOWN_ATTRIBUTES)
    if unplaced:
        yield Problem(
            field=unplaced[0],
            code="unknown_field",
            message=f"The site's form has no place for: {', '.join(unplaced)}.",
            remedy="Put them into the description, or remove them from the template.",
            severity=Severity.WARNING,
        )
    own = {name for name, _ in mapping.form_fields(dialect, replace(payload, extra={}))}
    for name in sorted(set(payload.extra) & (own | RESERVED_FIELDS)):
        yield Problem(
            field=name,
            code="field_twice",
            message=f'The extra field "{name}" is already part of the form.',
            remedy="Remove it from the extra fields; change the template instead.",
        )
    if "dryrun" in payload.extra:
        yield Problem(
            field="dryrun",
            code="dry_run",
            message="A dry run stores nothing on the site."
            if dialect.dry_run
            else "The site ignores dryrun: the upload would be real.",
            remedy="Remove the extra field; rehearse on the sandbox.",
        )


RULES: Final[tuple[Rule, ...]] = (
    _category,
    _characters,
    _title,
    _tags,
    year,
    audio_format,
    bitrate,
    _image,
    _descriptions,
    _additions,
)
