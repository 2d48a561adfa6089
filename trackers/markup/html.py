"""The tree → HTML, and the one function that pages call."""

from collections.abc import Callable
from html import escape

import nh3

from trackers.markup.dialects import DIALECTS, Shape
from trackers.markup.tokenizer import tokenize
from trackers.markup.tree import Element, build_tree

# The sites refuse a description above 1,000,000 bytes.
MAX_CHARACTERS = 1_000_000

_SIZES_REM = {
    "1": "0.7", "2": "0.85", "3": "1", "4": "1.2", "5": "1.5",
    "6": "1.8", "7": "2.1", "8": "2.4", "9": "2.7", "10": "3",
}  # fmt: skip

_CLASSES = {
    "span": {"bb-ref"},
    "div": {"bb-box", "bb-headline", "bb-align", "bb-pad"},
    "blockquote": {"bb-quote"},
    "details": {"bb-hide"},
    "strong": {"bb-important"},
    "img": {"bb-image"},
}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "loading", "referrerpolicy"},
    "span": {"style", "title"},
    "div": {"style"},
}
_TAGS = {
    "a", "b", "blockquote", "br", "cite", "code", "details", "div", "em", "h3", "h4",
    "h5", "h6", "hr", "i", "img", "li", "ol", "pre", "s", "span", "strong", "summary",
    "u", "ul",
}  # fmt: skip
_STYLES = {"color", "font-size", "text-align", "padding"}


def render_bbcode(text: str, dialect: str) -> str:
    """Safe HTML of a BBCode text as the site of this dialect would show it.

    `dialect` is a key of DIALECTS ("red", "ops"); another one raises ValueError.
    Text of any content is fine: unknown and broken tags stay visible as text, and
    what is beyond MAX_CHARACTERS is replaced by a note. The result may go through
    mark_safe; it loads images from the addresses given and nothing else.
    """
    if dialect not in DIALECTS:
        known = ", ".join(sorted(DIALECTS))
        raise ValueError(f"There is no BBCode dialect “{dialect}”; known: {known}.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    cut = len(lines) > MAX_CHARACTERS
    tree = build_tree(tokenize(lines[:MAX_CHARACTERS], DIALECTS[dialect]))
    html = _children(tree)
    if cut:
        html += f"<hr><em>Cut here: only {MAX_CHARACTERS:,} characters are shown.</em>"
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https"},
        filter_style_properties=_STYLES,
        link_rel="noopener noreferrer nofollow",
    )


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")


def _children(element: Element) -> str:
    """The inside of an element; neighbouring list items become one list."""
    parts: list[str] = []
    items: list[Element] = []
    for child in element.children:
        if isinstance(child, Element) and child.name == "item":
            items.append(child)
            continue
        if items:
            parts.append(_list(items))
            items = []
        parts.append(_text(child) if isinstance(child, str) else _element(child))
    if items:
        parts.append(_list(items))
    return "".join(parts)


def _list(items: list[Element]) -> str:
    """Nested lists from flat items: the length of a marker is its level, 1 to 3."""
    parts: list[str] = []
    open_lists: list[str] = []
    for item in items:
        level, name = len(item.value), "ul" if item.value[0] == "*" else "ol"
        while len(open_lists) > level or (
            len(open_lists) == level and open_lists[-1] != name
        ):
            parts.append(f"</li></{open_lists.pop()}>")
        if len(open_lists) == level:
            parts.append("</li>")
        while len(open_lists) < level:
            # A level that was jumped over gets an item of its own, without text.
            parts.append(
                f"<{name}>" if len(open_lists) == level - 1 else f"<{name}><li>"
            )
            open_lists.append(name)
        parts.append(f"<li>{_children(item).strip()}")
    parts.extend(f"</li></{name}>" for name in reversed(open_lists))
    return "".join(parts)


def _element(element: Element) -> str:
    inside = (
        _raw(element.name, element.value)
        if element.shape is Shape.RAW
        else _children(element)
    )
    if element.shape is Shape.INLINE and not inside:
        return ""
    return _EMITTERS[element.name](element.value, inside)


def _raw(name: str, text: str) -> str:
    # Inside <pre> a line break shows by itself.
    return escape(text.strip("\n")) if name == "pre" else _text(text)


def _wrap(opening: str, closing: str) -> Callable[[str, str], str]:
    return lambda value, inside: f"{opening}{inside}{closing}"


def _styled(tag: str, css_class: str, style: str) -> Callable[[str, str], str]:
    """An element whose style holds the tag's value, which its rule has checked."""
    mark = f' class="{css_class}"' if css_class else ""
    return lambda value, inside: (
        f'<{tag}{mark} style="{style.format(value)}">{inside}</{tag}>'
    )


def _size(value: str, inside: str) -> str:
    # rem, not em: nested sizes must not multiply.
    return f'<span style="font-size:{_SIZES_REM[str(int(value))]}rem">{inside}</span>'


def _padding(value: str, inside: str) -> str:
    sizes = " ".join(f"{min(int(number), 200)}px" for number in value.split("|"))
    return f'<div class="bb-pad" style="padding:{sizes}">{inside}</div>'


def _link(value: str, inside: str) -> str:
    return f'<a href="{escape(value)}">{inside or escape(value)}</a>'


def _image(value: str, inside: str) -> str:
    return (
        f'<img class="bb-image" src="{escape(value)}" alt="" loading="lazy"'
        ' referrerpolicy="no-referrer">'
    )


def _quote(value: str, inside: str) -> str:
    author = value.partition("|")[0].strip()
    cite = f"<cite>{escape(author)} wrote:</cite> " if author else ""
    return f'<blockquote class="bb-quote">{cite}{inside}</blockquote>'


def _hidden(default: str) -> Callable[[str, str], str]:
    return lambda value, inside: (
        f'<details class="bb-hide"><summary>{escape(value or default)}</summary>'
        f"{inside}</details>"
    )


def _heading(value: str, inside: str) -> str:
    # Two equals signs are the sites' biggest heading; h1 and h2 are the page's own.
    level = min(int(value) + 1, 6)
    return f"<h{level}>{inside}</h{level}>"


def _headline(value: str, inside: str) -> str:
    return f'<div class="bb-headline"><strong>{inside}</strong></div>'


def _reference(kind: str) -> Callable[[str, str], str]:
    """What the site turns into a link to one of its own pages, shown as a name."""
    return _wrap(f'<span class="bb-ref" title="{kind}">', "</span>")


_EMITTERS: dict[str, Callable[[str, str], str]] = {
    "b": _wrap("<b>", "</b>"),
    "i": _wrap("<i>", "</i>"),
    "u": _wrap("<u>", "</u>"),
    "s": _wrap("<s>", "</s>"),
    "size": _size,
    "color": _styled("span", "", "color:{}"),
    "align": _styled("div", "bb-align", "text-align:{}"),
    "url": _link,
    "address": _link,
    "img": _image,
    "quote": _quote,
    "code": _wrap("<code>", "</code>"),
    "pre": _wrap("<pre>", "</pre>"),
    "plain": _wrap("", ""),
    "tex": _wrap("<code>", "</code>"),
    "hide": _hidden("Hidden text"),
    "spoiler": _hidden("Spoiler"),
    "mature": _hidden("Mature content"),
    "pad": _padding,
    "hr": _wrap("<hr>", ""),
    "box": _wrap('<div class="bb-box">', "</div>"),
    "important": _wrap('<strong class="bb-important">', "</strong>"),
    "headline": _headline,
    "heading": _heading,
    **{
        kind: _reference(kind)
        for kind in (
            "artist", "user", "torrent", "pl", "collage", "forum", "thread", "rule",
        )
    },
}  # fmt: skip
