"""Several sources, one truth: who wins, what stays an alternative."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.metadata.merge import is_empty, merge, values
from releases.metadata.merge_series import merge_series, series_key
from releases.metadata.types import Fields
from releases.metadata.validate import LONGEST_LINE
from releases.metadata.vocabulary import VOCABULARY


def test_precedence_is_person_provider_tags_names_in_any_order():
    records: list[tuple[str, Fields]] = [
        ("names", {"title": "N", "subtitle": "n", "publisher": "np", "year": 1}),
        ("tags", {"title": "T", "subtitle": "t", "publisher": "tp"}),
        ("audnexus", {"title": "A", "subtitle": "a"}),
    ]
    for order in (records, records[::-1]):
        merged = merge(order, {"title": "P"})
        assert [merged[name]["source"] for name in ("title", "subtitle")] == [
            *("person", "audnexus")
        ]
        assert [merged[name]["source"] for name in ("publisher", "year")] == [
            *("tags", "names")
        ]
        assert merged["title"] == {
            "value": "P",
            "source": "person",
            "alternatives": [
                {"source": "audnexus", "value": "A"},
                {"source": "tags", "value": "T"},
                {"source": "names", "value": "N"},
            ],
        }


def test_of_two_providers_the_earlier_wins():
    merged = merge([("tags", {}), ("first", {"title": "1"}), ("other", {"title": "2"})])
    assert merged["title"]["source"] == "first"


def test_alternatives_are_different_values_once_each():
    merged = merge(
        [
            ("audnexus", {"title": "Café", "isbn": "9781774248188"}),
            ("tags", {"title": "Cafe\u0301 ", "isbn": "1774248182"}),
            ("names", {"title": "Coffee", "isbn": "9780306406157"}),
            ("more", {"title": "Coffee"}),
        ]
    )
    assert merged["title"]["alternatives"] == [{"source": "more", "value": "Coffee"}]
    assert merged["isbn"]["alternatives"] == [
        {"source": "names", "value": "9780306406157"}
    ]


@pytest.mark.parametrize("empty", [None, "", [], {}, " "])
def test_empty_values_never_win(empty):
    merged = merge([("audnexus", {"title": empty}), ("names", {"title": "N"})])
    assert merged["title"] == {"value": "N", "source": "names", "alternatives": []}


def test_person_may_leave_a_field_out_but_an_empty_box_says_nothing():
    records = [("tags", {"subtitle": "wrong", "title": "T"})]
    merged = merge(records, {"subtitle": None, "title": ""})
    assert "subtitle" not in merged
    assert merged["title"]["source"] == "tags"


def test_false_is_a_value():
    assert merge([("audnexus", {"is_adult": False})])["is_adult"]["value"] is False


def test_fields_outside_the_vocabulary_are_left_out():
    assert merge([("tags", {"weather": "fine"})], {"mood": "good"}) == {}


def test_descriptions_are_safe_whoever_wrote_them():
    merged = merge(
        [("tags", {"description_html": "<p>x<script>1</script></p>"})],
        {"description_html": "<p onclick=x>mine</p><script>2</script>"},
    )
    assert merged["description_html"]["value"] == "<p>mine</p>"
    assert merged["description_html"]["alternatives"][0]["value"] == "<p>x</p>"


def test_title_and_subtitle_of_a_provider_are_never_swapped():
    fields = {"title": "Alicization Exploding", "subtitle": "Sword Art Online 16"}
    assert values(merge([("audnexus", fields)])) == fields


def test_audio_comes_from_the_files_and_length_from_them_first():
    merged = merge(
        [
            ("audnexus", {"audio": {"codec": "x"}, "runtime_ms": 60_000}),
            ("tags", {"audio": {"codec": "AAC LC"}, "runtime_ms": 61_000}),
        ],
        {"audio": {"codec": "made up"}},
    )
    assert merged["audio"]["value"] == {"codec": "AAC LC"}
    assert merged["audio"]["alternatives"] == []
    assert merged["runtime_ms"] == {
        "value": 61_000,
        "source": "tags",
        "alternatives": [{"source": "audnexus", "value": 60_000}],
    }
    assert "audio" not in merge([("audnexus", {"audio": {"codec": "x"}})])
    assert merge([("audnexus", {"runtime_ms": 5})])["runtime_ms"]["value"] == 5


def test_missing_position_of_a_series_comes_from_a_weaker_source():
    merged = merge(
        [
            ("audnexus", {"series": [{"name": "The Expanse Series"}, {"name": "X"}]}),
            ("names", {"series": [{"name": "Expanse", "position": "3"}]}),
        ]
    )
    assert merged["series"]["value"] == [
        {"name": "The Expanse Series", "position": "3"},
        {"name": "X"},
    ]
    assert merged["series"]["source"] == "audnexus"
    mine = [{"name": "Expanse"}]
    records = [("names", {"series": [{"name": "Expanse", "position": "3"}]})]
    assert merge(records, {"series": mine})["series"]["value"] == mine


def test_known_position_of_a_series_stays():
    best = [{"name": "A", "position": "1"}]
    assert merge_series(best, [[{"name": "A", "position": "2"}]]) == best
    assert merge_series([{"name": "A"}], [[{"name": "A"}], []]) == [{"name": "A"}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Expanse", "expanse series"),
        ("Ascend Online [publication order]", "Ascend Online"),
        ("Das Lied", "Lied (Saga)"),
        ("The Hunger Games Trilogy", "Hunger Games"),
    ],
)
def test_spellings_of_one_series(one, other):
    assert series_key(one) == series_key(other)


def test_different_series_stay_apart():
    assert series_key("Foundation") != series_key("Foundations")
    assert series_key("Series") == "series"
    assert series_key("!!!") == "!!!"


def test_a_name_of_a_megabyte_is_compared_and_cut():
    hostile = "a" + "," * 10**6 + "x"
    assert series_key(hostile) == "a"
    fields = {"series": [{"name": hostile}], "title": hostile, "summary": "x" * 1000}
    merged = values(
        merge([("audnexus", fields), ("tags", {"series": fields["series"]})])
    )
    assert len(merged["title"]) == len(merged["series"][0]["name"]) == LONGEST_LINE
    assert len(merged["summary"]) == 1000


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["audnexus", "tags", "names", "other"]),
            st.dictionaries(
                st.sampled_from(["title", "publisher", "rating", "language"]),
                st.none() | st.text(),
            ),
        ),
        max_size=4,
    ),
    st.dictionaries(st.sampled_from(["title", "publisher"]), st.none() | st.text()),
)
def test_merging_invents_nothing_and_loses_nothing(records, overrides):
    merged = merge(records, overrides)
    for name, entry in merged.items():
        assert name in VOCABULARY
        assert not is_empty(entry["value"])
        offered = [entry["value"], *(one["value"] for one in entry["alternatives"])]
        assert len(offered) == len({json.dumps(one) for one in offered})
    for _, fields in records:
        for name, value in fields.items():
            dropped = name in overrides and overrides[name] is None
            assert dropped or not (value or "").strip() or name in merged
