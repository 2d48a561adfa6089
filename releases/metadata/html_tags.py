"""Untrusted HTML with few tags, no attributes but `href`, and little nesting.

What parses HTML builds a tree as HTML 5 wants it, where every paragraph reopens all
formatting that was left open, and where each tag looks at all that are around it: 34 KB
of tags with different attributes become gigabytes. So tags are thinned out before. The
result is as untrusted as what came in; only `nh3` makes it safe.

Whatever is never closed (a comment, a tag, a quoted value) goes on to the end, as HTML 5
says. That keeps the time linear, which the standard library's parser does not.
"""

import re
from collections import Counter

_SPACE = "\t\n\f\r "
_NAME = re.compile(rf"<(/?)([A-Za-z][^{_SPACE}/>]*+)")
_ATTRIBUTE = re.compile(
    rf"[{_SPACE}/]*+([^{_SPACE}/>][^{_SPACE}/>=]*+)"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+"
    rf"(?:\"([^\"]*+)(?:\"|\Z)|'([^']*+)(?:'|\Z)|([^{_SPACE}>\"'][^{_SPACE}>]*+)?))?"
)
_COMMENT = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*+>?|</(?![A-Za-z])[^>]*+>?", re.DOTALL
)
# Their content is no HTML, whatever tags it seems to hold, and is dropped.
_RAW = {
    name: re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE)
    for name in ("script", "style", "iframe", "title")
}
_FORMATTING = frozenset({"a", "b", "em", "i", "strong", "u"})
# One inside another ends it, so that only what lies between can nest them.
_SHALLOW = frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "br", "hr"})
_CELLS = frozenset({"td", "th", "caption"})  # formatting does not reach across them
_DEEPEST = 100
_MOST_REOPENED = 10_000
_DROPPED = "<!---->"  # keeps "&am<x>p;" from becoming one entity


class TagFilter:
    """Rewrites one text; `kept` are the tags that may stay."""

    def __init__(self, kept: frozenset[str]) -> None:
        self._kept = kept
        self._open: list[str] = []
        self._doubled: Counter[str] = Counter()  # formatting that was open already
        self._reopened = 0

    def rewrite(self, text: str) -> str:
        output: list[str] = []
        at = 0
        while (start := text.find("<", at)) >= 0:
            output.append(text[at:start])
            if comment := _COMMENT.match(text, start):
                output.append(_DROPPED)
                at = comment.end()
            elif name := _NAME.match(text, start):
                href, at = _rest_of_tag(text, name.end())
                tag = name[2].lower()
                if name[1]:
                    output.append(self._end(tag))
                elif tag in _RAW:
                    output.append(_DROPPED)
                    end = _RAW[tag].search(text, at)
                    at = end.start() if end else len(text)
                else:
                    output.append(self._start(tag, href))
            else:
                output.append("&lt;")
                at = start + 1
        output.append(text[at:])
        return "".join(output)

    def _start(self, tag: str, href: str | None) -> str:
        if tag not in self._kept:
            return _DROPPED
        if tag in _FORMATTING:
            if tag not in self._open:
                self._open.append(tag)
            elif tag != "a":  # a link ends the one before
                self._doubled[tag] += 1
                return _DROPPED
            return f"<{tag}>" if href is None else f'<{tag} href="{href}">'
        closed = self._pass_block(tag)
        if tag in _SHALLOW:
            return f"{closed}<{tag}>"
        if len(self._open) >= _DEEPEST:
            return f"{closed}<p>"
        self._open.append(tag)
        return f"{closed}<{tag}>"

    def _end(self, tag: str) -> str:
        if tag not in self._kept:
            return _DROPPED
        if self._doubled[tag] > 0:
            self._doubled[tag] -= 1
            return _DROPPED
        if tag in self._open:
            at = len(self._open) - 1 - self._open[::-1].index(tag)
            # Formatting outlives a block that ends before it.
            left = [name for name in self._open[at + 1 :] if name in _FORMATTING]
            self._open[at:] = left
        return f"</{tag}>"

    def _pass_block(self, tag: str) -> str:
        """Count formatting that is opened anew; close it when it never seems to end."""
        formatting = [name for name in self._open if name in _FORMATTING]
        self._reopened += len(formatting)
        if self._reopened > _MOST_REOPENED or tag in _CELLS:
            self._open = [name for name in self._open if name not in _FORMATTING]
            self._doubled.clear()
        if self._reopened <= _MOST_REOPENED:
            return ""
        return "".join(f"</{name}>" for name in reversed(formatting))


def _rest_of_tag(text: str, at: int) -> tuple[str | None, int]:
    """A tag's href, entities as written, and where the text goes on behind the tag."""
    href = None
    while found := _ATTRIBUTE.match(text, at):
        at = found.end()
        if href is None and found[1].lower() == "href":
            href = (found[2] or found[3] or found[4] or "").replace('"', "&quot;")
    end = text.find(">", at)
    return href, len(text) if end < 0 else end + 1
