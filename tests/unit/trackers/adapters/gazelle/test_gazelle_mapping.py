"""Our vocabulary in each site's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.payloads import make_payload
from trackers.adapters.gazelle import mapping
from trackers.adapters.gazelle.dialects import OPS, RED


def values(dialect, **audio):
    found = mapping.site_values(dialect, "audiobook", {"audio": audio})
    return tuple(found.get(name) for name in ("format", "bitrate", "other_bitrate"))


@pytest.mark.parametrize(
    ("audio", "red", "ops"),
    [
        (
            {"codec": "AAC LC", "bitrate": 62_794},
            ("AAC", "Other", "64"),
            ("AAC", "64", None),
        ),
        (
            {"codec": "mp4a.40.2", "bitrate": 128_000, "bitrate_mode": "CBR"},
            ("AAC", "Other", "128"),
            ("AAC", "128", None),
        ),
        (
            {"codec": "AAC LC", "bitrate": 71_000},
            ("AAC", "Other", "71"),
            ("AAC", "Other", "71"),
        ),
        (
            {"codec": "AAC", "bitrate": 63_000, "bitrate_mode": "VBR"},
            ("AAC", "Other", "63 (VBR)"),
            ("AAC", "Other", "63 (VBR)"),
        ),
        (
            {"codec": "HE-AAC", "bitrate_kbps": 32},
            ("AAC", "Other", "32"),
            ("AAC", "Other", "32"),
        ),
        (
            {"codec": "MP3", "bitrate": 128_000, "bitrate_mode": "ABR"},
            ("MP3", "Other", "128 (ABR)"),
            ("MP3", "Other", "128 (ABR)"),
        ),
        (
            {"codec": "MP3", "bitrate": 1_411_000, "bitrate_mode": "VBR"},
            ("MP3", "Other", "1411"),
            ("MP3", "Other", "1411"),
        ),
        (
            {"codec": "mp3", "bitrate": 190_000, "preset": "V2", "bitrate_mode": "VBR"},
            ("MP3", "V2 (VBR)", None),
            ("MP3", "V2 (VBR)", None),
        ),
        (
            {"codec": "MPEG 1 Layer 3", "bitrate": 320_000, "bitrate_mode": "CBR"},
            ("MP3", "320", None),
            ("MP3", "320", None),
        ),
        (
            {"codec": "FLAC", "lossless": True, "bits_per_sample": 16},
            ("FLAC", "Lossless", None),
            ("FLAC", "Lossless", None),
        ),
        (
            {"codec": "flac", "lossless": True, "bits_per_sample": 24},
            ("FLAC", "24bit Lossless", None),
            ("FLAC", "24bit Lossless", None),
        ),
        (
            {"codec": "mp4a.40.42", "bitrate": 0},
            ("AAC", None, None),
            ("AAC", None, None),
        ),
        (
            {"codec": "Opus", "bitrate": 64_000},
            ("Opus", "Other", "64"),
            ("Opus", "64", None),
        ),
        (
            {"codec": "ec-3", "bitrate": 192_000},
            ("E-AC-3", "192", None),
            ("E-AC-3", "192", None),
        ),
        ({"codec": "ac-3"}, ("AC3", None, None), ("AC3", None, None)),
        ({"codec": "DTS"}, ("DTS", None, None), ("DTS", None, None)),
        (
            {"codec": "ALAC", "lossless": True},
            ("ALAC", "Lossless", None),
            ("ALAC", "Lossless", None),
        ),
        ({}, (None, None, None), (None, None, None)),
    ],
)
def test_audio_is_named_as_each_site_names_it(audio, red, ops):
    assert values(RED, **audio) == red
    assert values(OPS, **audio) == ops


def test_category_counts_from_zero_and_other_kinds_have_none():
    assert mapping.site_values(RED, "audiobook", {}) == {"category": "3"}
    assert mapping.site_values(RED, "film", {"audio": None}) == {}


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("-V 2", "V2 (VBR)"),
        ("V0", "V0 (VBR)"),
        ("-V 0 --vbr-new", "V0 (VBR)"),
        ("V1.0", "V1 (VBR)"),
        ("--preset standard", "V2 (VBR)"),
        ("extreme", "V0 (VBR)"),
        ("--alt-preset standard", "APS (VBR)"),
        ("--alt-preset extreme", "APX (VBR)"),
        ("--alt-preset insane", ""),
        ("-V 4", ""),
        ("-b 320", ""),
        ("", ""),
    ],
)
def test_lame_presets_have_gazelles_names(preset, expected):
    assert mapping.vbr_preset(preset) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("Science Fiction", "science.fiction"),
        ("sci-fi", "sci.fi"),
        ("  Mystery & Thriller ", "mystery.thriller"),
        ("Café", "caf"),
        (".hidden.", "hidden"),
        ("a..b", "a.b"),
        ("2000s", "2000s"),
        ("ミステリー", ""),
        ("İstanbul", "stanbul"),
        ("...", ""),
    ],
)
def test_tags_are_spelt_as_the_server_would(tag, expected):
    assert mapping.normalise_tag(tag) == expected


@given(st.lists(st.text(max_size=60)))
def test_tags_that_are_sent_fit_and_stay_as_they_are(tags):
    fitting = mapping.fitting_tags(tuple(tags))
    assert len(",".join(fitting).encode()) <= 200
    assert mapping.fitting_tags(fitting) == fitting
    assert len(set(fitting)) == len(fitting)


def test_repeated_tags_are_sent_once_and_long_lists_are_cut_between_tags():
    assert mapping.normalise_tags(("a b, A-B", "c")) == ("a.b", "c")
    many = tuple(f"{'x' * 18}{number}" for number in range(10, 25))
    fitting = mapping.fitting_tags((*many, "s"))
    assert fitting == (*many[:9], "s")
    assert len(",".join(fitting)) <= 200


def test_form_of_an_audiobook_says_both_descriptions_alike():
    form = mapping.form_fields(OPS, make_payload("OPS"))
    assert form == (
        ("type", "3"),
        ("title", "Ann Author - A Book"),
        ("tags", "audiobook,science.fiction"),
        ("year", "2019"),
        ("format", "MP3"),
        ("bitrate", "V2 (VBR)"),
        ("image", "https://images.invalid/cover.jpg"),
        ("album_desc", "[b]A Book[/b] about something."),
        ("desc", "[b]A Book[/b] about something."),
        ("release_desc", "Made for a test."),
        ("workaround_broken_html_entities", "0"),
    )


def test_artists_go_only_where_clients_send_them():
    payload = make_payload(attributes={"artists": "Ann Author; Ben Writer\nC"})
    form = mapping.form_fields(RED, payload)
    assert [pair for pair in form if pair[0] in {"artists[]", "importance[]"}] == [
        ("artists[]", "Ann Author"),
        ("importance[]", "1"),
        ("artists[]", "Ben Writer"),
        ("importance[]", "1"),
        ("artists[]", "C"),
        ("importance[]", "1"),
    ]
    names = {name for name, _ in mapping.form_fields(OPS, payload)}
    assert "artists[]" not in names


def test_other_bitrate_goes_only_with_other_and_empty_fields_stay_away():
    attributes = {"bitrate": "320", "other_bitrate": "64", "image": " "}
    names = {
        n for n, _ in mapping.form_fields(RED, make_payload(attributes=attributes))
    }
    assert not names & {"other_bitrate", "image"}
    attributes = {"bitrate": "Other", "other_bitrate": "64"}
    form = mapping.form_fields(RED, make_payload(attributes=attributes))
    assert ("other_bitrate", "64") in form


def test_extra_fields_come_last():
    payload = make_payload(extra={"requestid": "12"})
    assert mapping.form_fields(RED, payload)[-1] == ("requestid", "12")
