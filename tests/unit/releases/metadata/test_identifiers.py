"""ASIN and ISBN: what is one, what only looks like one, and conversions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.metadata.identifiers import (
    asin_warning,
    clean_asin,
    clean_isbn,
    find_asin,
    find_isbn,
    isbn10_to_13,
    isbn13_to_10,
)

ISBN9 = st.text("0123456789", min_size=9, max_size=9)


@pytest.mark.parametrize(
    ("text", "asin"),
    [
        ("B08G9PRS1K", "B08G9PRS1K"),
        (" b08g9prs1k\n", "B08G9PRS1K"),
        ("ASIN: B08G9PRS1K", "B08G9PRS1K"),
        ("AUDIBLE_ASIN=B08G9PRS1K", "B08G9PRS1K"),
        ("Ｂ０８Ｇ９ＰＲＳ１Ｋ", "B08G9PRS1K"),
        ("1774248182", "1774248182"),
        ("0241440807", "0241440807"),
        ("080442957x", "080442957X"),
        ("ABANDONING", None),
        ("B08G9PRS1", None),
        ("B08G9PRS1KK", None),
        ("B08G9-RS1K", None),
        ("9780306406157", None),
        ("", None),
    ],
)
def test_asin_of_a_field(text, asin):
    assert clean_asin(text) == asin


@pytest.mark.parametrize(
    ("text", "asin"),
    [
        ("Project Hail Mary [B08G9PRS1K]", "B08G9PRS1K"),
        ("Project Hail Mary [ASIN.B08G9PRS1K]", "B08G9PRS1K"),
        ("hail_mary-b08g9prs1k_m4b", "B08G9PRS1K"),
        ("978-0306406152", None),
        ("hail mary b08g9prs1k m4b", "B08G9PRS1K"),
        ("https://www.audible.com/pd/Hail-Mary-Audiobook/B08G9PRS1K?x=1", "B08G9PRS1K"),
        ("Title [1774248182]", "1774248182"),
        ("Title 1774248182 more", "1774248182"),
        ("phone 1774248183", None),
        ("in brackets [1774248183]", "1774248183"),
        ("THE ABANDONING", None),
        ("The BLANKETING of snow", None),
        ("blanketing", None),
        ("[BLANKETING]", "BLANKETING"),
        ("[Bestseller]", None),
        ("XB08G9PRS1K", None),
        ("", None),
        ("text 080442957x", "080442957X"),
        ("[B08G9PRS1K] and 1774248182", "B08G9PRS1K"),
        ("1774248182 and [B08G9PRS1K]", "B08G9PRS1K"),
    ],
)
def test_asin_in_free_text(text, asin):
    assert find_asin(text) == asin


def test_numeric_asin_with_wrong_checksum_is_told_and_not_refused():
    assert clean_asin("1774248183") == "1774248183"
    assert "1774248183" in asin_warning("1774248183")
    assert asin_warning("1774248182") == ""
    assert asin_warning("B08G9PRS1K") == ""


@pytest.mark.parametrize(
    ("text", "isbn"),
    [
        ("0-306-40615-2", "0306406152"),
        ("978-0-306-40615-7", "9780306406157"),
        ("978\u20110\u2013306\u201440615\u20157", "9780306406157"),
        ("９７８０３０６４０６１５７", "9780306406157"),
        ("ISBN: 978 0 306 40615 7", "9780306406157"),
        ("ISBN-13: 9780306406157", "9780306406157"),
        ("ISBN 9780306406157", "9780306406157"),
        ("ISBN9780306406157", "9780306406157"),
        ("eISBN 9780306406157", "9780306406157"),
        ("080442957X", "080442957X"),
        ("979-10-90636-07-1", "9791090636071"),
        ("1774248182", "1774248182"),
        ("0306406153", None),
        ("9780306406158", None),
        ("9772049363002", None),
        ("X804429570", None),
        ("B08G9PRS1K", None),
        ("", None),
        ("٩٧٨٠٣٠٦٤٠٦١٥٧", None),
    ],
)
def test_isbn_of_a_field(text, isbn):
    assert clean_isbn(text) == isbn


def test_isbn_in_free_text():
    assert find_isbn("Title [978-0-306-40615-7] m4b") == "9780306406157"
    assert find_isbn("no. 9780306406158, then 080442957X") == "080442957X"
    assert find_isbn("Title 2021 - 12345") is None


def test_conversion_of_known_numbers():
    assert isbn10_to_13("1774248182") == "9781774248188"
    assert isbn13_to_10("9781774248188") == "1774248182"
    assert isbn13_to_10("9780804429573") == "080442957X"
    assert isbn13_to_10("9791090636071") is None


@pytest.mark.parametrize("convert", [isbn10_to_13, isbn13_to_10])
def test_conversion_refuses_what_is_no_isbn(convert):
    with pytest.raises(ValueError, match="B08G9PRS1K"):
        convert("B08G9PRS1K")


@given(ISBN9)
def test_conversion_goes_there_and_back(body):
    checks = [c for c in "0123456789X" if clean_isbn(body + c)]
    assert len(checks) == 1
    isbn10 = body + checks[0]
    assert isbn13_to_10(isbn10_to_13(isbn10)) == isbn10


@given(st.text())
def test_any_text_is_read_without_failing(text):
    for found in (clean_asin(text), find_asin(text)):
        assert found is None or clean_asin(found) == found
    for found in (clean_isbn(text), find_isbn(text)):
        assert found is None or clean_isbn(found) == found
