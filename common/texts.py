"""Texts that are looked up later than they are written."""

_marked: set[str] = set()


def gettext_noop(text: str) -> str:
    """Mark a text for the catalogue, and give it back as it is.

    Django's own wants settings. A wrong one stops Herald in one line, and the command
    line that speaks to another machine has none; both import this first. A text with
    places such as `%(name)s` is marked where its module begins: then every process knows
    it again, filled in, where a page shows what another one stored (`common.spoken`).
    """
    _marked.add(text)
    return text


def marked_texts() -> frozenset[str]:
    """All that was marked so far, in the modules that this process has imported."""
    return frozenset(_marked)
