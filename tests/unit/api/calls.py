"""Every call of the API, as its address patterns name them."""

import re
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

# Below these nobody has to be logged in.
OPEN = {"login", "schema", "docs", "nothing"}


@dataclass(frozen=True)
class Call:
    """One method at one address; `name` is the view set and its action."""

    method: str
    route: str
    name: str

    @property
    def kind(self) -> str:
        """The first word of the address: "releases", …"""
        return self.route.split("/")[0]

    def url(self, pk: int | str) -> str:
        """The address, about the row `pk`."""
        return "/api/" + self.route.replace("{pk}", str(pk))

    def __str__(self) -> str:
        return f"{self.method} {self.route}"


def calls() -> list[Call]:
    """All that need a login, each once."""
    return _calls(lambda name: name not in OPEN)


def open_calls() -> list[Call]:
    """Those that anybody may make."""
    return _calls(lambda name: name in OPEN and name != "nothing")


def _calls(wanted) -> list[Call]:
    found = {}
    for route, pattern in _patterns():
        view = pattern.callback
        skip = "<drf_format_suffix" in route or "\\." in route
        if skip or not wanted(pattern.name):
            continue
        route = _plain(route)
        actions = getattr(view, "actions", None)
        if actions is None:
            methods = [m for m in ("get", "post") if hasattr(view.view_class, m)]
            actions = dict.fromkeys(methods, pattern.name)
        for method, action in actions.items():
            if method != "head":
                call = Call(method.upper(), route, f"{route.split('/')[0]}.{action}")
                found[str(call)] = call
    return sorted(found.values(), key=str)


def _patterns():
    for top in get_resolver().url_patterns:
        if isinstance(top, URLResolver) and top.namespace == "api":
            yield from _inside(top.url_patterns, "")


def _inside(patterns, prefix):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from _inside(pattern.url_patterns, route)


def _plain(route: str) -> str:
    named = re.sub(r"\(\?P<pk>\[[^\]]*\]\+\)", "{pk}", route)
    return re.sub(r"\^|\$|\\Z", "", named)


def uploads_of(api, release):
    """The uploads of a release, as a viewer reads them."""
    answer = api("viewer").get(f"/api/uploads/?release={release}&ordering=created_at")
    assert answer.status_code == 200
    return answer.json()["results"]
