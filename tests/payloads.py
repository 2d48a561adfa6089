"""Payloads for tracker adapters, with real torrents made by torf's reader's rules."""

import hashlib
from typing import Any

from trackers.adapters.gazelle.adapter import GazelleAdapter
from trackers.types import TorrentFile, TrackerSite, UploadPayload

API_KEY = "k3y-Planted/Secret+0123456789"
PASSKEY = "0123456789abcdef0123456789abcdef"
FILES = (("A Book/01.mp3", 70_000), ("A Book/02.mp3", 30_000), ("A Book/cover.jpg", 9))


def bencode(value: Any) -> bytes:
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, str):
        return bencode(value.encode())
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, list):
        return b"l" + b"".join(map(bencode, value)) + b"e"
    pairs = sorted((key.encode(), each) for key, each in value.items())
    return b"d" + b"".join(bencode(key) + bencode(each) for key, each in pairs) + b"e"


def make_torrent(source="RED", files=FILES, private=1, seed="", **info) -> TorrentFile:
    """A derived torrent of `files`; `seed` makes another infohash of the same."""
    size = sum(length for _, length in files)
    piece = 16_384
    folder = files[0][0].split("/")[0] if "/" in files[0][0] else ""
    pieces = b"".join(
        hashlib.sha1(f"{seed}{number}".encode()).digest()  # noqa: S324 - as torrents do
        for number in range(-(-size // piece))
    )
    details: dict[str, Any] = {
        "piece length": piece,
        "pieces": pieces,
        "source": source,
    }
    if private is not None:
        details["private"] = private
    if folder:
        details["name"] = folder
        details["files"] = [
            {"length": length, "path": path.split("/")[1:]} for path, length in files
        ]
    else:
        details |= {"name": files[0][0], "length": size}
    details |= info
    content = bencode(
        {
            "announce": f"http://tracker.invalid/{PASSKEY}/announce",
            "info": details,
        }
    )
    return TorrentFile(
        content=content,
        infohash=hashlib.sha1(bencode(details)).hexdigest(),  # noqa: S324
        name=f"{folder or files[0][0]}.torrent",
        size=size,
        folder=folder,
        files=tuple(files),
    )


def make_payload(source="RED", *, torrent=None, attributes=None, **changes):
    values: dict[str, Any] = {
        "title": "Ann Author - A Book",
        "description": "[b]A Book[/b] about something.",
        "torrent": torrent or make_torrent(source),
        "category": "audiobook",
        "attributes": {
            "year": "2019",
            "format": "MP3",
            "bitrate": "V2 (VBR)",
            "image": "https://images.invalid/cover.jpg",
            "release_description": "Made for a test.",
            **(attributes or {}),
        },
        "tags": ("audiobook", "Science Fiction"),
    }
    return UploadPayload(**(values | changes))


def make_site(dialect="red", base_url="http://127.0.0.1:9"):
    return TrackerSite(
        slug=dialect,
        name={"red": "Redacted", "ops": "Orpheus"}[dialect],
        base_url=base_url,
        announce_url=f"{base_url}/announce/{dialect}/{{passkey}}",
        source_flag=dialect.upper(),
        options={"dialect": dialect},
    )


def make_adapter(session, dialect="red", base_url="http://127.0.0.1:9", **credential):
    return GazelleAdapter(
        make_site(dialect, base_url),
        {"api_key": API_KEY, "passkey": PASSKEY, **credential},
        session,
    )
