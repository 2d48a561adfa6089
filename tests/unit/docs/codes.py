"""Every code that the source can show to a person or a program."""

import ast
import re
from collections.abc import Iterator

from tests.unit.docs.reading import DJANGO_CALLS, called, sources, texts

CODE_NAMES = ("code", "error_code", "default_code")
# What else is called `code`, such as a format of the struct module, looks different.
_CODE = re.compile(r"[a-z][a-z0-9_]+(<\w+>)?")


def codes() -> dict[str, str]:
    """Each code, with a place where it comes from."""
    found: dict[str, str] = {}
    for path, module in sources():
        takers = _takers(module)
        for node in ast.walk(module):
            for code in filter(_CODE.fullmatch, _codes(node, takers)):
                found.setdefault(code, f"{path}:{getattr(node, 'lineno', 0)}")
    return found


def check_ids() -> dict[str, str]:
    """Each id of a system check, with its place."""
    found: dict[str, str] = {}
    for path, module in sources():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and called(node) in ("Error", "Warning"):
                for keyword in node.keywords:
                    if keyword.arg == "id":
                        for text in texts(keyword.value):
                            found.setdefault(text, f"{path}:{node.lineno}")
    return found


def _takers(module: ast.Module) -> dict[str, int]:
    """Functions of a module with a parameter `code`: their names, and where it is."""
    found = {}
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args]
            if "code" in names:
                found[node.name] = names.index("code")
    return found


def _codes(node: ast.AST, takers: dict[str, int]) -> Iterator[str]:
    if isinstance(node, ast.Call):
        yield from _in_call(node, takers)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "code":
                yield from texts(value)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(t, ast.Name) and t.id in CODE_NAMES for t in targets):
            yield from texts(node.value)
    elif isinstance(node, ast.FunctionDef):
        yield from _in_defaults(node)
    elif isinstance(node, ast.For):
        yield from _in_table(node)


def _in_defaults(node: ast.FunctionDef) -> Iterator[str]:
    defaults = node.args.defaults
    named = node.args.args[len(node.args.args) - len(defaults) :]
    for argument, default in zip(named, defaults, strict=True):
        if argument.arg == "code":
            yield from texts(default)


def _in_call(node: ast.Call, takers: dict[str, int]) -> Iterator[str]:
    name = called(node)
    if name in DJANGO_CALLS:
        return
    for keyword in node.keywords:
        if keyword.arg in CODE_NAMES:
            yield from texts(keyword.value)
    if name in takers and len(node.args) > takers[name]:
        yield from texts(node.args[takers[name]])


def _in_table(node: ast.For) -> Iterator[str]:
    """`for key, code, what in ((…), …)`: the column named `code`."""
    if not isinstance(node.target, ast.Tuple) or not isinstance(node.iter, ast.Tuple):
        return
    names = [t.id if isinstance(t, ast.Name) else "" for t in node.target.elts]
    if "code" in names:
        for row in node.iter.elts:
            if isinstance(row, ast.Tuple):
                yield from texts(row.elts[names.index("code")])
