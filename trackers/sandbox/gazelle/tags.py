"""Tags as the sites store them."""

import re


def normalise(text: str) -> tuple[str, ...]:
    """Split at commas; lower case, dots for spaces and dashes, only `a-z 0-9 .`.

    Tags that end up empty, and repetitions, are dropped.
    """
    tags: dict[str, None] = {}
    for raw in text.split(","):
        dotted = re.sub(r"[\s-]", ".", raw.strip().lower())
        plain = re.sub(r"[^a-z0-9.]", "", dotted)
        tag = re.sub(r"\.+", ".", plain).strip(".")
        if tag:
            tags[tag] = None
    return tuple(tags)
