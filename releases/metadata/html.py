"""Text and HTML from outside: made clean once, at intake.

    raw → invisible characters dropped → tags thinned out → nh3 → text nodes to NFC
        → sanitised HTML
    sanitised HTML → plain text, BBCode

Entities are decoded exactly once, by the HTML parser, and never before nh3 has seen
the text: decoding first would turn `&lt;script&gt;` into a tag.
"""

import html as stdlib_html
import re
import unicodedata
from html.parser import HTMLParser

import nh3

from releases.metadata.html_tags import TagFilter
from releases.metadata.html_writer import write_bbcode, write_text

LONGEST_HTML = 200_000  # characters
KEPT_TAGS = frozenset(
    {"p", "br", "b", "strong", "i", "em", "u", "ul", "ol", "li", "a"}
    | {"h1", "h2", "h3", "blockquote"}
)
# Block elements that are let through the first pass only to be renamed: dropping
# them there would glue "<div>one</div><div>two</div>" to "onetwo".
_RENAMED = {
    **dict.fromkeys(("h4", "h5", "h6"), "h3"),
    **dict.fromkeys(
        (
            *("div", "section", "article", "header", "footer", "aside", "main"),
            *("figure", "figcaption", "center", "pre", "address", "details"),
            *("summary", "dl", "dt", "dd", "table", "caption", "tr", "hr"),
        ),
        "p",
    ),
}
_CELLS = frozenset({"td", "th"})
_DROPPED_WITH_CONTENT = frozenset({"script", "style", "iframe", "template", "title"})

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e"
    "\u2060\u2066-\u2069\ufeff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
_TAG = re.compile(
    r"<(?:/?(?:" + "|".join(sorted(KEPT_TAGS | _RENAMED.keys() | _CELLS))
    + r"|span|font|img|script|style|iframe|tbody|thead)\b[^<>]*>|!--)",
    re.IGNORECASE,
)  # fmt: skip
# The first byte of a UTF-8 sequence and its second, both read as cp1252 or Latin-1.
_MOJIBAKE = re.compile(
    "\u00e2\u20ac[\u0080-\u009f\u2018-\u201d\u2122\u0153\u02dc\u00a6]"
    "|\u00c3[\u0080-\u00bf\u2013-\u2122]|\u00c2[\u00a0-\u00bf]"
)


def clean_characters(text: str) -> str:
    """The text without invisible characters and lone surrogates, in NFC.

    Line breaks, tabs and the joiners that emoji and Indic scripts need stay. What
    cannot be stored becomes U+FFFD.
    """
    return unicodedata.normalize("NFC", _drop_invisible(text))


def clean_text(text: str) -> str:
    """One line of visible text: cleaned, white space collapsed, trimmed."""
    return " ".join(clean_characters(text).split())


def decode_entities(text: str) -> str:
    """Plain text with its HTML entities decoded once; "AT&T" and "&b=2" stay."""
    return _ENTITY.sub(lambda match: stdlib_html.unescape(match[0]), text)


def looks_like_html(text: str) -> bool:
    """Whether a text holds at least one tag; "I <3 you" does not."""
    return bool(_TAG.search(text))


def looks_like_mojibake(text: str) -> bool:
    """Whether UTF-8 was once read as cp1252: "â€™" for an apostrophe.

    Nothing is repaired, because a wrong guess destroys; the caller tells a person.
    """
    return bool(_MOJIBAKE.search(text))


def sanitise_html(raw: str) -> str:
    """The safe part of untrusted HTML, ready for `mark_safe`.

    Keeps paragraphs, breaks, emphasis, lists, links (http and https only), three
    levels of headings and quotations. Applying it again changes nothing, short of
    thousands of tags left open.
    """
    wide = KEPT_TAGS | _RENAMED.keys() | _CELLS
    thinned = TagFilter(wide | {"template"}).rewrite(_drop_invisible(raw))
    once = _clean(thinned, wide)
    renamer = _Renamer()
    renamer.feed(_drop_invisible(once))
    renamer.close()
    return _clean("".join(renamer.output), KEPT_TAGS).strip()


def from_plain(text: str) -> str:
    """Sanitised HTML of plain text: entities decoded once, line breaks kept."""
    decoded = clean_characters(decode_entities(text))
    lines = [" ".join(line.split()) for line in decoded.splitlines()]
    paragraphs = re.split(r"\n{2,}", "\n".join(lines).strip("\n"))
    return "".join(
        f"<p>{stdlib_html.escape(one, quote=False)}</p>".replace("\n", "<br>")
        for one in paragraphs
        if one
    )


def from_any(text: str) -> str:
    """Sanitised HTML of a field that may hold HTML or plain text.

    What lies beyond LONGEST_HTML characters is left out.
    """
    text = text[:LONGEST_HTML]
    return sanitise_html(text) if looks_like_html(text) else from_plain(text)


def to_text(html: str) -> str:
    """Plain text of HTML: blocks an empty line apart, `br` a new line, NFC."""
    return write_text(sanitise_html(html))


def to_bbcode(html: str, *, list_tags: bool = False) -> str:
    """BBCode of HTML. `list_tags` for sites that want [list] around [*] items.

    Text that merely looks like a tag is broken up by a zero-width space, so that it
    shows as text.
    """
    return write_bbcode(sanitise_html(html), list_tags=list_tags)


def _drop_invisible(text: str) -> str:
    return _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))


def _clean(html: str, tags: frozenset[str]) -> str:
    return nh3.clean(
        html,
        tags=set(tags),
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel=None,
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
    )


class _Renamer(HTMLParser):
    """Rewrites nh3's output: blocks renamed, text in NFC, only absolute links.

    NFC works on text nodes and not on the markup: ">" followed by U+0338 composes to
    another character and would take the tag with it.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.output: list[str] = []
        self._links: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            href = dict(attrs).get("href") or ""
            absolute = href.lower().startswith(("http://", "https://"))
            self._links.append(absolute)
            if absolute:
                self.output.append(f'<a href="{stdlib_html.escape(href)}">')
        elif tag in _CELLS:
            self.output.append(" ")
        else:
            self.output.append(f"<{_RENAMED.get(tag, tag)}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            if self._links.pop():
                self.output.append("</a>")
        elif tag not in _CELLS:
            self.output.append(f"</{_RENAMED.get(tag, tag)}>")

    def handle_data(self, data: str) -> None:
        text = unicodedata.normalize("NFC", data)
        self.output.append(stdlib_html.escape(text, quote=False))
