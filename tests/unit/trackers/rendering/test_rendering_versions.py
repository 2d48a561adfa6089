"""Inheriting, fingerprinting and comparing templates."""

from trackers.rendering.versions import diff_fields, merge_template, template_checksum


def test_a_childs_fields_win_and_the_others_are_inherited():
    parent = {"title": "P", "tags": "P", "image": "P"}
    merged = merge_template(parent, {"tags": "C", "year": "C", "image": ""})
    assert list(merged.items()) == [
        ("title", "P"), ("tags", "C"), ("image", ""), ("year", "C"),
    ]  # fmt: skip


def test_the_checksum_knows_content_not_order():
    one = template_checksum({"a": "1", "b": "ü"})
    assert one == template_checksum({"b": "ü", "a": "1"})
    assert len(one) == 64
    assert one != template_checksum({"a": "1", "b": "u"})
    assert one != template_checksum({"a": "1b", "": "ü"})


def test_a_diff_shows_changed_lines_per_field():
    before = {"same": "x", "a": "one\ntwo\nthree\nfour\nfive", "gone": "g"}
    after = {"same": "x", "a": "one\ntwo\n3\nfour\nfive", "new": "n"}
    assert diff_fields(before, after) == {
        "a": ["@@ -1,5 +1,5 @@", " one", " two", "-three", "+3", " four", " five"],
        "gone": ["@@ -1 +0,0 @@", "-g"],
        "new": ["@@ -0,0 +1 @@", "+n"],
    }


def test_an_empty_field_that_came_or_went_is_a_change():
    assert diff_fields({"a": ""}, {"b": ""}) == {"a": ["-"], "b": ["+"]}


def test_a_changed_line_end_alone_is_a_change():
    assert diff_fields({"a": "x"}, {"a": "x\n"}) == {"a": ["-"]}
