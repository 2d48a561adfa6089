"""Audnexus for tests: recorded answers served over loopback, and a still clock."""

import json
import re
from pathlib import Path

from hypothesis import strategies as st
from werkzeug import Response

RECORDINGS = Path(__file__).parent / "recordings" / "audnexus"
BOOK = "B017V4IM1G"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "asin", "type", "title"]), inner)
    ),
    max_leaves=8,
)


def recording(name):
    return json.loads((RECORDINGS / f"{name}.json").read_text())


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class MemoryCache:
    def __init__(self):
        self.values = {}
        self.ttls = {}

    def get(self, key):
        return self.values.get(key)

    def put(self, key, value, ttl):
        self.values[key] = json.loads(json.dumps(value))
        self.ttls[key] = ttl


class Server:
    """Answers of the service by path and region; everything else is 404."""

    def __init__(self, httpserver):
        self.answers = {}
        self.asked = []
        self.agents = []
        httpserver.expect_request("/books/search").respond_with_handler(self.answer)
        for prefix in ("books", "authors"):
            httpserver.expect_request(_under(prefix)).respond_with_handler(self.answer)
        self.url = httpserver.url_for("")

    def on(self, path, body, *, region="us", status=200, headers=None):
        self.answers[path, region] = (status, headers or {}, body)

    def fail(self, path, name, *, region="us"):
        error = recording(name)
        self.on(
            path,
            error["body"],
            region=region,
            status=error["status"],
            headers=error["headers"],
        )

    def answer(self, request):
        region = request.args.get("region", "")
        self.agents.append(request.headers["user-agent"])
        self.asked.append((request.path, region, request.args.get("update", "")))
        missing = recording("error_404_region_new")
        status, headers, body = self.answers.get(
            (request.path, region), (404, {}, missing["body"])
        )
        if callable(body):
            content = body()
        else:
            content = body if isinstance(body, bytes) else json.dumps(body)
        return Response(content, status, headers, content_type="application/json")


def _under(prefix):
    return re.compile(f"^/{prefix}/[A-Z0-9]{{10}}(/chapters)?$")
