"""docs/templates.md says what is there, and its examples work."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from liquid import Environment

from tests.unit.trackers.seeds.template_contexts import RICH
from trackers.markup import DIALECTS
from trackers.rendering.engine import (
    _DROPPED_FILTERS,
    _DROPPED_NAMES,
    _LIMIT_SENTENCES,
    Engine,
)
from trackers.rendering.render import check_source, render
from trackers.rendering.types import DEFAULT, Limits
from trackers.seeds.template_seeds import load_template_seeds

DOC = (Path(__file__).parents[4] / "docs" / "templates.md").read_text(encoding="utf-8")
# The context of product templates; what every one of them may use.
CONTEXT = {
    "release": ["name", "kind", "size", "size_text", "file_count"],
    "title": [], "subtitle": [], "authors": ["name"], "narrators": ["name"],
    "series": ["name", "position"], "publisher": [], "copyright": [], "year": [],
    "release_date": [], "language": [], "genres": [], "tags": [], "summary": [],
    "description_html": [], "description_text": [], "description_bbcode": [],
    "asin": [], "isbn": [], "runtime_ms": [], "runtime": [], "cover_url": [],
    "format_type": [], "rating": [],
    "chapters": ["number", "title", "start", "start_ms", "end_ms", "length"],
    "audio": ["codec", "container", "lossless", "bitrate", "bitrate_kbps",
              "bitrate_mode", "preset", "sample_rate", "channels"],
    "files": ["path", "size", "size_text"], "tracker": ["slug", "name"], "site": [],
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CONTEXT))
def test_every_name_of_the_context_is_documented(name):
    rows = [
        row for row in DOC.splitlines() if row.startswith("|") and f"`{name}`" in row
    ]
    assert rows
    for key in CONTEXT[name]:
        assert any(f"`{key}`" in row or f"`{name}.{key}`" in row for row in rows)


def test_the_full_context_of_the_tests_has_every_name():
    assert set(RICH) == set(CONTEXT)


def test_every_filter_of_ours_is_documented():
    ours = Engine({}, {}, DEFAULT, ["b"]).environment.filters
    builtin = Environment().filters
    for name in ours:
        if name not in builtin or ours[name] is not builtin[name]:
            assert f"| `{name}` |" in DOC


def test_every_dropped_filter_and_name_is_documented():
    for name in (*_DROPPED_FILTERS, *_DROPPED_NAMES):
        assert f"`{name}`" in DOC or (
            name.startswith("base64_") and "`base64_…`" in DOC
        )


def test_every_limit_and_its_sentence_is_documented():
    for limit in fields(Limits):
        if limit.name in {"cpu_seconds", "start_seconds"}:
            continue  # the same promise as `seconds`; not about a template
        assert re.search(rf"\| {getattr(DEFAULT, limit.name):,.0f}\b", DOC)
    for sentence in _LIMIT_SENTENCES.values():
        assert sentence.format(limits=DEFAULT) in DOC


def test_every_field_of_the_shipped_templates_is_documented():
    for seed in load_template_seeds():
        for name in seed.merged:
            assert name.startswith("_") or f"| `{name}` |" in DOC


def test_every_tag_of_the_sites_is_documented():
    table = DOC.partition("## Markup that the preview knows")[2]
    for dialect in DIALECTS.values():
        for name in dialect.tags:
            assert name == "colour" or re.search(rf"[`\s]{name}[`\s=]", table)


def test_the_examples_render():
    examples = re.findall(r"```liquid\n(.*?)```", DOC, re.DOTALL)
    sources = {f"example{n}": source for n, source in enumerate(examples)}
    sources["_heading"] = "{{ text }}"
    assert len(examples) >= 5
    assert check_source(sources) == []
    result = render(sources, RICH)
    assert result.ok
    assert result.undefined == {}
    assert all(result.fields.values())
