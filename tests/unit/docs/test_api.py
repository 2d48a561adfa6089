"""docs/api.md names every call, shows each once in an example, and no other."""

import re
from typing import Any
from urllib.parse import parse_qsl

from drf_spectacular.generators import SchemaGenerator

from tests.unit.api.calls import calls, open_calls
from tests.unit.docs.reading import document, section
from uploads.hooks import signature

PAGE = "docs/api.md"
VERBS = "GET|POST|PUT|PATCH|DELETE"
NAMED = re.compile(rf"`((?:{VERBS})(?:, (?:{VERBS}))*) ([\w/{{}}-]+)`")
EXAMPLE = re.compile(r"^\$ (?:herald|curl) (.*?)\"?\$api/([\w/-]*)(.*)$", re.MULTILINE)
LIST = re.compile(r"^\| `GET ([\w/{}-]+)`(.*)$", re.MULTILINE)
ROOT_PAGE = "GET "


def known():
    found = {str(call).replace("{pk}", "{id}") for call in (*calls(), *open_calls())}
    return found - {ROOT_PAGE}


def named():
    return {
        f"{verb} {path}"
        for verbs, path in NAMED.findall(document(PAGE))
        for verb in verbs.split(", ")
    }


def shown():
    found = set()
    for before, path, after in EXAMPLE.findall(document(PAGE)):
        verb = re.search(rf"-X ({VERBS})", before)
        method = verb[1] if verb else "POST" if "--json" in after else "GET"
        found.add(f"{method} {re.sub(r'/[0-9]+/', '/{id}/', path)}")
    return found


def test_every_call_is_named():
    assert known() - named() == set()


def test_every_call_has_an_example():
    assert known() - shown() == set()


def test_no_call_is_named_or_shown_that_there_is_not():
    assert (named() | shown()) - known() == set()


def described():
    """Path below /api/ → the query parameters of reading it, by name."""
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    return {
        path.removeprefix("/api/"): {
            one["name"]: one["schema"]
            for one in methods.get("get", {}).get("parameters", ())
            if one["in"] == "query"
        }
        for path, methods in paths.items()
    }


def test_examples_ask_only_what_can_be_asked():
    known = described()
    for _before, path, after in EXAMPLE.findall(document(PAGE)):
        query = re.match(r"\?([^\"\s]*)", after)
        asked = parse_qsl(query[1], strict_parsing=True) if query else []
        names = known.get(re.sub(r"/[0-9]+/", "/{id}/", path), {})
        assert {name for name, _value in asked} <= set(names), path


def test_lists_are_named_with_filters_and_orders_that_they_have():
    known, seen = described(), 0
    for path, told in LIST.findall(document(PAGE)):
        names = known[path]
        orders = names.get("ordering", {}).get("pattern", "")
        filters = re.search(r"filters? (.*?)(?:;|\||$)", told)
        ordered = re.search(r"order by (.*?)(?:;|\||$)", told)
        for name in re.findall(r"`(\w+)`", filters[1]) if filters else ():
            assert name in names, (path, name)
            seen += 1
        for name in re.findall(r"`(\w+)`", ordered[1]) if ordered else ():
            assert name in orders, (path, name)
        assert ("`search`" not in told) or "search" in names, path
    assert seen > 30


def test_the_way_to_verify_a_signature_is_right():
    text = section(PAGE, "## Webhooks")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    space: dict[str, Any] = {}
    exec(code, space)  # noqa: S102 - our own document
    import time

    now = int(time.time())
    good = signature("whsec_x", '{"a": 1}', at=now)
    check = space["is_from_herald"]
    assert check("whsec_x", good, b'{"a": 1}')
    assert not check("whsec_y", good, b'{"a": 1}')
    assert not check("whsec_x", good, b'{"a": 2}')
    old = signature("whsec_x", '{"a": 1}', at=now - 400)
    assert not check("whsec_x", old, b'{"a": 1}')
