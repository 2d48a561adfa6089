"""Any text gives safe, well-formed HTML, at a cost in proportion to its length."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackers.markup import MAX_CHARACTERS, render_bbcode
from trackers.markup.dialects import ALL_TAG_NAMES, DIALECTS
from trackers.markup.tokenizer import tokenize

VOID = {"br", "hr", "img"}
ALLOWED = {
    "a", "b", "blockquote", "br", "cite", "code", "details", "div", "em", "h3", "h4",
    "h5", "h6", "hr", "i", "img", "li", "ol", "pre", "s", "span", "strong", "summary",
    "u", "ul",
}  # fmt: skip

pieces = st.one_of(
    st.sampled_from(sorted(ALL_TAG_NAMES)).flatmap(
        lambda name: st.sampled_from(
            [f"[{name}]", f"[/{name}]", f"[{name}=1]", f"[{name}=https://e.example/]"]
        )
    ),
    st.sampled_from(
        ["[*]", "[**]", "[#]", "[###]", "\n", "==", "===", "[", "]", "[/", "<b>", "&lt;",
         "https://e.example/", "javascript:", '"', "[url=", "[img]http://e.example/[/img]",
         "[size=3]", "[color=red]", "[align=left]", "\x00", "\u202e"]
    ),
    st.text(max_size=8),
)  # fmt: skip
hostile = st.lists(pieces, max_size=60).map("".join)


class Checker(HTMLParser):
    """Fails on a tag, attribute or address that the renderer must not let through."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.stack = []

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED
        for name, value in attrs:
            assert not name.startswith("on")
            if name in {"href", "src"}:
                assert value.lower().startswith(("http://", "https://"))
            if name == "style":
                assert "url(" not in value
                assert "expression" not in value
        if tag not in VOID:
            self.stack.append(tag)
            assert len(self.stack) < 250

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag


@given(hostile, st.sampled_from(sorted(DIALECTS)))
def test_any_text_gives_safe_balanced_html(text, dialect):
    checker = Checker()
    checker.feed(render_bbcode(text, dialect))
    checker.close()
    assert checker.stack == []


@given(hostile, st.sampled_from(sorted(DIALECTS)))
def test_plain_words_are_never_lost(text, dialect):
    html = render_bbcode(f"{text}\nword\n", dialect)
    assert "word" in html


@given(st.text(alphabet="abc <>&\n", max_size=80))
def test_text_without_brackets_has_no_markup_but_line_breaks(text):
    tokens = list(tokenize(text, DIALECTS["ops"]))
    assert "".join(token.source for token in tokens) == text


@pytest.mark.parametrize(
    "piece",
    ["[", "[url=", "[b]", "[/b]", "[code]", "[url]", "[img]http://e.example/", "=", "==a\n",
     "http://", "[*]\n", "[hide]", "\n", "[b][i][u][s][/b][b][/i][i][/u][u][/s][s]",
     "[url=https://e.example/]"],
)  # fmt: skip
def test_one_piece_repeated_without_end_is_rendered(piece):
    # The suite's own time limit is the measure: anything quadratic takes far longer.
    length = 200_000
    html = render_bbcode((piece * length)[:length], "ops")
    assert len(html) < 8 * length


def test_a_million_opening_brackets_stay_as_typed():
    text = "[" * MAX_CHARACTERS
    assert render_bbcode(text, "red") == text
