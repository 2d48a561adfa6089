"""Figures over the API: the same numbers and filters as the page, as JSON and CSV."""

import csv
import io

import pytest
import yaml
from django.core.management import call_command

from tests.unit.uploads.analytics.world import World
from uploads.analytics.figures import report
from uploads.analytics.scope import scope_of
from uploads.analytics.tables import tables_of

pytestmark = pytest.mark.django_db
KINDS = ("trackers", "history", "errors", "templates")


@pytest.fixture
def world():
    found = World(5)
    found.fill(25)
    return found


def asked(api, which, **query):
    answer = api("viewer").get(f"/api/analytics/{which}/", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def tables(split=False, **query):
    found = report(scope_of(query), split=split)
    return {table.key: table.records() for table in tables_of(found, split=split)}


@pytest.mark.parametrize("split", ["", "1"])
@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_table_is_the_one_of_the_page(api, world, kind, split):
    query = {"period": "90", "kind": "music"}
    rows = asked(api, kind, **query, split=split)
    assert rows == [
        {name: str(v) if name == "from" else v for name, v in row.items()}
        for row in tables(bool(split), **query)[kind]
    ]
    assert rows
    assert all(("tracker" in row) == bool(split) for row in rows)


def test_trackers_tell_of_now_and_of_the_period(api, world):
    rows = {row["tracker"]: row for row in asked(api, "trackers", period="all")}
    expected = {row["tracker"]: row for row in tables(period="all")["trackers"]}
    assert set(rows) == set(expected)
    for slug, row in rows.items():
        assert row["attempts"] == expected[slug]["attempts"]
        assert row["attempts_succeeded"] == expected[slug]["succeeded"]
        assert row["whole_median"] is not None
    one = world.trackers[0].slug
    assert [row["tracker"] for row in asked(api, "trackers", tracker=one)] == [one]


def test_a_tracker_without_anything_has_zeros_and_nulls(api, world):
    rows = asked(api, "trackers", **{"from": "1999-01-01", "to": "1999-01-02"})
    for row in rows:
        assert (row["attempts"], row["found"], row["proof_measured"]) == (0, 0, 0)
        assert (row["success_rate"], row["whole_median"]) == (None, None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["format", "accept"])
def test_csv_has_the_same_rows(api, world, kind, how):
    client = api("viewer")
    query = {"period": "all", **({"format": "csv"} if how == "format" else {})}
    headers = {"HTTP_ACCEPT": "text/csv"} if how == "accept" else {}
    answer = client.get(f"/api/analytics/{kind}/", query, **headers)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    read = list(csv.DictReader(io.StringIO(answer.content.decode())))
    rows = asked(api, kind, period="all")
    assert read == [
        {name: "" if value is None else str(value) for name, value in row.items()}
        for row in rows
    ]


def test_what_a_spreadsheet_would_run_is_written_as_text(api, world):
    world.versions[0].template.name = "=cmd()"
    world.versions[0].template.save()
    answer = api("viewer").get("/api/analytics/templates/?period=all&format=csv")
    assert "'=cmd() v1" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "period=8",
        "period=%00",
        "from=yesterday",
        "from=2026-02-30",
        "from=0001-01-01",
        "to=9999-12-31",
        "from=2026-02-02&to=2026-02-01",
        "tracker=nowhere",
        "tracker=%00",
        "kind=poem",
        "person=x",
        "person=99999999999999999999",
        "version=0",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_filter_that_cannot_be_read_is_refused_with_a_sentence(
    api, world, kind, query
):
    answer = api("viewer").get(f"/api/analytics/{kind}/?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"] == "analytics_filter"
    assert answer.json()["message"].endswith(".")


def test_a_refusal_can_be_read_as_csv_as_well(api, world):
    answer = api("viewer").get("/api/analytics/errors/?period=8&format=csv")
    assert answer.status_code == 400
    assert b"analytics_filter" in answer.content


def test_nothing_is_an_empty_list(api, people):
    for kind in KINDS[2:]:
        assert asked(api, kind) == []
        assert api("viewer").get(f"/api/analytics/{kind}/?format=csv").content == b""
    assert len(asked(api, "history")) == 30


def test_the_shapes_are_as_described(api, world, tmp_path):
    file = tmp_path / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))
    shapes = yaml.safe_load(file.read_text())["components"]["schemas"]
    for kind in KINDS:
        split = {} if kind == "trackers" else {"split": "1"}
        row = asked(api, kind, period="all", **split)[0]
        described = shapes[
            f"{kind.capitalize()}Out".replace("Trackers", "TrackerFigures")
        ]
        assert set(row) == set(described["properties"]), kind


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_queries_is_bounded(
    api, world, kind, django_assert_max_num_queries
):
    client = api("viewer")
    client.get(f"/api/analytics/{kind}/")
    with django_assert_max_num_queries(24):
        split = "" if kind == "trackers" else "&split=1"
        answer = client.get(f"/api/analytics/{kind}/?period=all{split}")
        assert answer.status_code == 200
