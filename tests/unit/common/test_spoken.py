"""Kept sentences in the language of a page: as far as they are known, and no further."""

import pytest
from django.template import engines
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from common.database import READ_ONLY
from common.spoken import spoken
from releases.clients import words
from trackers.adapters import words as sites
from uploads.services import troubles


@pytest.fixture
def german(marked_german):
    with override("de"):
        yield


def test_a_page_in_english_says_what_was_kept():
    with override("en"):
        assert spoken(READ_ONLY) == READ_ONLY


def test_a_marked_sentence_is_looked_up(german):
    assert spoken(words.NO_LOGIN_NEEDED) == f"⟦{words.NO_LOGIN_NEEDED}⟧"


def test_the_catalogue_is_asked():
    with override("de"):
        assert spoken(READ_ONLY).startswith("Die Datenbank")


def test_values_stay_as_they_were_filled_in(german):
    kept = words.NO_TORRENT % {"client": "Box. 2", "infohash": "ab"}
    assert spoken(kept) == "Box. ⟦2 has no torrent ab. Add it again.⟧"
    kept = words.NOBODY_THERE % {"client": "Box"}
    assert spoken(kept) == f"⟦{kept}⟧"


def test_a_value_that_is_a_marked_text_is_looked_up_as_well(german):
    kept = sites.NOT_REACHED % {"site": "Redacted", "why": sites.NO_ANSWER}
    assert f"⟦{sites.NO_ANSWER}⟧" in spoken(kept)
    assert spoken(kept).startswith("⟦Redacted could not be reached: ⟦")


def test_of_several_sentences_each_is_looked_up(german):
    first = words.CONNECTED % {"version": "v5.1.0"}
    second = words.QUEUEING % {"limit": 3}
    kept = f"{first} {second} Something else. {words.NO_LOGIN_NEEDED}"
    assert spoken(kept) == (
        f"⟦{first}⟧ ⟦{second}⟧ Something else. ⟦{words.NO_LOGIN_NEEDED}⟧"
    )


def test_what_stands_before_a_colon_is_no_part_of_the_sentence(german):
    kept = troubles.CLIENT_SILENT % {"client": "Box"}
    assert spoken(f"Trouble 1: {kept}").endswith("gives no answer.⟧")
    assert spoken("A: b: c") == "A: b: c"


def test_a_longer_text_is_left_as_it_is(german):
    text = f"{words.NO_LOGIN_NEEDED} " * 100
    assert spoken(text) == text


@given(st.text(max_size=200))
def test_what_nobody_marked_stays_as_it_is(text):
    with override("de"):
        assert spoken(f"{text}zz") == f"{text}zz"


def test_templates_have_it(german):
    source = "{{ text|spoken }}{{ none|spoken }}"
    said = engines["django"].from_string(source)
    assert said.render({"text": words.NO_LOGIN_NEEDED, "none": None}) == (
        f"⟦{words.NO_LOGIN_NEEDED}⟧"
    )
