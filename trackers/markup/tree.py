"""Tokens → a tree that is always well formed and never deep."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from trackers.markup.dialects import Shape
from trackers.markup.tokenizer import Kind, Token

# Deeper tags are shown as text: browsers and sanitisers slow down on deep trees.
MAX_DEPTH = 32


@dataclass(slots=True)
class Element:
    """`name` is a tag's name, "item", "heading", "address" or "" for the root."""

    name: str
    value: str = ""
    shape: Shape = Shape.BLOCK
    children: list["Element | str"] = field(default_factory=list)


def build_tree(tokens: Iterable[Token]) -> Element:
    """Pair the tags up; close what was left open, and leave lone ends as text."""
    builder = _Builder()
    for token in tokens:
        builder.add(token)
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root = Element("")
        self.stack = [self.root]
        # A box starts and ends a line by itself: the typed break next to it is
        # already shown.
        self.skip_newline = False

    def add(self, token: Token) -> None:
        skip, self.skip_newline = self.skip_newline, False
        match token.kind:
            case Kind.TEXT:
                self._append(token.source)
            case Kind.NEWLINE:
                self._newline(skip)
            case Kind.OPEN:
                self._open(token)
            case Kind.CLOSE:
                self._close(token)
            case Kind.ITEM:
                self._open_item(token)
            case Kind.HEADING_START:
                self._push(Element("heading", token.value), token.source)
            case Kind.HEADING_END:
                self._close_heading(token)
            case Kind.ADDRESS:
                self._address(token)
            case _:  # RAW and VOID hold no further markup
                self._leaf(token)

    def _append(self, node: "Element | str") -> None:
        self.stack[-1].children.append(node)

    def _push(self, element: Element, source: str) -> None:
        if len(self.stack) > MAX_DEPTH:
            self._append(source)
            return
        self._append(element)
        self.stack.append(element)

    def _newline(self, skip: bool) -> None:
        if self._in_item():
            self._pop_to(self._innermost_box())
        elif not skip:
            self._append("\n")

    def _innermost_box(self) -> int:
        """The place on the stack of the nearest element that is not inline."""
        place = len(self.stack) - 1
        while self.stack[place].shape is not Shape.BLOCK:
            place -= 1
        return place

    def _in_item(self) -> bool:
        return self.stack[self._innermost_box()].name == "item"

    def _pop_to(self, place: int) -> list[Element]:
        closed = self.stack[place:]
        del self.stack[place:]
        return closed

    def _open(self, token: Token) -> None:
        tag = token.tag
        if tag.shape is Shape.LINK and self._in_link():
            self._append(token.source)
            return
        self._push(Element(tag.name, token.value, tag.shape), token.source)
        self.skip_newline = tag.shape is Shape.BLOCK

    def _in_link(self) -> bool:
        return any(element.shape is Shape.LINK for element in self.stack)

    def _close(self, token: Token) -> None:
        name = token.tag.name
        places = [n for n, e in enumerate(self.stack) if n and e.name == name]
        if not places:
            self._append(token.source)
            return
        closed = self._pop_to(places[-1])
        self.skip_newline = closed[0].shape is Shape.BLOCK
        self._take_up_again(closed[1:])

    def _take_up_again(self, elements: list[Element]) -> None:
        """[b]x[i]y[/b]z[/i]: the i that b's end cut off goes on. Each name once."""
        unique = {e.name: e for e in elements if e.shape is Shape.INLINE}
        for element in unique.values():
            self._push(Element(element.name, element.value, element.shape), "")

    def _open_item(self, token: Token) -> None:
        if self._in_item():
            self._pop_to(self._innermost_box())
        self._push(Element("item", token.value), token.source)

    def _close_heading(self, token: Token) -> None:
        for place in range(len(self.stack) - 1, 0, -1):
            if self.stack[place].name == "heading":
                self._pop_to(place)
                self.skip_newline = True
                return
        self._append(token.source)

    def _address(self, token: Token) -> None:
        if self._in_link():
            self._append(token.value)
        else:
            self._append(Element("address", token.value, Shape.LINK))

    def _leaf(self, token: Token) -> None:
        self._append(Element(token.tag.name, token.value, token.tag.shape))
        self.skip_newline = token.tag.name in {"hr", "pre"}
