"""HTML in metadata: nothing hostile survives, no paragraphs are glued."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.metadata.html import (
    LONGEST_HTML,
    clean_text,
    decode_entities,
    from_any,
    from_plain,
    looks_like_html,
    looks_like_mojibake,
    sanitise_html,
    to_bbcode,
    to_text,
)

CASES = [
    ("<p>One.</p><p>Two.</p>", "One.\n\nTwo.", None),
    ("Line<br>two<br />three", "Line\ntwo\nthree", None),
    ("Tom &amp; Jerry", "Tom & Jerry", None),
    ("Tom &amp;amp; Jerry", "Tom &amp; Jerry", None),
    ("AT&T &lt;b&gt;not bold&lt;/b&gt;", "AT&T <b>not bold</b>", None),
    ("I <3 you & 5 < 6", "I <3 you & 5 < 6", None),
    (
        "<b>Bold <i>both</b> i</i>",
        "Bold both i",
        "[b]Bold [i]both[/i][/b][i] i[/i]",
    ),
    ("<script>alert(1)</script><style>p{}</style>ok", "ok", None),
    (
        '<a href="javascript:alert(1)">x</a> <a href="https://e.com/?a=1&amp;b=2">y</a>',
        "x y",
        "x [url=https://e.com/?a=1&b=2]y[/url]",
    ),
    (
        "<ul><li>a</li><li>b</li></ul>after",
        "- a\n- b\n\nafter",
        "[*]a\n[*]b\n\nafter",
    ),
    ("It&#146;s &#8220;cafe\u0301&#8221;&hellip;", "It’s “café”…", None),
    ("&nbsp;a&nbsp;&nbsp;b\u200b\u00ad\ufeff", "a b", None),
    ("<p>\r\n  wrapped\r\n  text </p>\r\n<p> </p><p>x</p>", "wrapped text\n\nx", None),
    (
        "5 *stars* [b]x[/b] _y_",
        "5 *stars* [b]x[/b] _y_",
        "5 *stars* [\u200bb]x[\u200b/b] _y_",
    ),
    ('<img src=x onerror=alert(1)>pic<iframe src="//e"></iframe>', "pic", None),
    ("<i>unclosed", "unclosed", "[i]unclosed[/i]"),
    ("x\x00y\x0bz\u202etxt", "xyztxt", None),
    ("â€™", "â€™", None),
    ("", "", None),
    ("<p>&nbsp;</p>", "", None),
    # Further shapes met in publishers' texts.
    ("<div>one</div><div>two</div>", "one\n\ntwo", None),
    ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc", None),
    ("one<hr>two", "one\n\ntwo", None),
    ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "1. a\n  - b\n2. c", "[*]a\n[*]b\n[*]c"),
    ("<ul><li><p>a</p></li><li> </li><li><p>b</p></li></ul>", "- a\n- b", "[*]a\n[*]b"),
    ("<h2>Head</h2>text", "Head\n\ntext", "[b]Head[/b]\n\ntext"),
    ("<blockquote>q</blockquote>", "q", "[quote]q[/quote]"),
    ("a<b> </b>b <i></i> c", "a b c", "a b c"),
    ("a<br><br><br><br>b<br>", "a\n\nb", None),
    ("<b><p>x</p><p>y</p></b>z", "x\n\ny\n\nz", "[b]x\n\ny[/b]\n\nz"),
    ('<a href="/relative">x</a><a href="//e.com">y</a>', "xy", None),
    ('[<a href="/x">b]x</a>', "[b]x", "[\u200bb]x"),
    ("<u>u</u> <em>e</em> <strong>s</strong>", "u e s", "[u]u[/u] [i]e[/i] [b]s[/b]"),
    ('<a href="https://e.com/a]b [c">l</a>', "l", "[url=https://e.com/a%5Db%20%5Bc]l[/url]"),
    ("[1] and [sic] and [*] and [URL=http://x]", "[1] and [sic] and [*] and [URL=http://x]", "[1] and [sic] and [\u200b*] and [\u200bURL=http://x]"),
    ("<li>stray</li>", "stray", None),
    ("a<b>\u0338c</b>", "a\u0338c", "a[b]\u0338c[/b]"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "text", "bbcode"), CASES)
def test_plain_text_and_bbcode(raw, text, bbcode):
    html = sanitise_html(raw)
    assert to_text(html) == text
    assert to_bbcode(html) == (text if bbcode is None else bbcode)


def test_lists_stand_in_list_tags_where_the_site_knows_them():
    html = "<p>x</p><ul><li>a</li><li>b</li></ul><p>y</p><ul></ul>"
    expected = "x\n\n[list]\n[*]a\n[*]b\n[/list]\n\ny"
    assert to_bbcode(html, list_tags=True) == expected


def test_sanitised_html_keeps_structure_and_drops_attributes():
    raw = (
        '<p class="x" onclick="e()">a<a href="https://e.com" target="_blank">b</a></p>'
    )
    assert sanitise_html(raw) == '<p>a<a href="https://e.com">b</a></p>'


def test_clean_text_is_one_visible_line_in_nfc():
    assert clean_text("  Cafe\u0301\u200b\n\tNoir\xa0 ") == "Café Noir"
    assert clean_text("a\ud800b") == "a\ufffdb"


def test_family_emoji_keeps_its_joiners():
    assert clean_text("👩\u200d👧") == "👩\u200d👧"


def test_entities_of_plain_text_are_decoded_once_and_only_when_complete():
    assert decode_entities("AT&T &amp;lt; &copy; &#233; &x=1&copy=2") == (
        "AT&T &lt; © é &x=1&copy=2"
    )


def test_plain_text_keeps_its_lines_and_is_never_a_tag():
    html = from_plain("One\r\ntwo &lt;script&gt;\n\n\n <3 you \n")
    assert html == "<p>One<br>two &lt;script&gt;</p><p>&lt;3 you</p>"
    assert to_text(html) == "One\ntwo <script>\n\n<3 you"
    assert from_plain(" \n ") == ""


def test_a_field_of_either_kind_is_recognised():
    assert looks_like_html("x<BR/>y")
    assert looks_like_html("<!-- x -->")
    assert not looks_like_html("I <3 you & a <b")
    assert from_any("a\nb") == "<p>a<br>b</p>"
    assert from_any("<b>a</b>\nb") == "<b>a</b>\nb"


@pytest.mark.parametrize("text", ["It â€™s", "FÃ¼r", "schÃ¶n", "Â»x"])
def test_mojibake_is_noticed(text):
    assert looks_like_mojibake(text)


@pytest.mark.parametrize("text", ["It’s für schön", "Ângela", "SÃO PAULO", "â"])
def test_honest_accents_are_not_mojibake(text):
    assert not looks_like_mojibake(text)


def test_ten_thousand_nested_tags_and_a_megabyte_are_survived():
    assert to_bbcode("<i>" * 10_000 + "x").count("x") == 1
    assert to_text("<b> </b>" * 50_000 + "x") == "x"
    assert len(to_text("<p>word</p>" * 50_000)) == 6 * 50_000 - 2


HOSTILE = [
    "<p>" + "".join(f"<b a={n}>" for n in range(800)) + "</p>" + "<p>x" * 800,
    "<b><i><u><em><strong>" + "<p>x" * 25_000,
    "<div>" * 20_000 + "x",
    "<table><tr><td><b>" * 5_000 + "x",
    *("<!--x" * 20_000, "<a b='" * 20_001, "<a " * 30_000, "</" * 50_000),
]


@pytest.mark.parametrize("raw", HOSTILE, ids=lambda raw: raw[:12])
def test_what_makes_parsers_explode_stays_in_proportion(raw):
    assert len(sanitise_html(raw)) < 10 * len(raw)


def test_what_tags_hold_is_kept_apart_from_their_thinning():
    assert sanitise_html("<b class=x>a<b>b</b>c</b>d") == "<b>abc</b>d"
    assert to_text("<x>a</x>&am<x>p; <3 </ 5>b") == "a&amp; <3 b"
    assert sanitise_html("<table><td><b>x<td><b>y</b>z</table>").count("<b>") == 2
    assert sanitise_html("a<script>if (1 < b && '</b>') {}</SCRIPT >c") == "ac"
    link = "<a title='href=x' HREF=https://e.com/?a=1&copy=2&amp;b='>'\">x</a>"
    assert sanitise_html(link).startswith(
        '<a href="https://e.com/?a=1&amp;copy=2&amp;b='
    )
    assert sanitise_html("x<a href='https://e.com>y") == "x"


def test_a_field_is_cut_before_it_takes_a_machine():
    assert len(from_any("<p>x" * 100_000)) < 10 * LONGEST_HTML
    assert len(from_any("x" * 10**6)) == LONGEST_HTML + len("<p></p>")


PIECES = """
    <script> </script> <p> </p> <div> </div> <b> </b> <a\thref='javascript:x'>
    <a\thref=https://e.com> </a> <li> <ul> </ul> <table> <tr> <td> </table> <svg>
    <math> <style> <!-- --> <img\tsrc=x\tonerror=x> &lt; &amp; &#0; &#x202e; <br>
    <textarea> <title> <select> <option> <h5> < > [b] text ' "
""".replace("\n", " ").split(" ")
FRAGMENTS = st.lists(
    st.sampled_from([*PIECES, "\u0338", "e\u0301", "\x00", " ", "\n", "\ud800"])
    | st.text(max_size=5),
    max_size=25,
).map("".join)


@given(FRAGMENTS)
def test_no_script_survives_and_cleaning_again_changes_nothing(raw):
    html = sanitise_html(raw)
    assert sanitise_html(html) == html
    lowered = html.lower()
    for danger in ("<script", "<style", "<img", "<svg", "<iframe", 'href="javascript'):
        assert danger not in lowered
    assert to_text(raw) == to_text(html)
    assert "\n\n\n" not in to_text(html)


@given(st.text())
def test_plain_text_survives_the_way_through_html(text):
    expected = unicodedata.normalize("NFC", clean_text(decode_entities(text)))
    assert " ".join(to_text(from_plain(text)).split()) == expected
