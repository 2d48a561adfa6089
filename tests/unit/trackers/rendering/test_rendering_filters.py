"""The filters by themselves, and the engine in this process."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liquid.exceptions import FilterArgumentError

from trackers.markup import render_bbcode
from trackers.markup.dialects import ALL_TAG_NAMES
from trackers.rendering import filters
from trackers.rendering.engine import Engine, iterate
from trackers.rendering.types import Limits

escape = filters.bbcode_escaper(ALL_TAG_NAMES)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.just("name") | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("5 *stars* [b]x[/b] _y_", "5 *stars* [\u200bb]x[\u200b/b] _y_"),
        ("[URL=https://e.example/]x", "[\u200bURL=https://e.example/]x"),
        ("[Unabridged] [2019] [brave] [b c]", "[Unabridged] [2019] [brave] [b c]"),
        ("[*]x [##]y [****]z", "[\u200b*]x [\u200b##]y [****]z"),
        ("==x==\na == b\n==y==", "\u200b==x==\na == b\n\u200b==y=="),
        ("a\r\nb\rc\x00\u202egpj.exe", "a\nb\ncgpj.exe"),
        (None, ""),
        (7, "7"),
        (True, "true"),
        (["[b]"], ""),
    ],
)
def test_bbcode_escape_breaks_only_what_the_sites_would_read(text, escaped):
    assert escape(text) == escaped


fragments = st.lists(
    st.sampled_from(sorted(ALL_TAG_NAMES)).map(lambda n: f"[{n}]")
    | st.sampled_from(["[/", "[", "]", "b", "*", "#", "=", "\n", "url=http://e.example/", "x"]),
    max_size=30,
).map("".join)  # fmt: skip


@given(fragments, st.sampled_from(["red", "ops"]))
def test_escaped_text_holds_no_markup_but_bare_addresses(text, dialect):
    html = render_bbcode(escape(text), dialect)
    for piece in ("<br>", "</a>"):
        html = html.replace(piece, "")
    while "<a " in html:
        before, _, rest = html.partition("<a ")
        html = before + rest.partition(">")[2]
    assert "<" not in html


@pytest.mark.parametrize(
    ("value", "arguments", "text"),
    [
        ([{"name": "A"}, {"name": "B"}, {"name": "C"}], (), "A, B, C"),
        ([{"name": "A"}, {"name": "B"}, {"name": "C"}], (", ", " & "), "A, B & C"),
        ([{"name": "A"}], (", ", " & "), "A"),
        (["A", {"name": " B \n C "}, {}, None, {"name": None}], (), "A, B C"),
        ("A", (), "A"),
        ({"name": "A"}, (), "A"),
        ([], (), ""),
        (None, (), ""),
    ],
)
def test_join_names(value, arguments, text):
    assert filters.join_names(value, *arguments) == text


@pytest.mark.parametrize(
    ("text", "length", "cut"),
    [
        ("short", 5, "short"),
        ("the quick brown fox", 15, "the quick…"),
        ("the quick brown fox", 18, "the quick brown…"),
        ("unbreakable", 8, "unbre…"),
        ("ünbreakable", 8, "ünbr…"),
        ("日本語日本語", 11, "日本…"),
        ("cafe\u0301 noir", 10, "cafe\u0301…"),
        ("abcde\u0301fgh", 8, "abcd…"),
        ("abcdef", 2, "ab"),
        ("abcdef", 0, ""),
        ("abcdef", -1, ""),
    ],
)
def test_truncate_bytes(text, length, cut):
    assert filters.truncate_bytes(text, length) == cut


@given(st.text(), st.integers(0, 60))
def test_truncate_bytes_never_passes_its_length(text, length):
    cut = filters.truncate_bytes(text, length)
    assert len(cut.encode("utf-8", "surrogatepass")) <= max(length, 0)


@pytest.mark.parametrize(
    ("value", "limit", "tags"),
    [
        (["Science Fiction", "Sci-Fi", "sci fi"], None, "science.fiction, sci.fi"),
        (["Mystery, Thriller & Suspense"], None, "mystery.thriller.suspense"),
        ("Science Fiction, Fantasy,,", None, "science.fiction, fantasy"),
        (
            ["Café Noir", "文学", "Ünïcode", "..", "a..b"],
            None,
            "cafe.noir, unicode, a.b",
        ),
        (["abc", "def", "ghi"], 8, "abc, def"),
        (["abc", "def"], 7, "abc"),
        (["abc"], 2, ""),
        ([{"name": "The Series"}], None, "the.series"),
        (None, None, ""),
        (7, None, "7"),
    ],
)
def test_tagify(value, limit, tags):
    assert filters.tagify(value, limit) == tags


@given(anything)
def test_tagify_gives_only_what_a_site_keeps(value):
    for tag in filter(None, filters.tagify(value).split(", ")):
        assert set(tag) <= set("abcdefghijklmnopqrstuvwxyz0123456789.")
        assert not tag.startswith(".")
        assert not tag.endswith(".")
        assert ".." not in tag


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0:00"), (754_000, "12:34"), (3_723_000, "1:02:03"), (360_000_000, "100:00:00"),
        ("754000", "12:34"), (754_999.9, "12:34"), (-5, "0:00"), ("x", ""), (True, ""),
        (None, ""), ([], ""), (float("inf"), ""), (float("nan"), ""),
    ],
)  # fmt: skip
def test_clock(value, text):
    assert filters.clock(value) == text


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("https://e.example/a.jpg", True),
        ("http://e.example:8000/a/b%20c.PNG?x=1&y=2", True),
        ("https://e.example/a.webp", False),
        ("https://e.example/a", False),
        ("https://e.example/a.jpg/b", False),
        ("https://e.example/a b.jpg", False),
        ("https://e.example/a.png[/img][b]x.png", False),
        ("ftp://e.example/a.jpg", False),
        ("javascript:a.jpg", False),
        ("https://e.example/" + "a" * 234 + ".jpg", False),
        ("https://e.example/" + "a" * 233 + ".jpg", True),
        (None, False),
    ],
)
def test_image_url_lets_only_pictures_through(address, taken):
    assert filters.image_url(address) == (address if taken else "")


def test_printing_a_name_without_a_value_is_noted():
    (result,) = _run({"a": "{{ x | join_names }}{{ y | clock }}{{ z | tagify }}"})
    assert result.text == ""
    assert result.undefined == ["x", "y"]


def test_align_right_is_bounded():
    assert filters.align_right("12:34", 8) == "   12:34"
    assert len(filters.align_right("x", 10**9)) == 100


def test_concat_takes_names_without_values_as_empty():
    assert filters.concat(["a"], None) == ["a"]
    assert filters.concat("", ("b",)) == ["b"]
    assert filters.concat(range(2), "c") == [0, 1, "c"]


@given(anything)
def test_filters_take_any_value(value):
    for own in (escape, filters.join_names, filters.tagify, filters.clock):
        assert isinstance(own(value), str)


@pytest.mark.parametrize("name", ["truncate_bytes", "tagify", "align_right"])
def test_a_width_that_is_no_number_is_explained(name):
    with pytest.raises(FilterArgumentError, match=f"The filter “{name}” needs a whole"):
        getattr(filters, name)("x", "wide")


def _run(fields, context=None, *, check=False, limits=None):
    engine = Engine(fields, {}, limits or Limits(), ["b"])
    steps = iterate(engine, context or {}, check=check)
    return [result for _, result in steps if result is not None]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{{ 1 | divided_by: 0 }}", "Divided_by: can't divide by 0."),
        ("{{ x | nope }}", "There is no filter “nope”. docs/templates.md lists them."),
        ("{% render 'p' %}", "There is no part “p” in this template. Its parts: none."),
        ("{% assign x = 'yyyyyyyyyyyyyyyyyyyyyyyyy' %}", "The variables hold more"),
        ("{% for i in (1..101) %}{% endfor %}", "The loops run more than 100 times"),
        ("{{ 'y' | append: 'y' | append: x }}zzzzzzzzzzzz", "The template writes more"),
        ("{{ 'x' | align_right: 'y' }}", "The filter “align_right” needs"),
    ],
)
def test_the_engine_tells_a_failure_in_a_sentence(source, sentence):
    limits = Limits(output_bytes=10, loop_iterations=100, variable_bytes=60)
    (result,) = _run({"a": source}, limits=limits)
    assert result.text is None
    assert result.failures[0].message.startswith(sentence)


def test_the_engine_checks_fields_and_parts():
    fields = {"a": "{{ x | bbcode_escape }}", "_b": "{% if %}", "c": "{{ x | nope }}"}
    results = _run(fields, check=True)
    assert [len(result.failures) for result in results] == [0, 1, 1]


def test_the_engine_names_the_part_at_fault_and_what_has_no_value():
    fields = {
        "a": "{% render '_p' %}",
        "_p": "\n{{ x | nope }}",
        "b": "{{ x }}{{ y[2] }}",
    }
    first, second = _run(fields, {"y": [1]})
    assert (first.failures[0].layout, first.failures[0].line) == ("_p", 2)
    assert second.undefined == ["x", "y"]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("{{ 'inf' | times: 1 | floor }}", "This cannot be calculated (OverflowError"),
        ("{{ x" + "[x" * 5000 + "]" * 5000 + " }}", "The template is nested too deeply"),
    ],
)  # fmt: skip
def test_faults_of_the_library_itself_are_told_too(source, sentence):
    (result,) = _run({"a": source})
    assert result.failures[0].message.startswith(sentence)


def test_running_out_of_memory_is_told_by_the_engine():
    engine = Engine({"a": ""}, {}, Limits(memory_mb=7), [])
    assert "more than 7 MiB of memory" in engine._sentence(MemoryError())
    assert "nested too deeply" in engine._sentence(RecursionError())
