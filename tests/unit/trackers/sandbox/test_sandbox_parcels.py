"""What a site checks in the torrent it is sent, and its sentences."""

import pytest

from tests.unit.trackers.sandbox.gazelle_calls import AUDIOBOOK, make_torrent
from trackers.sandbox import bencode

SOMETHING_ELSE = (
    "You seem to have put something other than a torrent file into the upload field."
    " (book.zip)."
)
NO_FILE = "No torrent file uploaded, or file is empty."
CORRUPT = "The torrent file 'book.torrent' is corrupted, please recreate it"
NOT_V1 = (
    "This torrent is not a V1 torrent. V2 and Hybrid torrents are not supported here."
)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("book.zip", make_torrent(), SOMETHING_ELSE),
        ("book.torrent", b"", NO_FILE),
        ("book.torrent", b"<html>", CORRUPT),
        ("book.torrent", make_torrent() + b"x" * 2 * 1024 * 1024, NO_FILE),
        ("book.torrent", make_torrent(pieces=b"odd"), CORRUPT),
        (
            "book.torrent",
            make_torrent(encrypted_files=b"x"),
            "This torrent contains an encrypted file list which is not supported here.",
        ),
        ("book.torrent", make_torrent(**{"meta version": 2}), NOT_V1),
    ],
)
def test_unusable_file_is_refused_in_the_sites_words(site, name, content, sentence):
    assert site.refusal(torrent=content, name=name) == sentence


def test_v2_only_torrent_is_refused(site):
    info = {"name": "Book", "piece length": 16384, "meta version": 2, "file tree": {}}

    assert site.refusal(torrent=bencode.encode({"info": info})) == NOT_V1


def test_upload_without_a_file_is_refused(site):
    answer = site.session.post(
        f"{site.sandbox.url(site.slug)}/ajax.php?action=upload",
        data=AUDIOBOOK,
        headers=site.headers,
        timeout=10,
    )

    assert answer.json()["error"] == NO_FILE


def test_extension_of_the_torrent_may_be_in_capitals(site):
    site.upload(name="BOOK.TORRENT")


@pytest.mark.parametrize("name", ["A: B", "Why?", "INCOMPLETE~Book", 'A "B"', "a\\b"])
def test_forbidden_folder_name_is_refused(site, name):
    error = site.refusal(torrent=make_torrent(name, source=None))

    assert error.startswith("The folder name '")


@pytest.mark.parametrize(
    "path", ["a?.m4b", "book.opus", "cover.webp", "book.ogg", "readme", ".m4b/x"]
)
def test_one_bad_file_refuses_the_torrent(site, path):
    content = make_torrent(files=[("good.m4b", 1), (path, 1)])

    assert site.refusal(torrent=content) == (
        f"The torrent contained one or more invalid files ({path})"
    )


def test_json_files_are_for_ops_only(red, ops):
    content = make_torrent(files=[("a.m4b", 1), ("metadata.json", 1)], source=None)

    assert "invalid files (metadata.json)" in red.refusal(torrent=content)
    ops.upload(torrent=content)


def test_path_may_have_180_characters_on_red_and_255_on_ops(red, ops):
    def with_path(length):
        return make_torrent("Book", [("a" * (length - 9) + ".m4b", 1)], source=None)

    for site, longest in ((red, 180), (ops, 255)):
        error = site.refusal(torrent=with_path(longest + 1))
        assert error.startswith(
            "The torrent contained one or more files with too long a name: <ul><li>"
        )
        site.upload(torrent=with_path(longest))
