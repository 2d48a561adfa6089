"""From sanitised HTML to plain text and BBCode.

Only the output of `html.sanitise_html` may be fed in: well-formed, a dozen tags,
nothing hostile. Tags are never removed by pattern and entities are decoded once, by
the parser. Blocks are separated by one empty line, white space collapses to a single
space, and an element without text leaves nothing behind.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

_HEADINGS = frozenset({"h1", "h2", "h3"})
_BLOCKS = _HEADINGS | {"p", "blockquote"}
_LISTS = frozenset({"ul", "ol"})
_BBCODE = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "u": "u",
    "blockquote": "quote",
    **dict.fromkeys(_HEADINGS, "b"),
}
# Text that a site would read as one of its tags; a zero-width space breaks it up.
_TAG_LIKE = re.compile(
    r"\[(?=(?:/?(?:b|i|u|s|url|img|quote|list|size|color|colour|font|align|center|"
    r"left|right|hide|spoiler|mature|code|pre|plain|tex|important|artist|user|torrent|"
    r"rule|n|youtube|audio|video|media|table|tr|td|th|h[1-6]|sup|sub|email|li|ul|ol|"
    r"comparison|note|alert|pad|bg|box)(?:[=\s][^\[\]]*)?|[*#])\])",
    re.IGNORECASE,
)
_URL_ESCAPES = {ord(c): f"%{ord(c):02X}" for c in " []\"'<>\\\t\r\n"}


@dataclass(slots=True, eq=False)
class _Waiting:
    """Something written only when text follows it: a space, a tag or a bullet."""

    output: str
    is_markup: bool = True
    written: bool = False


class _Writer(HTMLParser):
    """Shared walk; a dialect says what opens, closes and starts an item."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[tuple[bool, str]] = []
        self._waiting: list[_Waiting] = []
        self._break = 0
        self._open: list[tuple[str, _Waiting | None]] = []
        self._lists: list[list[int]] = []

    def opening(self, tag: str, href: str) -> str:
        """What the dialect writes where the element begins; "" for nothing."""
        return ""

    def closing(self, tag: str) -> str:
        """What the dialect writes where the element ends; "" for nothing."""
        return ""

    def bullet(self, number: int, depth: int) -> str:
        """What starts a list item; number 0 in lists without an order."""
        raise NotImplementedError

    def escape(self, text: str) -> str:
        """The text so that the dialect shows it as it is."""
        return text

    def result(self) -> str:
        """Everything written so far, trimmed."""
        merged: list[str] = []
        text: list[str] = []
        for is_markup, output in self._parts:
            if is_markup:
                merged += [self.escape("".join(text)), output]
                text = []
            else:
                text.append(output)
        merged.append(self.escape("".join(text)))
        return "".join(merged).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._want_break(self._break + 1)
            return
        self._block_edge(tag)
        output = self.opening(tag, dict(attrs).get("href") or "")
        if tag in _LISTS:
            self._lists.append([0, int(tag == "ol")])
        elif tag == "li" and self._lists:
            counter = self._lists[-1]
            counter[0] += counter[1]
            output = self.bullet(counter[0], len(self._lists) - 1)
        waiting = _Waiting(output) if output else None
        if waiting:
            self._waiting.append(waiting)
        self._open.append((tag, waiting))

    def handle_endtag(self, tag: str) -> None:
        # The sanitiser closes every element, so the innermost is always the one.
        _, waiting = self._open.pop()
        if waiting and not waiting.written:
            self._forget(waiting)
        elif waiting and (closing := self.closing(tag)):
            self._parts.append((True, closing))
        if tag in _LISTS:
            self._lists.pop()
        self._block_edge(tag)

    def handle_data(self, data: str) -> None:
        words = data.split()
        if not words or data[0].isspace():
            self._want_space()
        if words:
            self._flush()
            self._parts.append((False, " ".join(words)))
            if data[-1].isspace():
                self._want_space()

    def _block_edge(self, tag: str) -> None:
        if tag in _BLOCKS or tag in _LISTS:
            self._want_break(1 if self._lists else 2)
        elif tag == "li":
            self._want_break(1)

    def _want_break(self, lines: int) -> None:
        self._break = min(max(self._break, lines), 2)

    def _want_space(self) -> None:
        if not self._waiting or self._waiting[-1].is_markup:
            self._waiting.append(_Waiting(" ", is_markup=False))

    def _forget(self, element: _Waiting) -> None:
        """Drop an element that stayed empty, but not the space inside it."""
        spaced = False
        while self._waiting.pop() is not element:
            spaced = True
        if spaced:
            self._want_space()

    def _flush(self) -> None:
        """Write what waits: breaks before tags, and no space beside a break."""
        spaced = not self._parts or bool(self._break)
        if self._parts and self._break:
            self._parts.append((True, "\n" * self._break))
        self._break = 0
        for item in self._waiting:
            item.written = True
            if item.is_markup:
                self._parts.append((True, item.output))
            elif not spaced:
                self._parts.append((False, " "))
                spaced = True
        self._waiting = []


class _TextWriter(_Writer):
    def bullet(self, number: int, depth: int) -> str:
        return "  " * depth + (f"{number}. " if number else "- ")


class _BBCodeWriter(_Writer):
    def __init__(self, *, list_tags: bool) -> None:
        super().__init__()
        self._list_tags = list_tags

    def opening(self, tag: str, href: str) -> str:
        if tag == "a":
            return f"[url={href.translate(_URL_ESCAPES)}]"
        if tag in _LISTS:
            return "[list]\n" if self._list_tags else ""
        return f"[{_BBCODE[tag]}]" if tag in _BBCODE else ""

    def closing(self, tag: str) -> str:
        if tag == "a":
            return "[/url]"
        if tag in _LISTS:
            return "\n[/list]"
        return f"[/{_BBCODE[tag]}]" if tag in _BBCODE else ""

    def bullet(self, number: int, depth: int) -> str:
        return "[*]"

    def escape(self, text: str) -> str:
        return _TAG_LIKE.sub("[\u200b", text)


def write_text(html: str) -> str:
    """Plain text of sanitised HTML; list items begin with "- " or a number."""
    return _written(_TextWriter(), html)


def write_bbcode(html: str, *, list_tags: bool) -> str:
    """BBCode of sanitised HTML; `list_tags` puts lists into [list] … [/list]."""
    return _written(_BBCodeWriter(list_tags=list_tags), html)


def _written(writer: _Writer, html: str) -> str:
    writer.feed(html)
    writer.close()
    return writer.result()
