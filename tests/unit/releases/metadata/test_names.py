"""Names of folders and files: what they say, and the traps in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.metadata import names_pieces as piece
from releases.metadata.names import read_name


def read(*parts):
    """The fields in a short form: people and series as text."""
    fields, _, _ = read_name(parts, this_year=2026)
    short = dict(fields)
    for key in ("authors", "narrators"):
        if key in short:
            short[key] = [person["name"] for person in short[key]]
    if "series" in short:
        short["series"] = tuple(short["series"][0].values())
    return short


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            ["Charles Dickens - Two Cities #1 - A Tale of Two Cities (1859) {Some One} [B08G9PRS1K]"],
            {"authors": ["Charles Dickens"], "series": ("Two Cities", "1"), "title": "A Tale of Two Cities", "year": 1859, "narrators": ["Some One"], "asin": "B08G9PRS1K"},
        ),
        (["Author Name - [Series 01] - Title"], {"authors": ["Author Name"], "series": ("Series", "1"), "title": "Title"}),
        (["Series - Book 1 - Title - Author Name"], {"authors": ["Author Name"], "series": ("Series", "1"), "title": "Title"}),
        (
            ["Title of It - Author Name (read by Jim Dale) [Unabridged] [64k]"],
            {"authors": ["Author Name"], "title": "Title of It", "narrators": ["Jim Dale"], "format_type": "unabridged"},
        ),
        (["Author Name - 1999 - Title"], {"authors": ["Author Name"], "title": "Title", "year": 1999}),
        (["Author Name - Series - Title"], {"authors": ["Author Name"], "series": ("Series",), "title": "Title"}),
        (["Brandon Sanderson", "Mistborn", "2006 - The Final Empire [Mistborn 1]"], {"authors": ["Brandon Sanderson"], "series": ("Mistborn", "1"), "title": "The Final Empire", "year": 2006}),
        (["Brandon Sanderson", "Mistborn", "Book 2 - The Well of Ascension {Michael Kramer}"], {"authors": ["Brandon Sanderson"], "series": ("Mistborn", "2"), "title": "The Well of Ascension", "narrators": ["Michael Kramer"]}),
        (["Brandon Sanderson", "Mistborn", "6. The Bands of Mourning"], {"authors": ["Brandon Sanderson"], "series": ("Mistborn", "6"), "title": "The Bands of Mourning"}),
        (["Author", "Series", "0.5 - Title"], {"authors": ["Author"], "series": ("Series", "0.5"), "title": "Title"}),
        (["Author", "Series", "01 - Title"], {"authors": ["Author"], "series": ("Series", "1"), "title": "Title"}),
        (["Author", "Series", "Title, Book 1-3"], {"authors": ["Author"], "series": ("Series", "1-3"), "title": "Title, Book 1-3"}),
        (["Author", "Title", "CD1"], {"authors": ["Author"], "title": "Title"}),
        (["Author", "Title", "Title.m4b"], {"authors": ["Author"], "title": "Title"}),
        (["Andy Weir", "Andy Weir - Artemis"], {"authors": ["Andy Weir"], "title": "Artemis"}),
        (["Andy Weir", "Artemis - Andy Weir"], {"authors": ["Andy Weir"], "title": "Artemis"}),
        (["Andy Weir", "Artemis - A Novel"], {"authors": ["Andy Weir"], "title": "Artemis - A Novel"}),
        (["Audiobooks", "Andy Weir - Artemis (2017).m4b"], {"authors": ["Andy Weir"], "title": "Artemis", "year": 2017}),
        (["Andy_Weir-Project_Hail_Mary-2021-M4B"], {"authors": ["Andy Weir"], "title": "Project Hail Mary", "year": 2021}),
        (["Andy.Weir.-.Project.Hail.Mary.2021.MP3.64kbps-GRP"], {"authors": ["Andy Weir"], "title": "Project Hail Mary", "year": 2021}),
        (["Frank Herbert - Dune Vol. IV - God Emperor of Dune"], {"authors": ["Frank Herbert"], "series": ("Dune", "IV"), "title": "God Emperor of Dune"}),
        (["The Lord of the Rings 1 - The Fellowship of the Ring"], {"series": ("The Lord of the Rings", "1"), "title": "The Fellowship of the Ring"}),
        (["Max Frisch - Homo faber (Hörbuch, gelesen von Felix von Manteuffel)"], {"authors": ["Max Frisch"], "title": "Homo faber", "narrators": ["Felix von Manteuffel"]}),
        (["Ursula K. Le Guin - The Dispossessed narrated by A B & C D"], {"authors": ["Ursula K. Le Guin"], "title": "The Dispossessed", "narrators": ["A B", "C D"]}),
        (["Title (Bookshelfs) {Bernadette}"], {"title": "Title (Bookshelfs)", "narrators": ["Bernadette"]}),
        (["Title (B08G9PRS1K)"], {"title": "Title", "asin": "B08G9PRS1K"}),
        (["Title (Light Novel) [ISBN 0306406152] [Odd] []"], {"title": "Title (Light Novel)", "isbn": "0306406152"}),
        (["Title [9780306406157] [1774248182] (gekürzt)"], {"title": "Title", "isbn": "9780306406157", "asin": "1774248182", "format_type": "abridged"}),
    ],
)  # fmt: skip
def test_known_schemes(parts, expected):
    assert read(*parts) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["1984 - George Orwell"], {"authors": ["George Orwell"], "title": "1984"}),
        (["George Orwell - 1984"], {"authors": ["George Orwell"], "title": "1984"}),
        (["George Orwell - 1949 - 1984"], {"authors": ["George Orwell"], "title": "1984", "year": 1949}),
        (["George Orwell", "1949 - 1984"], {"authors": ["George Orwell"], "title": "1984", "year": 1949}),
        (["Joseph Heller - Catch-22"], {"authors": ["Joseph Heller"], "title": "Catch-22"}),
        (["Stephen King - 11_22_63"], {"authors": ["Stephen King"], "title": "11/22/63"}),
        (["Stephen King - 11／22／63"], {"authors": ["Stephen King"], "title": "11/22/63"}),
        (["Dodie Smith", "101 Dalmatians"], {"authors": ["Dodie Smith"], "title": "101 Dalmatians"}),
        (["Weir, Andy - Artemis"], {"authors": ["Andy Weir"], "title": "Artemis"}),
        (["van der Berg, Jan - Het Boek"], {"authors": ["Jan van der Berg"], "title": "Het Boek"}),
        (["King, Stephen & Straub, Peter - The Talisman"], {"authors": ["Stephen King", "Peter Straub"], "title": "The Talisman"}),
        (["Robert Jordan, Brandon Sanderson - A Memory of Light"], {"authors": ["Robert Jordan", "Brandon Sanderson"], "title": "A Memory of Light"}),
        (["Kurt Vonnegut, Jr. - Slaughterhouse-Five"], {"authors": ["Kurt Vonnegut, Jr."], "title": "Slaughterhouse-Five"}),
        (["J.R.R. Tolkien - The Hobbit"], {"authors": ["J.R.R. Tolkien"], "title": "The Hobbit"}),
        (["Seanan McGuire - Every Heart a Doorway"], {"authors": ["Seanan McGuire"], "title": "Every Heart a Doorway"}),
        (["War and Peace - Leo Tolstoy"], {"authors": ["Leo Tolstoy"], "title": "War and Peace"}),
        (["Author - A - B - C - D"], {"authors": ["Author"], "title": "A - B - C - D"}),
        (["Cafe\u0301"], {"title": "Café"}),
        (["Title： Subtitle"], {"title": "Title: Subtitle"}),
        (["Title_ Subtitle"], {"title": "Title: Subtitle"}),
        (["The ABANDONING"], {"title": "The ABANDONING"}),
        (["2001 - A Space Odyssey"], {"title": "A Space Odyssey", "year": 2001}),
        (["Title (3021)"], {"title": "Title (3021)"}),
        (["[B08G9PRS1K]"], {"asin": "B08G9PRS1K"}),
        ([""], {}),
        ([], {}),
        (["\u200b"], {}),
        ([",", "Title {;}"], {"title": "Title"}),
    ],
)  # fmt: skip
def test_traps(parts, expected):
    assert read(*parts) == expected


def test_confidence_falls_with_ambiguity():
    def sure(*parts):
        return read_name(parts, this_year=2026).confidence

    assert sure("Andy Weir - Series #1 - Title") > sure("Andy Weir - The Title")
    assert sure("Andy Weir - The Title") > sure("Good Omens - Andy Weir")
    assert sure("Good Omens - Andy Weir") > sure("1984 - George Orwell") > 0
    assert sure("Andy Weir", "Artemis") > sure("Artemis") > sure("[B08G9PRS1K]")


def test_raw_says_what_was_read_as_what():
    reading = read_name(["Title [B08G9PRS1K] (1999) {N N} m4b"], this_year=2026)
    assert reading.raw["path"] == ["Title [B08G9PRS1K] (1999) {N N} m4b"]
    assert {"text": "[B08G9PRS1K]", "read_as": "identifier"} in reading.raw["pieces"]
    assert {"text": "m4b", "read_as": "format"} in reading.raw["pieces"]


def test_next_year_is_a_year_and_the_one_after_is_not():
    assert read_name(["T (2027)"], this_year=2026).fields["year"] == 2027
    assert "year" not in read_name(["T (2028)"], this_year=2026).fields
    assert "year" in read_name(["T (1999)"]).fields


def test_positions_are_text():
    assert [piece.position(text) for text in ("01", "1,5", "1 - 3", "0", "IV")] == [
        *("1", "1.5", "1-3", "0", "IV")
    ]


def test_empty_text_is_no_person():
    assert not piece.looks_like_person(" ")
    assert not piece.looks_like_person("Single")
    assert not piece.looks_like_person("Agent 007")
    assert not piece.looks_like_person("all lower case")
    assert piece.looks_like_person("Ludwig van Beethoven")


@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_path_is_read_without_failing(parts):
    fields, confidence, raw = read_name(parts, this_year=2026)
    assert 0 <= confidence <= 1
    assert raw["path"] == parts
    assert not [key for key, value in fields.items() if value in ("", None, [])]


NAME = st.lists(
    st.sampled_from(
        [*("Andy Weir", "Title", " - ", "#1", "Book 2", "[B08G9PRS1K]", "(1999)", "{N N}"),
        *("1984", "m4b", "[", "]", "(", ")", "read by", "A & B", ",", "01", ".")]
    ),
    max_size=9,
).map(" ".join)  # fmt: skip


@given(NAME, st.sampled_from([[], ["Andy Weir"], ["Andy Weir", "Series"]]))
def test_any_mix_of_pieces_is_read_without_failing(name, folders):
    fields, _, _ = read_name([*folders, name], this_year=2026)
    for person in fields.get("authors", []) + fields.get("narrators", []):
        assert person["name"].strip()
