"""The templates that Herald ships, read from trackers/seeds/templates/*.toml. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trackers.rendering.versions import merge_template, template_checksum

_FOLDER = Path(__file__).resolve().parent / "templates"
_TEXTS = ("slug", "name", "kind", "family", "dialect", "layout", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSeed:
    """One shipped template.

    `layout` is the slug of the seed it extends, "" for none; `dialect` is "" for a
    layout that no site uses by itself. `fields` are its own, `merged` with inherited.
    """

    slug: str
    name: str
    kind: str
    family: str
    dialect: str
    layout: str
    note: str
    fields: Mapping[str, str]
    merged: Mapping[str, str]

    @property
    def checksum(self) -> str:
        """SHA-256 of the seed's own fields, as for a stored template version."""
        return template_checksum(self.fields)


def load_template_seeds(folder: Path = _FOLDER) -> list[TemplateSeed]:
    """All seeds, a layout before what extends it, otherwise by slug.

    Raises ValueError that names the file when one is malformed.
    """
    entries = {}
    for path in sorted(folder.glob("*.toml")):
        entry = _read(path)
        if entry["slug"] != path.stem:
            raise ValueError(
                f"{path.name}: slug “{entry['slug']}” is not the file's name."
            )
        entries[entry["slug"]] = entry
    layouts = {slug: e for slug, e in entries.items() if not e["layout"]}
    seeds = [_seed(entry, {}) for entry in layouts.values()]
    for slug, entry in entries.items():
        if slug in layouts:
            continue
        parent = layouts.get(entry["layout"])
        if parent is None:
            raise ValueError(
                f"{slug}.toml: layout “{entry['layout']}” is not a seed without a "
                f"layout of its own. There are: {', '.join(layouts) or 'none'}."
            )
        seeds.append(_seed(entry, parent["fields"]))
    return seeds


def _read(path: Path) -> dict[str, Any]:
    try:
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
    expected = {*_TEXTS, "fields"}
    if set(entry) != expected:
        odd = ", ".join(sorted(set(entry) ^ expected))
        raise ValueError(f"{path.name}: missing or unknown: {odd}.")
    texts = [entry[name] for name in _TEXTS]
    if not isinstance(entry["fields"], dict):
        raise ValueError(f"{path.name}: fields has to be a table.")
    if not all(isinstance(text, str) for text in [*texts, *entry["fields"].values()]):
        raise ValueError(f"{path.name}: every value has to be a text.")
    return entry


def _seed(entry: dict[str, Any], parent_fields: Mapping[str, str]) -> TemplateSeed:
    fields = entry["fields"]
    return TemplateSeed(
        **{name: entry[name] for name in _TEXTS},
        fields=MappingProxyType(dict(fields)),
        merged=MappingProxyType(merge_template(parent_fields, fields)),
    )
