"""The shipped templates: what they say, byte for byte, and what they never let in.

After a wanted change, record anew and read the difference:
`python -m tests.unit.trackers.seeds.test_template_seeds`
"""

import re
from pathlib import Path

import pytest

from tests.unit.trackers.seeds.template_contexts import (
    CONTEXTS,
    HOSTILE,
    MINIMAL,
    RICH,
)
from trackers.markup import render_bbcode
from trackers.rendering.render import check_source, render, render_many
from trackers.rendering.types import Job
from trackers.rendering.versions import merge_template
from trackers.seeds.template_seeds import load_template_seeds

GOLDEN = Path(__file__).parent / "golden"
SEEDS = {seed.slug: seed for seed in load_template_seeds()}
SITES = [slug for slug, seed in SEEDS.items() if seed.layout]
PAYLOAD_FIELDS = {
    "title", "description", "release_description", "tags", "image", "year", "format",
    "bitrate", "other_bitrate",
}  # fmt: skip


def _record():
    for slug in SITES:
        for name, context in CONTEXTS.items():
            text = _golden(render(SEEDS[slug].merged, context).fields)
            (GOLDEN / f"{slug}.{name}.txt").write_text(text, encoding="utf-8")


def _golden(fields):
    return "".join(f"## {name}\n{text}\n" for name, text in fields.items())


@pytest.mark.parametrize("slug", SITES)
@pytest.mark.parametrize("context", sorted(CONTEXTS))
def test_a_shipped_template_renders_as_recorded(slug, context):
    result = render(SEEDS[slug].merged, CONTEXTS[context])
    assert result.errors == []
    assert result.undefined == {}
    path = GOLDEN / f"{slug}.{context}.txt"
    assert _golden(result.fields) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("slug", sorted(SEEDS))
def test_a_shipped_template_has_no_faults(slug):
    assert check_source(SEEDS[slug].merged) == []


@pytest.mark.parametrize("slug", SITES)
def test_a_site_template_fills_every_payload_field(slug):
    assert {n for n in SEEDS[slug].merged if n[0] != "_"} == PAYLOAD_FIELDS


def test_the_layout_stands_before_the_templates_that_extend_it():
    assert list(SEEDS) == ["audiobook-gazelle", "audiobook-ops", "audiobook-red"]
    for slug in SITES:
        seed = SEEDS[slug]
        parent = SEEDS[seed.layout]
        assert seed.merged == merge_template(parent.fields, seed.fields)
        assert seed.dialect == slug.removeprefix("audiobook-")
        assert re.fullmatch("[0-9a-f]{64}", seed.checksum)


@pytest.mark.parametrize("slug", SITES)
def test_every_size_limit_of_the_sites_holds_for_any_metadata(slug):
    for result in render_many(
        [Job(fields=SEEDS[slug].merged, context=c) for c in CONTEXTS.values()]
    ):
        assert 1 <= len(result.fields["title"].encode()) <= 200
        assert 2 <= len(result.fields["tags"].encode()) <= 200
        assert 10 <= len(result.fields["description"].encode()) <= 1_000_000
        assert "\n" not in result.fields["title"]


@pytest.mark.parametrize("slug", SITES)
def test_hostile_metadata_adds_no_markup(slug):
    fields = render(SEEDS[slug].merged, HOSTILE).fields
    html = render_bbcode(fields["description"], SEEDS[slug].dialect)
    # Two boxes of ours, closed where we close them; no image, link or quote at all.
    assert html.count("<details") == html.count("<pre>") == 2
    for tag in ("<img", "<blockquote", "<code", "<u>", "<s>", "<ul", "<ol"):
        assert tag not in html
    assert set(re.findall(r"<h\d>(.*?)</h\d>", html)) <= {"Details"}
    assert fields["image"] == ""
    assert "42" not in fields["title"]
    assert "\u202e" not in "".join(fields.values())


@pytest.mark.parametrize("slug", SITES)
def test_every_tag_of_a_template_is_markup_on_its_site(slug):
    fields = render(SEEDS[slug].merged, RICH).fields
    for name in ("description", "release_description"):
        text = re.sub(r"<[^>]*>", "", render_bbcode(fields[name], SEEDS[slug].dialect))
        assert "[" not in text
        assert "==" not in text


def test_a_book_known_by_its_file_name_only_still_has_a_description():
    fields = render(SEEDS["audiobook-red"].merged, MINIMAL).fields
    assert fields["title"] == "Some Book"
    assert fields["tags"] == "audiobook"
    assert "Some Book.mp3" in fields["description"]


def test_a_release_without_a_title_takes_its_folder_name():
    context = {"release": {"name": "some_folder"}, "site": RICH["site"]}
    assert (
        render(SEEDS["audiobook-red"].merged, context).fields["title"] == "some_folder"
    )


def test_more_than_three_authors_are_cut_in_the_title():
    context = {**RICH, "authors": [{"name": n} for n in "ABCD"]}
    title = render(SEEDS["audiobook-ops"].merged, context).fields["title"]
    assert title == "A, B & C et al. - The Time Machine"


def test_the_year_comes_from_the_release_date_when_it_is_all_there_is():
    context = {k: v for k, v in RICH.items() if k != "year"}
    assert render(SEEDS["audiobook-ops"].merged, context).fields["year"] == "2019"


@pytest.mark.parametrize(
    ("channels", "words"), [(1, "mono"), (2, "stereo"), (6, "6 channels"), (0, None)]
)
def test_channels_are_said_in_words(channels, words):
    context = {**RICH, "audio": {**RICH["audio"], "channels": channels}}
    text = render(SEEDS["audiobook-red"].merged, context).fields["release_description"]
    assert ("Channels" in text) == (words is not None)
    assert words is None or f"[b]Channels:[/b] {words}" in text


GOOD = """
slug = "{slug}"
name = "n"
kind = "audiobook"
family = "gazelle"
dialect = ""
layout = "{layout}"
note = ""
[fields]
title = "x"
"""


def _write(folder, slug, text, layout=""):
    content = text.format(slug=slug, layout=layout)
    (folder / f"{slug}.toml").write_text(content, encoding="utf-8")


def test_seeds_are_read_from_any_folder(tmp_path):
    _write(tmp_path, "a", GOOD, layout="b")
    _write(tmp_path, "b", GOOD)
    assert [seed.slug for seed in load_template_seeds(tmp_path)] == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("slug = ", "a.toml: Invalid value"),
        (GOOD.replace('note = ""', ""), "a.toml: missing or unknown: note."),
        (GOOD.replace('note = ""', 'note = ""\nodd = 1'), "missing or unknown: odd."),
        (GOOD.replace('title = "x"', "title = 1"), "every value has to be a text"),
        (GOOD.replace('[fields]\ntitle = "x"', 'fields = "x"'), "has to be a table"),
        (GOOD.replace("{slug}", "c"), "slug “c” is not the file's name"),
        (GOOD.replace("{layout}", "z"), "layout “z” is not a seed"),
    ],
)
def test_a_malformed_seed_names_its_file_and_fault(tmp_path, text, words):
    _write(tmp_path, "a", text)
    with pytest.raises(ValueError, match=re.escape(words)):
        load_template_seeds(tmp_path)


if __name__ == "__main__":
    _record()
