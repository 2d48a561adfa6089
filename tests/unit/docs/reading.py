"""Reading the project's own source and documents, to compare the two."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
APPS = ("config", "common", "people", "releases", "trackers", "uploads")
# The sandbox plays somebody else: its codes are not Herald's.
FOREIGN = ("migrations", "sandbox")
# Django's own form errors keep Django's codes.
DJANGO_CALLS = {"ValidationError"}
FIRST_CELL = re.compile(r"^\| `([^`|]+)` \|", re.MULTILINE)


def document(name: str) -> str:
    """The text of a document, by its path in the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def section(name: str, heading: str) -> str:
    """What stands below a heading of a document, down to the next of its level."""
    level = heading.partition(" ")[0]
    text = document(name)
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, f"{name} has no heading {heading}"
    return re.split(rf"^{level} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> list[str]:
    """What stands in backticks at the start of each table row."""
    return FIRST_CELL.findall(text)


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the apps, parsed."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            inside = path.relative_to(ROOT)
            if not set(inside.parts) & set(FOREIGN):
                yield inside, ast.parse(path.read_text(encoding="utf-8"))


def texts(node: ast.AST | None) -> Iterator[str]:
    """The string constants that an expression may give; `<name>` for what varies."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if node.value:
            yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            str(part.value)
            if isinstance(part, ast.Constant)
            else f"<{ast.unparse(part).strip('f{}').strip(chr(39)).strip('{}')}>"
            for part in node.values
        )


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""
