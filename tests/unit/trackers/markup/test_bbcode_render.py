"""What people see of a BBCode description."""

import pytest

from trackers.markup import MAX_CHARACTERS, render_bbcode

BOTH = pytest.mark.parametrize("dialect", ["red", "ops"])


@BOTH
@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[b]a[/b][i]b[/i][u]c[/u][s]d[/s]", "<b>a</b><i>b</i><u>c</u><s>d</s>"),
        ("[B]a[/b]", "<b>a</b>"),
        ("a\r\nb\rc\nd", "a<br>\nb<br>\nc<br>\nd"),
        ("[size=4]a[/size]", '<span style="font-size:1.2rem">a</span>'),
        ("[color=#FF0000]a[/color]", '<span style="color:#ff0000">a</span>'),
        ('[colour="red"]a[/colour]', '<span style="color:red">a</span>'),
        (
            "[align=center]a[/align]b",
            '<div class="bb-align" style="text-align:center">a</div>b',
        ),
        (
            "[pad=5|999]a[/pad]",
            '<div class="bb-pad" style="padding:5px 200px">a</div>',
        ),
        ("a\n[hr]\nb", "a<br>\n<hr>b"),
        ("[quote]a[/quote]", '<blockquote class="bb-quote">a</blockquote>'),
        (
            "[quote=Ann <3|12]a[/quote]",
            '<blockquote class="bb-quote"><cite>Ann &lt;3 wrote:</cite> a</blockquote>',
        ),
        (
            "[hide]a[/hide]\nb",
            '<details class="bb-hide"><summary>Hidden text</summary>a</details>b',
        ),
        (
            "[spoiler=The end]a[/spoiler]",
            '<details class="bb-hide"><summary>The end</summary>a</details>',
        ),
        ("[code][b]a[/b]\n[/code]", "<code>[b]a[/b]<br>\n</code>"),
        ("[pre]\na\n b[/pre]\nc", "<pre>a\n b</pre>c"),
        ("[plain][b]a[/b][/plain]", "[b]a[/b]"),
        ("[*]a\n[*][b]b[/b]\nc", "<ul><li>a</li><li><b>b</b></li></ul>c"),
        ("[*]a[*]b", "<ul><li>a</li><li>b</li></ul>"),
        (
            "[*]a\n[**]b\n[**]c\n[*]d",
            "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>",
        ),
        (
            "[***]deep",
            "<ul><li><ul><li><ul><li>deep</li></ul></li></ul></li></ul>",
        ),
        ("[*][hide]a\nb[/hide]\nc", None),
    ],
)
def test_shared_tag_renders(dialect, source, html):
    rendered = render_bbcode(source, dialect)
    if html is None:
        assert rendered == (
            '<ul><li><details class="bb-hide"><summary>Hidden text</summary>'
            "a<br>\nb</details></li></ul>c"
        )
    else:
        assert rendered == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("== A [b]b[/b] ==\nc", "<h3>A <b>b</b></h3>c"),
        ("=====a=====", "<h6>a</h6>"),
        ("==[b]a==\nb", "<h3><b>a</b></h3>b"),
        (
            "[#]a\n[##]b\n[*]c",
            "<ol><li>a<ol><li>b</li></ol></li></ol><ul><li>c</li></ul>",
        ),
        ("[box]a[/box]", '<div class="bb-box">a</div>'),
        ("[headline]a[/headline]", '<div class="bb-headline"><strong>a</strong></div>'),
        ("[important]a[/important]", '<strong class="bb-important">a</strong>'),
        (
            "[mature=Gore]a[/mature]",
            '<details class="bb-hide"><summary>Gore</summary>a</details>',
        ),
        ("[artist]A[/artist]", '<span class="bb-ref" title="artist">A</span>'),
        ("[tex]x^2 [b][/tex]", "<code>x^2 [b]</code>"),
        ("[[n]b]a[[n]/b]", "[b]a[/b]"),
    ],
)
def test_orpheus_tag_renders_there_and_stays_text_on_red(source, html):
    assert render_bbcode(source, "ops") == html
    marks = ("[#]", "==", "[")
    assert any(mark in render_bbcode(source, "red") for mark in marks)


@BOTH
@pytest.mark.parametrize(
    "source",
    [
        "[table]a[/table]",
        "[b=1]a",
        "[/b]",
        "[size=11]a",
        "[size=0]a",
        "[size=²]a",
        "[color=red;background:url(x)]a",
        "[align=middle]a",
        "[pad=x]a",
        "[hr=1]",
        "[url=javascript:alert(1)]a",
        "[url=//evil.example]a",
        "[url=https://]a",
        "[url=https://e\u2100.example/]a",
        "[url=http://[::1]a",
        "[img]data:image/png;base64,AAAA[/img]",
        "[img]https://e.example/a b.png[/img]",
        "[url]ftp://e.example/[/url]",
        "[img]https://",
        "[ b]a",
        "[[[",
        "[]",
        "=====",
        "http://",
        "https://:/",
    ],
)
def test_what_the_site_does_not_read_stays_as_typed(dialect, source):
    assert render_bbcode(source, dialect) == source


@BOTH
def test_links_and_images_carry_only_web_addresses(dialect):
    html = render_bbcode(
        "[url=https://e.example/?a=1&b=2]x[/url] [url]http://e.example/y[/url] "
        "(https://e.example/z). [img]https://e.example/c.jpg[/img]"
        "[img=https://e.example/d.png][url=https://e.example/e][/url]",
        dialect,
    )
    rel = 'rel="noopener noreferrer nofollow"'
    assert f'<a href="https://e.example/?a=1&amp;b=2" {rel}>x</a>' in html
    assert f'<a href="http://e.example/y" {rel}>http://e.example/y</a>' in html
    assert f'(<a href="https://e.example/z" {rel}>https://e.example/z</a>).' in html
    assert 'src="https://e.example/c.jpg"' in html
    assert 'src="https://e.example/d.png"' in html
    assert f'<a href="https://e.example/e" {rel}>https://e.example/e</a>' in html


@BOTH
def test_a_link_inside_a_link_is_text(dialect):
    html = render_bbcode(
        "[url=https://a.example/]x [url=https://b.example/]y https://c.example/[/url]",
        dialect,
    )
    assert html.count("<a ") == 1
    assert "[url=https://b.example/]y https://c.example/</a>" in html


@BOTH
def test_html_in_the_text_is_shown_not_run(dialect):
    html = render_bbcode(
        '<script>alert(1)</script>[b onclick="x"]<img src=x onerror=y>[/b]', dialect
    )
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


@BOTH
@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[b]x[i]y[/b]z[/i]", "<b>x<i>y</i></b><i>z</i>"),
        ("[b][i][i]x[/b]y", "<b><i><i>x</i></i></b><i>y</i>"),
        ("[b]x", "<b>x</b>"),
        ("[b][/b]x[i]", "x"),
        ("[*][b]x\ny", "<ul><li><b>x</b></li></ul>y"),
        ("[b][*]x[/b]y", "<b><ul><li>x</li></ul></b>y"),
        (
            "[quote][b]x[/quote]y[/b]",
            '<blockquote class="bb-quote"><b>x</b></blockquote><b>y</b>',
        ),
        ("[code]x", "<code>x</code>"),
    ],
)
def test_broken_nesting_is_repaired(dialect, source, html):
    assert render_bbcode(source, dialect) == html


def test_a_box_that_ends_inside_a_heading_leaves_the_equals_signs():
    assert render_bbcode("[quote]a\n==b[/quote]==", "ops") == (
        '<blockquote class="bb-quote">a<br>\n<h3>b</h3></blockquote>=='
    )


@BOTH
def test_tags_deeper_than_the_limit_become_text(dialect):
    html = render_bbcode("[quote]" * 40 + "x", dialect)
    assert html.count("<blockquote") == 32
    assert "[quote]" * 8 + "x" in html


@BOTH
def test_text_beyond_the_limit_is_replaced_by_a_note(dialect):
    html = render_bbcode("x" * (MAX_CHARACTERS + 1), dialect)
    assert html.count("x") < MAX_CHARACTERS + 10
    assert "only 1,000,000 characters are shown" in html


def test_an_unknown_dialect_is_named_with_the_known_ones():
    with pytest.raises(ValueError, match=r"“mam”; known: ops, red"):
        render_bbcode("x", "mam")
