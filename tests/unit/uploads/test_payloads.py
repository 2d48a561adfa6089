"""The stored payload is the sent payload."""

import json

from hypothesis import given
from hypothesis import strategies as st

from trackers.types import TorrentFile
from uploads.payloads import (
    payload_build,
    payload_digest,
    payload_load,
    payload_store,
    split_tags,
)

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


def torrent(content=b"d4:infode"):
    return TorrentFile(
        content=content,
        infohash="a" * 40,
        name="Book.torrent",
        size=10,
        folder="Book",
        files=(("Book/1.mp3", 10),),
    )


@given(
    st.dictionaries(
        st.sampled_from(["title", "description", "tags", "year", "image", "format"]),
        WORDS,
    )
)
def test_a_payload_survives_the_database(rendered):
    payload = payload_build(rendered=rendered, torrent=torrent(), kind="audiobook")
    stored = json.loads(json.dumps(payload_store(payload, (("title", "x"),))))
    assert payload_load(stored, b"d4:infode") == payload


def test_every_change_changes_the_digest():
    payload = payload_build(
        rendered={"title": "A", "year": "1895"}, torrent=torrent(), kind="audiobook"
    )
    stored = payload_store(payload, (("title", "A"),))
    digest = payload_digest(stored, b"torrent")
    assert digest == payload_digest(json.loads(json.dumps(stored)), b"torrent")
    assert digest != payload_digest(stored, b"torrent2")
    assert digest != payload_digest({**stored, "title": "B"}, b"torrent")
    assert digest != payload_digest({**stored, "form": [["title", "B"]]}, b"torrent")


def test_tags_are_split_without_blanks_and_repetitions():
    assert split_tags(" a.b, c ,,a.b\nd ") == ("a.b", "c", "d")
