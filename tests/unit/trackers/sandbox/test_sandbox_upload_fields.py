"""Each sentence of the upload form, and the order in which they come."""

import pytest

from tests.unit.trackers.sandbox.gazelle_calls import MUSIC, make_torrent

NO_TAG = "You must enter at least one tag. Maximum length is 200 characters."
NO_IMAGE = "The image URL you entered was invalid."
NO_OTHER = "You must enter the other bitrate (max length: 9 characters)."
NO_YEAR = "The year of the release must be entered."
SHORT = "The album description has a minimum length of 10 characters."
LONG_TITLE = "Title must be less than 200 characters."

SENTENCES = [
    ({"type": None}, "type is not specified"),
    ({"type": "7"}, "Please select a valid category."),
    ({"type": "audiobooks"}, "Please select a valid category."),
    (
        {"release_desc": "x" * 1_000_001},
        "The release description you entered is too long.",
    ),
    ({"image": "http://a"}, NO_IMAGE),
    ({"image": "ftp://host.example/a.jpg"}, NO_IMAGE),
    ({"image": "https://host.example/"}, NO_IMAGE),
    ({"image": "https://[broken/a.jpg"}, NO_IMAGE),
    ({"image": "https://host.example/" + "a" * 231 + ".jpg"}, NO_IMAGE),
    ({"tags": None}, "tags is not specified"),
    ({"tags": "a"}, NO_TAG),
    ({"tags": "é" * 101}, NO_TAG),
    ({"title": None}, "title is not specified"),
    ({"title": ""}, LONG_TITLE),
    ({"title": "é" * 101}, LONG_TITLE),
    ({"album_desc": "too short"}, SHORT),
    ({"album_desc": "x" * 1_000_001}, SHORT),
    (
        {"album_desc": None, "desc": "too short"},
        "The description has a minimum length of 10 characters.",
    ),
    ({"format": None}, "format is not specified"),
    ({"format": "M4B"}, "Please select a valid format."),
    ({"bitrate": None}, "bitrate is not specified"),
    ({"bitrate": "65"}, "You must choose a bitrate."),
    ({"other_bitrate": None}, NO_OTHER),
    ({"other_bitrate": "1234567890"}, NO_OTHER),
    ({"format": "FLAC"}, "FLAC bitrate must be lossless."),
    ({"year": None}, "year is not specified"),
    ({"year": "-5"}, NO_YEAR),
    (
        {"image": "https://host.example/cover.webp"},
        "https://host.example/cover.webp does not look like a valid image url",
    ),
    (
        {"image": "https://banned-images.example/cover.jpg"},
        "Please rehost images from banned-images.example elsewhere.",
    ),
]


@pytest.mark.parametrize(("changes", "sentence"), SENTENCES)
def test_wrong_field_is_refused_in_the_sites_words(site, changes, sentence):
    assert site.refusal(**changes) == sentence


def test_first_wrong_field_wins(site):
    assert site.refusal(tags="", title="", format="M4B", year="-1") == NO_TAG
    assert site.refusal(title="", format="M4B", year="-1") == LONG_TITLE
    assert site.refusal(format="M4B", year="-1") == "Please select a valid format."


def test_fields_are_checked_before_the_torrent(site):
    assert site.refusal(torrent=b"<html>", tags="") == NO_TAG


def test_lengths_are_bytes(site):
    title = "é" * 100
    site.upload(title=title, image="https://host.example/" + "a" * 230 + ".jpg")

    assert site.sandbox.uploads(site.slug)[0]["group"]["name"] == title


@pytest.mark.parametrize(
    "suffix", ["gif", "PNG", "webm", "jpg", "jpeg", "tif", "tiff?x=1"]
)
def test_these_image_kinds_are_taken(site, suffix):
    image = f"https://host.example/cover.{suffix}"

    site.upload(image=image)

    assert site.sandbox.uploads(site.slug)[0]["group"]["image"] == image


def test_64_kbps_is_a_bitrate_only_on_ops(red, ops):
    assert red.refusal(bitrate="64") == "You must choose a bitrate."
    ops.upload(bitrate="64")


def test_ogg_vorbis_is_a_format_only_on_ops(red, ops):
    assert red.refusal(format="Ogg Vorbis") == "Please select a valid format."
    ops.upload(format="Ogg Vorbis")


def test_text_as_year_becomes_zero_on_ops_and_is_refused_on_red(red, ops):
    assert red.refusal(year="last century") == NO_YEAR
    ops.upload(year="last century")
    assert ops.sandbox.uploads("ops")[0]["group"]["year"] == 0


def test_description_may_be_left_out_on_ops_only(red, ops):
    assert red.refusal(album_desc=None) == SHORT
    ops.upload(album_desc=None)


def test_one_letter_is_a_title_on_ops_only(red, ops):
    assert red.refusal(title="X") == LONG_TITLE
    ops.upload(title="X")


def test_desc_counts_when_album_desc_is_absent(site):
    site.upload(album_desc=None, desc="The other description.")

    group = site.sandbox.uploads(site.slug)[0]["group"]
    assert group["description"] == "The other description."


def test_vbr_is_added_to_the_other_bitrate(site):
    site.upload(vbr="1")

    assert site.sandbox.uploads(site.slug)[0]["encoding"] == "64 (VBR)"


def test_music_fields_mean_nothing_for_an_audiobook(site):
    site.upload(
        media="Wax cylinder",
        releasetype="99",
        remaster="1",
        **{"artists[]": "X", "importance[]": "9"},
    )

    stored = site.sandbox.uploads(site.slug)[0]
    assert stored["media"] == ""
    assert stored["remastered"] is False
    assert stored["group"]["artists"] == []


def test_form_that_php_would_empty_lacks_its_first_field(site):
    answer = site.post(torrent=b"x" * (8 * 1024 * 1024))

    assert answer.json()["error"] == "type is not specified"


def test_form_that_is_not_multipart_lacks_its_first_field(site):
    answer = site.session.post(
        f"{site.sandbox.url(site.slug)}/ajax.php?action=upload",
        json={"type": 3},
        headers=site.headers,
        timeout=10,
    )

    assert answer.json()["error"] == "type is not specified"


def test_broken_multipart_is_answered(site):
    answer = site.session.post(
        f"{site.sandbox.url(site.slug)}/ajax.php?action=upload",
        data=b"nonsense",
        headers={**site.headers, "Content-Type": "multipart/form-data"},
        timeout=10,
    )

    assert answer.json()["error"].startswith("The form cannot be read")


MUSIC_SENTENCES = [
    (
        {"importance[]": ["1"]},
        "There is an error with how artists are specified.",
    ),
    (
        {"importance[]": ["1", "9"]},
        "There is an error with how artists are specified.",
    ),
    ({"importance[]": ["2", "2"]}, "Please enter at least one main artist"),
    ({"media": None}, "media is not specified"),
    ({"media": "MiniDisc"}, "Please select a valid media."),
    ({"releasetype": None}, "releasetype is not specified"),
    ({"releasetype": "4"}, "Please select a valid release type."),
    ({"year": None}, "year is not specified"),
    ({"year": "soon"}, "The year of the original release must be entered."),
    (
        {"remaster": "1", "remaster_year": "1970"},
        "Year of remaster/re-issue must be entered.",
    ),
    ({"groupid": "ten"}, "Group ID was not numeric"),
    ({"groupid": "10"}, "bad parameters"),
]


@pytest.mark.parametrize(("changes", "sentence"), MUSIC_SENTENCES)
def test_wrong_music_field_is_refused_in_the_sites_words(site, changes, sentence):
    assert site.refusal(MUSIC, **changes) == sentence


def test_media_names_differ(red, ops):
    red.upload(MUSIC, media="Blu-Ray")
    ops.upload(MUSIC, media="BD")
    assert "media" in red.post(MUSIC, media="BD").json()["error"]
    assert "media" in ops.post(MUSIC, media="Blu-Ray").json()["error"]


def test_remaster_without_year_passes_when_unknown(site):
    site.upload(MUSIC, remaster="1", unknown="1")

    assert site.sandbox.uploads(site.slug)[0]["remastered"] is True


def test_edition_is_kept_only_with_the_remaster_flag(site):
    edition = {"remaster_year": "2001", "remaster_title": "Anniversary"}
    site.upload(MUSIC, make_torrent("One"), **edition)
    site.upload(MUSIC, make_torrent("Two"), remaster="1", **edition)

    bare, flagged = site.sandbox.uploads(site.slug)
    assert (bare["remaster_year"], bare["remaster_title"]) == (0, "")
    assert (flagged["remaster_year"], flagged["remaster_title"]) == (
        2001,
        "Anniversary",
    )


def test_ebook_needs_no_format(site):
    site.upload(type="2", format=None, bitrate=None, year=None)

    [upload] = site.sandbox.uploads(site.slug)
    assert upload["group"]["category"] == 3
    assert upload["encoding"] == ""
