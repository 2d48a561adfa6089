"""Every environment variable that the settings read."""

import ast
from dataclasses import dataclass

from tests.unit.docs.reading import ROOT

# Readers that also take the name of a file (config/env.py).
TAKES_FILE = frozenset({"secret", "database", "url"})


@dataclass(frozen=True)
class Setting:
    """One variable: its default as the documents write it, None where it is computed."""

    name: str
    default: str | None
    takes_file: bool


def settings_read() -> dict[str, Setting]:
    """Each variable that a call of config.env asks for, by name."""
    found = {}
    for path in sorted((ROOT / "config").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            setting = _setting(node)
            if setting is not None:
                found[setting.name] = setting
    return found


def _setting(node: ast.AST) -> Setting | None:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    if not isinstance(node.func.value, ast.Name) or node.func.value.id != "env":
        return None
    name = ast.literal_eval(node.args[0])
    return Setting(
        name=name,
        default=_default(node.args[1]) if len(node.args) > 1 else "",
        takes_file=node.func.attr in TAKES_FILE,
    )


def _default(node: ast.expr) -> str | None:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    return str(value)
