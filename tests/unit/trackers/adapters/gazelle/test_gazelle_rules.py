"""Every rule refuses what the site would, names the field, and says what to do."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.http import build_session
from tests.payloads import FILES, make_adapter, make_payload, make_site, make_torrent
from trackers.adapters.gazelle import files, rules
from trackers.adapters.gazelle.dialects import OPS, RED
from trackers.errors import UnsupportedByTracker
from trackers.types import Severity

DIALECTS = {"red": RED, "ops": OPS}


def validate(payload, dialect="red"):
    return rules.validate(make_site(dialect), DIALECTS[dialect], payload)


def codes(payload, dialect="red"):
    return [(problem.field, problem.code) for problem in validate(payload, dialect)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_good_payload_has_no_problem(dialect):
    assert validate(make_payload(dialect.upper()), dialect) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": " "}, ("title", "missing")),
        ({"title": "é" * 101}, ("title", "too_long")),
        ({"title": "two\nlines"}, ("title", "line_break")),
        ({"title": "nul\x00"}, ("title", "unsendable_character")),
        ({"title": "half \ud800"}, ("title", "unsendable_character")),
        ({"description": "short"}, ("description", "too_short")),
        ({"description": "x" * 1_000_001}, ("description", "too_long")),
        ({"tags": ()}, ("tags", "missing")),
        ({"tags": ("a",)}, ("tags", "missing")),
        ({"tags": ("推理",)}, ("tags", "missing")),
        ({"category": "film"}, ("category", "unknown_category")),
        ({"anonymous": True}, ("anonymous", "not_supported")),
        ({"attachments": (("cover", "a.jpg", b""),)}, ("attachments", "not_supported")),
        ({"extra": {"title": "other"}}, ("title", "field_twice")),
        ({"extra": {"auth": "x"}}, ("auth", "field_twice")),
        ({"extra": {"dryrun": "1"}}, ("dryrun", "dry_run")),
        ({"attributes": {"year": ""}}, ("year", "missing")),
        ({"attributes": {"year": "MMXIX"}}, ("year", "not_a_year")),
        ({"attributes": {"year": "19"}}, ("year", "not_a_year")),
        ({"attributes": {"year": "0000"}}, ("year", "not_a_year")),
        ({"attributes": {"year": "२०१९"}}, ("year", "not_a_year")),
        ({"attributes": {"format": ""}}, ("format", "missing")),
        ({"attributes": {"format": "Opus"}}, ("format", "unknown_format")),
        ({"attributes": {"bitrate": ""}}, ("bitrate", "missing")),
        ({"attributes": {"bitrate": "63"}}, ("bitrate", "unknown_bitrate")),
        ({"attributes": {"format": "FLAC"}}, ("bitrate", "flac_not_lossless")),
        (
            {"attributes": {"format": "FLAC", "bitrate": "Other"}},
            ("bitrate", "flac_not_lossless"),
        ),
        ({"attributes": {"bitrate": "Other"}}, ("other_bitrate", "missing")),
        (
            {"attributes": {"bitrate": "Other", "other_bitrate": "64 kbit/s é"}},
            ("other_bitrate", "too_long"),
        ),
        (
            {"attributes": {"release_description": "x" * 1_000_001}},
            ("release_description", "too_long"),
        ),
        ({"attributes": {"image": "https://i"}}, ("image", "bad_image_address")),
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_rule_names_its_field(dialect, changes, expected):
    payload = make_payload(dialect.upper(), **changes)
    problems = validate(payload, dialect)
    found = {(problem.field, problem.code): problem.severity for problem in problems}
    assert found.get(expected) is Severity.ERROR
    assert all(problem.message and problem.remedy for problem in problems)


@pytest.mark.parametrize(
    ("changes", "dialect"),
    [
        ({"title": "é" * 100}, "red"),
        ({"title": "It"}, "red"),
        ({"title": "é"}, "red"),
        ({"title": "S"}, "ops"),
        ({"tags": ("ab",)}, "red"),
        ({"description": "é" * 5}, "red"),
        ({"attributes": {"bitrate": "Other", "other_bitrate": "123456789"}}, "red"),
        ({"attributes": {"format": "FLAC", "bitrate": "24bit Lossless"}}, "red"),
        ({"attributes": {"bitrate": "64"}}, "ops"),
        ({"attributes": {"format": "Ogg Vorbis", "bitrate": "q8.x (VBR)"}}, "ops"),
        ({"attributes": {"image": ""}}, "ops"),
        ({"attributes": {"artists": "Ann"}}, "ops"),
        ({"extra": {"requestid": "4"}}, "ops"),
    ],
)
def test_what_is_just_allowed_has_no_problem(changes, dialect):
    assert validate(make_payload(dialect.upper(), **changes), dialect) == []


def test_a_title_of_one_letter_is_too_short_for_redacted():
    (problem,) = validate(make_payload(title=" S "))
    assert (problem.field, problem.code) == ("title", "too_short")
    assert "at least 2" in problem.message
    assert problem.severity is Severity.ERROR


def test_enumerations_are_the_sites_own():
    payload = make_payload(attributes={"format": "Ogg Vorbis", "bitrate": "64"})
    assert codes(payload) == [
        ("format", "unknown_format"),
        ("bitrate", "unknown_bitrate"),
    ]


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("https://images.invalid/a.webp", "end in one of"),
        ("https://images.invalid/a", "end in one of"),
        ("ftp://images.invalid/a.jpg", "begin with https"),
        ("images.invalid/cover.jpg", "begin with https"),
        ("https:///cover.jpg", "begin with https"),
        ("http://[::1/cover.jpg", "not an address"),
        ("https://images.invalid/a b.jpg", "space"),
        ("https://images.invalid/" + "a" * 255 + ".jpg", "10 to 255 bytes"),
        ("a.jpg", "10 to 255 bytes"),
        ("https://images.invalid/a.jpg#top", "after a #"),
        ("https://images.invalid/a.jpg?size=9#", "after a #"),
        ("https://images.invalid/a.jpg", ""),
        ("http://images.invalid/x/a.TIFF?size=9", ""),
        ("https://images.invalid/a.webm", ""),
    ],
)
def test_image_addresses(address, fault):
    found = rules.image_fault(address)
    assert fault in found if fault else found == ""


def test_tags_that_do_not_fit_are_named_in_a_warning():
    many = tuple(f"{'x' * 18}{number}" for number in range(10, 25))
    (problem,) = validate(make_payload(tags=many))
    assert (problem.code, problem.severity) == ("tags_left_out", Severity.WARNING)
    assert many[-1] in problem.message
    assert many[0] not in problem.message


def test_tags_that_come_to_nothing_are_named_in_a_warning():
    (problem,) = validate(make_payload(tags=("audiobook", "推理, ,drama")))
    assert (problem.code, problem.severity) == ("tags_lost", Severity.WARNING)
    assert "推理" in problem.message


def test_template_field_without_a_place_is_a_warning():
    (problem,) = validate(make_payload(attributes={"narrator": "N", "asin": "B0"}))
    assert (problem.field, problem.code) == ("asin", "unknown_field")
    assert problem.severity is Severity.WARNING
    assert "asin, narrator" in problem.message


def test_dry_run_is_refused_with_what_the_site_would_make_of_it():
    (red,) = validate(make_payload(extra={"dryrun": "1"}))
    (ops,) = validate(make_payload("OPS", extra={"dryrun": "1"}), "ops")
    assert "stores nothing" in red.message
    assert "would be real" in ops.message


@pytest.mark.parametrize(
    ("torrent", "code"),
    [
        (make_torrent(private=0), "not_private"),
        (make_torrent(private=None), "not_private"),
        (make_torrent("OPS"), "wrong_source"),
        (make_torrent(**{"meta version": 2}), "not_v1"),
        (dataclasses.replace(make_torrent(), infohash="0" * 40), "wrong_infohash"),
        (dataclasses.replace(make_torrent(), content=b""), "unreadable"),
        (dataclasses.replace(make_torrent(), content=b"<html>"), "unreadable"),
        (dataclasses.replace(make_torrent(), content=b"d4:infodee"), "unreadable"),
        (dataclasses.replace(make_torrent(), content=b"l" * 900_000), "unreadable"),
        (dataclasses.replace(make_torrent(), content=b"x" * 1_000_000), "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_torrent_that_the_site_would_change_or_refuse(torrent, code):
    assert codes(make_payload(torrent=torrent)) == [("torrent", code)]


@given(st.binary(max_size=200))
def test_no_content_makes_the_torrent_check_fail(content):
    torrent = dataclasses.replace(make_torrent(), content=content)
    assert list(files.torrent_problems(make_site(), torrent))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("Book/what?.mp3", "forbidden_character"),
        ("Bo:ok/01.mp3", "forbidden_character"),
        ("Book/a\\b.mp3", "forbidden_character"),
        ("Book/INCOMPLETE~01.mp3", "forbidden_word"),
        ("Book/from Demonoid.ME.txt", "forbidden_word"),
        ("Book/" + "a" * 172 + ".mp3", "path_too_long"),
        ("Book/cover.webp", "file_type"),
        ("Book/README", "file_type"),
        ("Book.mp3/noext", "file_type"),
        ("Book/metadata.opf", "file_type"),
    ],
)
def test_names_that_orpheus_refuses(path, code):
    torrent = make_torrent("OPS", files=((path, 5), *FILES))
    found = validate(make_payload("OPS", torrent=torrent), "ops")
    assert [(problem.field, problem.code) for problem in found] == [("files", code)]
    assert found[0].severity is Severity.ERROR
    assert path in found[0].message


def test_file_type_is_a_warning_where_the_sites_list_is_not_known():
    torrent = make_torrent(files=(("Book/a.opf", 5), ("Book/b.JSON", 5)))
    (problem,) = validate(make_payload(torrent=torrent))
    assert (problem.code, problem.severity) == ("file_type", Severity.WARNING)
    torrent = make_torrent("OPS", files=(("Book/b.JSON", 5),))
    assert validate(make_payload("OPS", torrent=torrent), "ops") == []


def test_path_of_180_characters_passes():
    torrent = make_torrent(files=(("B/" + "ü" * 174 + ".mp3", 5),))
    assert validate(make_payload(torrent=torrent)) == []


def test_the_trackers_own_rules_come_before_the_usual_ones():
    site = dataclasses.replace(
        make_site(), torrent_rules={"max_torrent_bytes": 400, "max_path_chars": 15}
    )
    payload = make_payload(torrent=make_torrent(files=(("B/" + "a" * 20 + ".mp3", 5),)))
    assert len(payload.torrent.content) <= 400
    (found,) = rules.validate(site, RED, payload)
    assert (found.field, found.code) == ("files", "path_too_long")
    assert "exceed 15 characters" in found.message
    (found, *_) = rules.validate(site, RED, make_payload(torrent=make_torrent()))
    assert (found.field, found.code) == ("torrent", "too_large")
    assert "400 are allowed" in found.message
    wide = dataclasses.replace(site, torrent_rules={"max_path_chars": 300})
    torrent = make_torrent(files=(("B/" + "a" * 200 + ".mp3", 5),))
    assert rules.validate(wide, RED, make_payload(torrent=torrent)) == []


def test_many_bad_names_are_counted_and_not_all_listed():
    bad = tuple((f"Book/{number}.opus", 5) for number in range(9))
    found = validate(make_payload("OPS", torrent=make_torrent("OPS", files=bad)), "ops")
    assert "and 4 more" in found[0].message


@given(
    st.text(max_size=300),
    st.text(max_size=300),
    st.lists(st.text(max_size=30), max_size=5),
    st.dictionaries(
        st.sampled_from(["year", "format", "bitrate", "other_bitrate", "image"]),
        st.text(max_size=300),
    ),
)
def test_no_text_makes_validation_fail(title, description, tags, attributes):
    payload = make_payload(
        title=title, description=description, tags=tuple(tags), attributes=attributes
    )
    for dialect in DIALECTS:
        validate(payload, dialect)


def test_payload_with_errors_is_not_sent():
    with (
        make_adapter(build_session()) as adapter,
        pytest.raises(UnsupportedByTracker, match="The title is empty") as caught,
    ):
        adapter.upload(make_payload(title="", attributes={"year": ""}))
    assert "The year is missing" in caught.value.message
    assert caught.value.tracker == "red"
