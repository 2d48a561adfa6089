"""Answers as the sites send them, and as nobody should."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackers.adapters.gazelle import parsing

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def test_both_failure_envelopes_are_read():
    flat = parsing.read_answer(
        b'{"status":"failure","error":"invalid token","info":{"version":1}}'
    )
    listed = parsing.read_answer(
        b'{"status":"failure","error":"bad parameters","response":[],"info":{}}'
    )
    assert (flat.refused, flat.error, flat.part()) == (True, "invalid token", {})
    assert (listed.refused, listed.not_found, listed.part()) == (True, True, {})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>502</body></html>",
        b"[]",
        b'"success"',
        b"{}",
        b'{"status":1}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"status":"success","response":' + b"9" * 5000 + b"}",
    ],
    ids=["empty", "html", "list", "text", "object", "number", "bytes", "deep", "big"],
)
def test_anything_but_an_envelope_is_not_readable(body):
    assert not parsing.read_answer(body).readable


def test_byte_order_mark_before_an_envelope_is_ignored():
    assert parsing.read_answer(b'\xef\xbb\xbf{"status":"success"}').ok


@given(JSON)
def test_no_json_makes_reading_fail(value):
    body = json.dumps({"status": "success", "response": value}).encode()
    answer = parsing.read_answer(body)
    said = answer.part()
    list(parsing.browse_rows(said))
    list(parsing.uploaded_rows(said))
    parsing.warnings(said)
    parsing.infohash_kept(said)
    parsing.request_remark(said)
    answer.part("torrent")
    parsing.identifier(value)
    parsing.flag(value)


@given(st.text())
def test_plain_text_holds_no_tag_and_no_line_break(text):
    shown = parsing.plain(f"<b>{text}</b>\n<script>alert(1)</script>")
    assert "<script" not in shown
    assert "\n" not in shown


def test_html_of_a_refusal_becomes_a_sentence():
    error = (
        "The torrent contained one or more files with too long a name: "
        "<ul><li>A &amp; B.mp3</li><li>C.mp3</li></ul>"
    )
    assert parsing.plain(error) == (
        "The torrent contained one or more files with too long a name: A & B.mp3 C.mp3"
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12, "12"),
        ("12", "12"),
        (" 012 ", "12"),
        (0, ""),
        ("0", ""),
        (-1, ""),
        (None, ""),
        (True, ""),
        (1.5, ""),
        ("12abc", ""),
        ("٣", ""),
        ("9" * 40, ""),
    ],
)
def test_ids_come_as_numbers_or_text(value, expected):
    assert parsing.identifier(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (1, True),
        ("1", True),
        ("True", True),
        (False, False),
        ("0", False),
        ("", False),
        (None, None),
        ("maybe", None),
        ([], None),
    ],
)
def test_booleans_come_in_many_shapes(value, expected):
    assert parsing.flag(value) is expected


@pytest.mark.parametrize(
    ("private", "source", "kept"),
    [
        (True, True, True),
        ("1", 1, True),
        (False, True, False),
        (None, False, False),
        (True, None, None),
        (None, None, None),
    ],
)
def test_infohash_is_kept_only_when_both_flags_were_right(private, source, kept):
    assert parsing.infohash_kept({"private": private, "source": source}) is kept


@pytest.mark.parametrize("key", ["torrentId", "torrentid", "torrent_id", "TORRENTID"])
def test_keys_are_found_in_any_spelling(key):
    assert parsing.pick({"other": 1, key: 5}, "torrent_id") == 5


def test_absent_key_is_none():
    assert parsing.pick({}, "torrent_id") is None


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            "The exact same torrent file already exists on the site! "
            '<a href="torrents.php?id=5&amp;torrentid=77">link</a>',
            ("77", "5"),
        ),
        (
            "the EXACT same torrent file already exists on the site! "
            "<a href='torrents.php?torrentid=78'>x</a>",
            ("78", ""),
        ),
        (
            'Thank you for fixing this torrent <a href="torrents.php?torrentid=9">',
            ("9", ""),
        ),
        ("The exact same torrent file already exists on the site!", ("", "")),
        ("Title must be less than 200 characters.", None),
        ("", None),
    ],
)
def test_duplicate_sentence_gives_the_ids_of_its_link(error, expected):
    assert parsing.duplicate_ids(error) == expected


@pytest.mark.parametrize(
    ("sentence", "field"),
    [
        ("tags is not specified", "tags"),
        ("type is not specified", "category"),
        ("Please select a valid category.", "category"),
        ("The release description you entered is too long.", "release_description"),
        ("The image URL you entered was invalid.", "image"),
        ("Please rehost images from x.invalid elsewhere.", "image"),
        ("You must enter at least one tag. Maximum length is 200 characters.", "tags"),
        ("Title must be less than 200 characters.", "title"),
        (
            "The album description has a minimum length of 10 characters.",
            "description",
        ),
        ("Please select a valid format.", "format"),
        ("You must choose a bitrate.", "bitrate"),
        (
            "You must enter the other bitrate (max length: 9 characters).",
            "other_bitrate",
        ),
        ("FLAC bitrate must be lossless.", "bitrate"),
        ("The year of the release must be entered.", "year"),
        ("year is not specified", "year"),
        ("Please enter at least one main artist", "artists"),
        ("No torrent file uploaded, or file is empty.", "torrent"),
        ("The torrent contained one or more invalid files (title tags.webp)", "files"),
        ("Your upload privileges have been revoked.", ""),
    ],
)
def test_refusal_names_the_field_it_is_about(sentence, field):
    assert parsing.field_of(sentence) == field


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("999999999999", parsing.LONGEST_WAIT_S),
        (format_datetime(NOW + timedelta(seconds=30), usegmt=True), 30.0),
        (format_datetime(NOW - timedelta(seconds=30), usegmt=True), 0.0),
        ("Fri, 20 Nov 2026 12:01:00", 60.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", parsing.LONGEST_WAIT_S),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("٣", None),
        ("Fri, 99 Nov 99999999999 12:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, expected):
    assert parsing.wait_seconds(header, NOW) == expected


@given(st.text())
def test_no_retry_after_makes_reading_fail(header):
    wait = parsing.wait_seconds(header, NOW)
    assert wait is None or 0 <= wait <= parsing.LONGEST_WAIT_S


def test_browse_gives_flat_and_grouped_rows():
    response = {
        "results": [
            {"groupId": "5", "groupName": "A &amp; B", "torrentId": 77, "size": "900"},
            {
                "groupId": 6,
                "groupName": "Album",
                "maxSize": 8,
                "torrents": [{"torrentId": 80, "size": 8}, {"torrentId": "81"}, "odd"],
            },
            {"groupId": 7},
            None,
        ]
    }
    assert list(parsing.browse_rows(response)) == [
        parsing.Row("77", "5", "A & B", 900),
        parsing.Row("80", "6", "Album", 8),
        parsing.Row("81", "6", "Album", 0),
    ]


def test_empty_search_has_no_rows():
    assert list(parsing.browse_rows({"results": [], "youMightLike": []})) == []


def test_own_uploads_are_read():
    response = {"uploaded": [{"groupId": "1", "name": "A", "torrentId": "2"}, {}]}
    assert list(parsing.uploaded_rows(response)) == [parsing.Row("2", "1", "A")]


def test_titles_are_compared_without_case_entities_and_spacing():
    assert parsing.same_title(
        "Ann  Author &amp; Co - A Book", "ann author & co - a book"
    )
    assert not parsing.same_title("A Book", "Another Book")


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (
            {"fillRequest": {"status": 400, "error": "request <b>closed</b>"}},
            "The request was not filled: request closed",
        ),
        ({"requestid": -1}, "The request was not filled; the site gave no reason."),
        ({"fillRequest": {"requestId": 4}, "requestid": None}, ""),
        ({"requestid": 4}, ""),
    ],
)
def test_unfilled_request_is_told(response, expected):
    assert parsing.request_remark(response) == expected


def test_warnings_are_text():
    response = {"warnings": ["Not <b>private</b>", "", 3]}
    assert parsing.warnings(response) == ("Not private",)
    assert parsing.warnings({"warnings": "one"}) == ("one",)
    assert parsing.warnings({}) == ()
