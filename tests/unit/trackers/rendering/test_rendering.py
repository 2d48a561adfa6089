"""Templates through the real child process."""

import os
import threading
from pathlib import Path

import pytest

from trackers.rendering.render import check_source, render, render_many
from trackers.rendering.types import Job, Limits


def test_every_field_of_a_template_is_rendered():
    result = render(
        {"title": "{{ authors | join_names }} - {{ title }}", "year": "{{ year }}"},
        {"title": "Dune", "authors": [{"name": "Frank Herbert"}], "year": 2007},
    )
    assert result.fields == {"title": "Frank Herbert - Dune", "year": "2007"}
    assert result.ok


def test_names_printed_without_a_value_are_listed_per_field():
    result = render(
        {
            "a": "{{ subtitle }}{{ audio.codec }}{{ subtitle | bbcode_escape }}",
            "b": "{{ subtitle | default: 'none' }}{% if isbn %}x{% endif %}"
            "{% for c in chapters %}x{% endfor %}{{ genres | concat: tags | tagify }}",
            "c": "{{ narrators | join_names }}{{ runtime_ms | clock }}",
        },
        {"audio": {}},
    )
    assert result.fields == {"a": "", "b": "none", "c": ""}
    assert result.undefined == {
        "a": ("subtitle", "audio.codec"),
        "c": ("narrators", "runtime_ms"),
    }


def test_a_template_does_not_know_what_time_it_is():
    """Two renderings must not differ: the second would void an approval."""
    result = render(
        {
            "a": "Made {{ now }}{{ today }}{% if now %}!{% endif %}{% render '_x' %}",
            "b": "{{ now.year | default: 'no year' }}",
            "c": "{{ now }}",
            "_x": "{{ today }}",
        },
        {},
    )
    assert result.fields == {"a": "Made", "b": "no year", "c": ""}
    assert result.undefined == {"a": ("now", "today"), "c": ("now",)}


def test_values_that_look_like_liquid_are_printed_and_never_run():
    hostile = "{{ 7 | times: 6 }}{% assign title = 'x' %}{% render '_part' %}"
    result = render({"a": "{{ title }}", "_part": "secret"}, {"title": hostile})
    assert result.fields == {"a": hostile}


def test_python_attributes_are_out_of_reach():
    source = "{{ x.__class__ }}{{ x.__class__.__mro__ }}{{ x['__globals__'] }}{{ x.f }}"
    assert render({"a": source}, {"x": {}, "f": "y"}).fields == {"a": ""}


def test_parts_are_rendered_where_they_are_called_and_are_no_fields():
    result = render(
        {
            "a": "{% render '_x', name: title %}!",
            "_x": "[{{ name }}]",
            "b": "{% include 'y' %}",
        },
        {"title": "Dune"},
        layouts={"y": "from the layout: {{ title }}"},
    )
    assert result.fields == {"a": "[Dune]!", "b": "from the layout: Dune"}


def test_output_is_tidied():
    result = render({"a": "\n\n{{ x }}\r\n\r\n \n\r\nend\x00\x1b \n"}, {"x": "a\x07b"})
    assert result.fields == {"a": "ab\n\nend"}


def test_half_a_surrogate_from_a_file_name_prints_as_a_question_mark():
    assert render({"a": "{{ x }}"}, {"x": "a\udcffb"}).fields == {"a": "a?b"}


def test_a_wrong_field_names_its_line_and_leaves_the_others_alone():
    result = render({"a": "x\n\n{{ x | bbcode_escap }}", "b": "{{ x }}"}, {"x": "1"})
    assert result.fields == {"b": "1"}
    (error,) = result.errors
    assert (error.field, error.line) == ("a", 3)
    assert str(error) == (
        "a, line 3: There is no filter “bbcode_escap”. Did you mean “bbcode_escape”? "
        "docs/templates.md lists them."
    )


def test_a_fault_in_a_part_names_the_part():
    result = render(
        {"a": "{% render '_p' %}", "_p": "x\n{{ 1 | nothing_like_it }}"}, {}
    )
    assert str(result.errors[0]).startswith(
        "a, in part “_p”, line 2: There is no filter"
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ (1..50000000) | join }}", "256 MiB of memory"),
        ("{{ 'aaaaaaaaaa'" + " | replace: 'a', 'aaaaaaaaaa'" * 10 + " }}", "256 MiB"),
        (
            "{% assign x = 'aaaaaaaaaa' %}"
            + "{% assign x = x | replace: 'a', 'aaaaaaaaaa' %}" * 10,
            "variables hold more than 2,000,000 bytes",
        ),
        (
            "{% for i in (1..99999) %}{% for j in (1..30) %}x{% endfor %}{% endfor %}",
            "loops run more than 100,000 times",
        ),
        ("{% for i in (1..99999999999) %}x{% endfor %}", "more than 100,000 times"),
        (
            "{% assign a = (1..1000) | concat: a %}"
            + "{% assign a = a | concat: a %}" * 40,
            "variables hold more than",
        ),
        (
            "{% for i in (1..99999) %}{{ x }}{% endfor %}",
            "writes more than 1,000,000 bytes",
        ),
        (
            "{% assign n = 9 %}" + "{% assign n = n | times: n %}" * 60 + "{{ n }}",
            "ran longer than 2 seconds",
        ),
        ("{{ x" + "[x" * 5000 + "]" * 5000 + " }}", "nested too deeply"),
        ("{% if true %}" * 500, "nested too deeply"),
        ("{% render '_self' %}", "does one call itself?"),
        ("{{ (1..99999999999999999999) | size }}", "cannot be calculated"),
        ("{{ 'inf' | times: 1 | floor }}", "cannot be calculated (OverflowError"),
    ],
)  # fmt: skip
def test_a_bomb_is_stopped_and_told_in_a_sentence(source, words):
    fields = {"before": "ok", "bomb": source, "_self": "{% render '_self' %}"}
    # Where time is not what stops it, a slow machine gets as much as it needs.
    limits = Limits() if "seconds" in words else Limits(seconds=60, cpu_seconds=60)
    result = render(fields, {"x": "y" * 100}, limits=limits)
    assert result.fields == {"before": "ok"}
    assert result.errors[0].field == "bomb"
    assert words in result.errors[0].message


def test_fields_after_a_killed_one_say_that_they_were_not_rendered():
    slow = "{% assign n = 9 %}" + "{% assign n = n | times: n %}" * 60
    result = render({"slow": slow, "after": "ok"}, {}, limits=Limits(seconds=0.3))
    assert [str(error) for error in result.errors] == [
        "slow: The template ran longer than 0.3 seconds; simplify its loops and filters.",
        "after: Not rendered, because of the above.",
    ]


def test_a_killed_template_does_not_touch_the_others_of_its_run():
    slow = "{% assign n = 9 %}" + "{% assign n = n | times: n %}" * 60
    jobs = [
        Job(fields={"a": "{{ x }}"}, context={"x": 1}),
        Job(fields={"a": slow}, context={}),
        Job(fields={"a": "{{ x }}"}, context={"x": 3}),
        Job(fields={"a": slow}, context={}),
    ]
    results = render_many(jobs, limits=Limits(seconds=1))
    assert [result.fields for result in results] == [{"a": "1"}, {}, {"a": "3"}, {}]
    assert [result.ok for result in results] == [True, False, True, False]


def test_output_is_counted_over_all_fields():
    limits = Limits(output_bytes=100)
    fields = {"a": "{{ x }}", "b": "{{ x }}"}
    result = render(fields, {"x": "y" * 60}, limits=limits)
    assert list(result.fields) == ["a"]
    assert "more than 100 bytes" in result.errors[0].message


def test_a_template_that_is_too_long_is_refused_with_its_size():
    result = render({"a": "ü" * 10}, {}, limits=Limits(source_bytes=19))
    assert result.errors[0].message == (
        "The template and its layout are 20 bytes long; 19 are allowed. Shorten it."
    )


def test_too_many_fields_are_refused():
    result = render({"a": "", "b": ""}, {}, limits=Limits(fields=1))
    assert "at most 1 fields; this has 2" in result.errors[0].message


def test_metadata_that_is_too_long_is_refused_without_a_child():
    limits = Limits(context_bytes=1000, source_bytes=100)
    result = render({"a": "x"}, {"x": "y" * 2000}, limits=limits)
    assert "more than the 1,000 a template may get" in result.errors[0].message


@pytest.mark.parametrize("value", [float("nan"), b"x", {1, 2}])
def test_a_context_that_is_not_json_is_our_own_mistake(value):
    with pytest.raises((TypeError, ValueError)):
        render({"a": "x"}, {"x": value})


def test_nothing_to_render_gives_nothing():
    assert render_many([]) == []


def test_check_names_every_fault_without_a_context():
    errors = check_source(
        {
            "a": "x\n{{ y | foo_bar_baz }}\n{% render 'nope' %}",
            "b": "\n{% if %}{% endif %}",
            "_part": "{% nonsense %}",
            "c": "{% if x %}never closed",
            "fine": "{{ anything.at.all | upcase }}{% render '_part' %}",
        }
    )
    assert [str(error) for error in errors if error.field != "fine"] == [
        "a, line 2: There is no filter “foo_bar_baz”. docs/templates.md lists them.",
        "a, line 3: There is no part “nope” in this template. Its parts: _part.",
        "b, line 2: Missing expression.",
        "_part, line 1: Unexpected tag 'nonsense'.",
        "c: Expected tag endif, found end of expression.",
    ]


def test_check_accepts_parts_of_the_layout():
    assert check_source({"a": "{% render '_x' %}"}, layouts={"_x": "x"}) == []


def test_tags_and_filters_that_make_renderings_differ_are_gone():
    errors = check_source(
        {"a": "{{ 'now' | date: '%s' }}", "b": "{% tablerow x in y %}"}
    )
    assert [error.field for error in errors] == ["a", "b"]


def test_the_child_knows_nothing_of_us(monkeypatch):
    monkeypatch.setenv("HERALD_SECRET_KEY", "made-up-secret")
    source = (
        "{{ settings }}{{ environ }}{{ env }}{{ HERALD_SECRET_KEY }}{{ os.environ }}"
    )
    assert render({"a": source}, {}).fields == {"a": ""}


def test_threads_may_render_at_the_same_time():
    texts = {}

    def work(number):
        texts[number] = render({"a": "{{ n }}"}, {"n": number}).fields["a"]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == {n: str(n) for n in range(6)}


def _children():
    text = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text()
    return text.split()


def test_no_process_and_no_file_is_left_behind():
    render({"a": "x"}, {})
    files = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - counts descriptors
    children = _children()
    for _ in range(3):
        render({"a": "{{ (1..50000000) | join }}"}, {}, limits=Limits(memory_mb=128))
        slow = "{% assign n = 9 %}" + "{% assign n = n | times: n %}" * 60
        render({"a": slow}, {}, limits=Limits(seconds=0.2))
    assert len(os.listdir("/proc/self/fd")) == files  # noqa: PTH208
    assert _children() == children
