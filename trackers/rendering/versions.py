"""Templates as data: inherit, fingerprint, compare. Pure."""

import hashlib
import json
from collections.abc import Mapping
from difflib import unified_diff


def merge_template(
    parent_fields: Mapping[str, str], child_fields: Mapping[str, str]
) -> dict[str, str]:
    """The fields of a template that extends a layout: its own win, others inherited.

    The parent's order comes first. A field set to "" in the child stays, and renders
    as nothing: that is how a child leaves an inherited field out.
    """
    return {**parent_fields, **child_fields}


def template_checksum(fields: Mapping[str, str]) -> str:
    """SHA-256 of names and sources as hex, the same whatever the order of fields."""
    canonical = json.dumps(dict(fields), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def diff_fields(
    before: Mapping[str, str], after: Mapping[str, str]
) -> dict[str, list[str]]:
    """Changed fields → the lines of a unified diff, without file headers.

    Each line begins with " ", "-", "+" or "@@" and has no line end. A field that came
    or went is compared with nothing; unchanged fields are left out.
    """
    changes: dict[str, list[str]] = {}
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        lines = unified_diff(_lines(old), _lines(new), lineterm="", n=2)
        # An empty field that came or went changes no line, and still is a change.
        changes[name] = list(lines)[2:] or ["+" if old is None else "-"]
    return changes


def _lines(text: str | None) -> list[str]:
    return text.splitlines() if text else []
