"""docs/api.md names every call, shows each once in an example, and no other."""

import re
from typing import Any

from tests.unit.api.calls import calls, open_calls
from tests.unit.docs.reading import document, section
from uploads.hooks import signature

PAGE = "docs/api.md"
VERBS = "GET|POST|PUT|PATCH|DELETE"
NAMED = re.compile(rf"`((?:{VERBS})(?:, (?:{VERBS}))*) ([\w/{{}}-]+)`")
EXAMPLE = re.compile(r"^\$ (?:herald|curl) (.*?)\"?\$api/([\w/-]*)(.*)$", re.MULTILINE)
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
