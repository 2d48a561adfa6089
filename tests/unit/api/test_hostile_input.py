"""Whatever is sent: an answer in the one shape, never an error inside Herald."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.unit.api.calls import calls
from trackers.models import Tracker

pytestmark = pytest.mark.django_db

# A log-out needs a real token; test_tokens.py has it.
WRITING = [
    call
    for call in calls()
    if call.method in ("POST", "PUT", "PATCH") and call.kind != "auth"
]
FUZZ = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# Names that some call knows, so that the values are looked at.
NAMES = st.sampled_from(
    [
        "path",
        "kind",
        "asin",
        "trackers",
        "fields",
        "revert",
        "note",
        "uploads",
        "digests",
        "priority",
        "url",
        "slug",
        "name",
        "family",
        "base_url",
        "announce_url",
        "source_flag",
        "options",
        "torrent_rules",
        "kinds",
        "budget_requests",
        "budget_seconds",
        "is_active",
        "tracker",
        "label",
        "values",
        "layout",
        "release",
        "version",
        "client_path",
        "torrent_client",
        "username",
        "password",
        "category",
        "tags",
    ]
)
ODD = st.sampled_from(
    [
        *("\0", "\ud800", "\udfff", "\u202e", "\ufeff", "a\nb", "’", "日本", "😀"),
        *(".", "..", "../..", "/", "/etc/passwd", "~", "%00", "{{ 7*7 }}", "{% if %}"),
        *("'; DROP TABLE x; --", "<script>", "x" * 5000, "\\", " ", ""),
        *(2**31, 2**63, 2**64, 10**40, -1, 0, 0.1, -0.0, 1e300, True, False, None),
    ]
)
LEAF = ODD | st.text(max_size=20) | st.integers() | st.floats() | st.booleans()
VALUE = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | NAMES, inner, max_size=3)
    ),
    max_leaves=6,
)
BODY = st.dictionaries(NAMES, VALUE, max_size=6) | VALUE


def check(answer, call):
    assert answer.status_code < 500, f"{call}: {answer.content}"
    if answer.status_code >= 400:
        body = answer.json()
        assert set(body) == {"code", "message", "extra"}
        body["message"].encode()


@pytest.mark.parametrize("call", WRITING, ids=str)
def test_any_body_gets_an_answer(call, api, rows, tmp_path):
    factories.LibraryFactory(path=str(tmp_path))
    row = rows.get(call.kind)
    client = api("admin")

    @FUZZ
    @given(BODY)
    def send(body):
        answer = client.generic(
            call.method,
            call.url(row.pk if row else 0),
            data=json.dumps(body).encode(),
            content_type="application/json",
        )
        check(answer, call)

    send()


@pytest.mark.parametrize("call", WRITING, ids=str)
def test_any_bytes_get_an_answer(call, api, rows):
    row = rows.get(call.kind)
    client = api("admin")

    @FUZZ
    @given(
        st.binary(max_size=50),
        st.sampled_from(
            ["application/json", "application/x-www-form-urlencoded", "x/y"]
        ),
    )
    def send(body, kind):
        answer = client.generic(
            call.method, call.url(row.pk if row else 0), data=body, content_type=kind
        )
        check(answer, call)

    send()


def test_any_address_gets_an_answer(api, rows):
    client = api("admin")
    routes = st.sampled_from([call for call in calls() if "{pk}" in call.route])

    @settings(FUZZ, max_examples=200)
    @given(routes, st.text(max_size=30) | st.integers().map(str))
    def send(call, pk):
        from urllib.parse import quote

        url = call.url(quote(pk.encode("utf-8", "surrogatepass"), safe=""))
        if str(rows.get(call.kind) and rows[call.kind].pk) == pk:
            return
        check(client.generic(call.method, url), call)

    send()


QUERIES = st.dictionaries(
    st.sampled_from(
        [
            "page",
            "page_size",
            "ordering",
            "search",
            "state",
            "kind",
            "library",
            "status",
            "release",
            "seeding",
            "tracker__slug",
            "slug",
            "family",
            "is_active",
            "tracker",
            "version",
        ]
    ),
    st.text(st.characters(codec="utf-8"), max_size=20)
    | st.integers().map(str)
    | st.sampled_from(["\0", "9" * 5000, "-1", "1e9", "NaN"]),
    max_size=4,
)


@pytest.mark.parametrize(
    "call", [call for call in calls() if call.method == "GET"], ids=str
)
def test_any_query_gets_an_answer(call, api, rows):
    row = rows.get(call.kind)
    client = api("admin")

    @FUZZ
    @given(QUERIES)
    def send(query):
        check(client.get(call.url(row.pk if row else 0), query), call)

    send()


@FUZZ
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "options": st.dictionaries(st.just("dialect"), LEAF),
            "torrent_rules": st.dictionaries(
                st.sampled_from(["max_piece_length", "piece_table", "odd"]), VALUE
            ),
            "kinds": st.lists(LEAF, max_size=2),
            "budget_requests": LEAF,
            "announce_url": LEAF,
        },
    )
)
def test_whatever_a_tracker_takes_it_can_be_used_with(api, rows, changes):
    from uploads.services.contents import piece_rule

    url = f"/api/trackers/{rows['trackers'].pk}/"
    answer = api("admin").generic(
        "PATCH", url, json.dumps(changes).encode(), content_type="application/json"
    )
    assert answer.status_code in (200, 400), answer.content
    tracker = Tracker.objects.get(pk=rows["trackers"].pk)
    piece_rule(tracker)
    assert tracker.site.options["dialect"] in ("red", "ops")
    assert tracker.budget_requests > 0
