"""What one upload says, as rows of the database and as the adapter's payload. Pure."""

import hashlib
import json
from typing import Any

from trackers.types import TorrentFile, UploadPayload

# Template fields with a place of their own; every other one is an attribute.
OWN_PLACES = frozenset({"title", "description", "tags"})


def split_tags(text: str) -> tuple[str, ...]:
    """Tags from a comma-separated line, without blanks and repetitions."""
    tags = (tag.strip() for tag in text.replace("\n", ",").split(","))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def payload_build(
    *, rendered: dict[str, str], torrent: TorrentFile, kind: str
) -> UploadPayload:
    """The adapter's payload from a template's rendered fields."""
    return UploadPayload(
        title=rendered.get("title", "").strip(),
        description=rendered.get("description", "").strip(),
        tags=split_tags(rendered.get("tags", "")),
        attributes={
            name: value.strip()
            for name, value in rendered.items()
            if name not in OWN_PLACES
        },
        torrent=torrent,
        category=kind,
    )


def payload_store(
    payload: UploadPayload, form: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    """The payload as JSON: all of it but the torrent's bytes."""
    return {
        "title": payload.title,
        "description": payload.description,
        "tags": list(payload.tags),
        "attributes": dict(payload.attributes),
        "category": payload.category,
        "anonymous": payload.anonymous,
        "extra": dict(payload.extra),
        "torrent": {
            "name": payload.torrent.name,
            "infohash": payload.torrent.infohash,
            "size": payload.torrent.size,
            "folder": payload.torrent.folder,
            "files": [[path, size] for path, size in payload.torrent.files],
        },
        "form": [[name, value] for name, value in form],
    }


def payload_load(stored: dict[str, Any], content: bytes) -> UploadPayload:
    """The stored payload with the torrent's bytes, as it goes to the adapter."""
    torrent = stored["torrent"]
    return UploadPayload(
        title=stored["title"],
        description=stored["description"],
        tags=tuple(stored["tags"]),
        attributes=dict(stored["attributes"]),
        category=stored["category"],
        anonymous=stored["anonymous"],
        extra=dict(stored["extra"]),
        torrent=TorrentFile(
            content=content,
            infohash=torrent["infohash"],
            name=torrent["name"],
            size=torrent["size"],
            folder=torrent["folder"],
            files=tuple((path, size) for path, size in torrent["files"]),
        ),
    )


def payload_digest(stored: dict[str, Any], torrent_file: bytes) -> str:
    """SHA-256 over everything that will be sent."""
    text = json.dumps(stored, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode())
    digest.update(hashlib.sha256(torrent_file).digest())
    return digest.hexdigest()
