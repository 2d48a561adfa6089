"""Calls to the sandbox's Gazelle sites, and small torrents to send there."""

import hashlib
from typing import Any

import requests

from tests.sandbox import SandboxControl
from trackers.sandbox import bencode

AUDIOBOOK = {
    "type": "3",
    "title": "H. G. Wells - The Time Machine",
    "tags": "science.fiction,classic",
    "year": "1895",
    "format": "AAC",
    "bitrate": "Other",
    "other_bitrate": "64",
    "album_desc": "[b]A machine[/b] for travelling in time.",
    "release_desc": "One file with chapters.",
}
MUSIC = {
    "type": "0",
    "title": "Sea Songs",
    "tags": "folk",
    "year": "1999",
    "releasetype": "1",
    "format": "FLAC",
    "bitrate": "Lossless",
    "media": "CD",
    "artists[]": ["The Crew", "A Guest"],
    "importance[]": ["1", "2"],
    "album_desc": "Songs of the sea, sung on land.",
}


def make_info(name="The Time Machine", files=(("book.m4b", 1000),), **changes):
    """An info dictionary; a change to None takes the key out."""
    info: dict[str, Any] = {
        "name": name,
        "piece length": 16384,
        "pieces": b"p" * 20,
        "private": 1,
        "source": "RED",
    }
    if isinstance(files, int):
        info["length"] = files
    else:
        info["files"] = [
            {"length": size, "path": path.split("/")} for path, size in files
        ]
    info.update(changes)
    return {key: value for key, value in info.items() if value is not None}


def make_torrent(*args, **changes):
    """A torrent file of `make_info`, with an announce URL and comment."""
    info = make_info(*args, **changes)
    return bencode.encode(
        {"announce": "http://elsewhere/announce", "comment": "mine", "info": info}
    )


def sha1(content: bytes) -> str:
    """The digest that makes an infohash."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


class SiteCalls:
    """One site seen by one member."""

    def __init__(self, sandbox: SandboxControl, slug: str, key: str | None = None):
        self.sandbox = sandbox
        self.slug = slug
        self.key = sandbox.key(slug) if key is None else key
        self.session = requests.Session()
        self.session.trust_env = False

    @property
    def headers(self):
        """The site's way to show a key; none for an empty key."""
        word = "token " if self.slug == "ops" else ""
        return {"Authorization": word + self.key} if self.key else {}

    def get(self, action, /, **arguments):
        """A read action; keyword `headers` replaces the login."""
        headers = arguments.pop("headers", self.headers)
        return self.session.get(
            f"{self.sandbox.url(self.slug)}/ajax.php",
            params={"action": action, **arguments},
            headers=headers,
            timeout=10,
            allow_redirects=False,
        )

    def ask(self, action, /, **arguments):
        """What a read action answers in `response`."""
        answer = self.get(action, **arguments).json()
        assert answer["status"] == "success", answer
        return answer["response"]

    def error(self, action, /, **arguments):
        """The sentence of a read action's failure."""
        answer = self.get(action, **arguments).json()
        assert answer["status"] == "failure", answer
        return answer["error"]

    def post(self, form=AUDIOBOOK, torrent=None, name="book.torrent", **changes):
        """Upload; a changed field of None is left out, `torrent` b"" is empty."""
        fields = {
            key: value
            for key, value in {**form, **changes}.items()
            if value is not None
        }
        if torrent is None:
            torrent = make_torrent(source=self.slug.upper())
        return self.session.post(
            f"{self.sandbox.url(self.slug)}/ajax.php?action=upload",
            data=fields,
            files={"file_input": (name, torrent)},
            headers=self.headers,
            timeout=10,
        )

    def upload(self, *args, **kwargs):
        """What a successful upload answers in `response`."""
        answer = self.post(*args, **kwargs).json()
        assert answer["status"] == "success", answer
        return answer["response"]

    def refusal(self, *args, **kwargs):
        """The sentence with which an upload is refused."""
        answer = self.post(*args, **kwargs)
        content = answer.json()
        assert content["status"] == "failure", content
        assert answer.status_code == (400 if self.slug == "red" else 200)
        assert self.sandbox.uploads(self.slug) == []
        return content["error"]
