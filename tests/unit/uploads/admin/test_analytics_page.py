"""The page of figures: what it shows, where it leads, and what is downloaded."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from config.people.models import Preferences
from tests import factories
from tests.unit.uploads.analytics.world import World
from uploads.analytics.figures import report
from uploads.analytics.scope import scope_of
from uploads.analytics.tables import tables_of
from uploads.models import UploadAttempt
from uploads.services.tallying import tallies_refresh

pytestmark = pytest.mark.django_db
URL = "/admin/analytics/"
QUERIES = (
    {"period": "all"},
    {"period": "90", "kind": "music", "split": "1"},
    {"period": "365", "person": "none"},
)


@pytest.fixture
def world():
    found = World(11)
    found.fill(40)
    return found


@pytest.fixture
def viewer(client, people):
    client.force_login(people["viewer"])
    return client


def narrowed(world):
    yield from QUERIES
    yield {"period": "all", "version": str(world.versions[0].pk)}
    yield {"period": "all", "tracker": world.trackers[1].slug}
    yield {"period": "all", "person": str(world.people[0].pk)}


def test_every_number_leads_to_just_so_many_rows(viewer, world):
    tallies_refresh()
    followed = 0
    for query in narrowed(world):
        split = query.get("split") == "1"
        found = report(scope_of(query), split=split)
        for table in tables_of(found, split=split):
            for row in table.rows:
                for column, cell in zip(table.columns, row, strict=True):
                    if cell.link is None or column.kind != "count":
                        continue
                    url = reverse(f"admin:{cell.link.model}_changelist")
                    answer = viewer.get(url, cell.link.query)
                    place = (table.key, column.key, cell.link.query)
                    assert answer.status_code == 200, place
                    listed = answer.context["cl"].result_count
                    if table.key == "settled":
                        # Two looks at one attempt's upload are one attempt.
                        assert 0 < listed <= cell.value, place
                    else:
                        assert listed == cell.value, place
                    followed += 1
    assert followed > 200


def test_durations_lead_to_lists_that_open(viewer, world):
    found = report(scope_of({"period": "all"}))
    for table in tables_of(found):
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                if cell.link and column.kind == "seconds":
                    url = reverse(f"admin:{cell.link.model}_changelist")
                    answer = viewer.get(url, cell.link.query)
                    assert answer.context["cl"].result_count > 0


def test_a_failed_number_reaches_the_redacted_answer_in_two_clicks(viewer):
    upload = factories.UploadFactory(status="failed")
    UploadAttempt.objects.create(
        upload=upload,
        number=1,
        outcome="rejected",
        error_code="upload_rejected",
        answer="The site said: key=•••",
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    page = viewer.get(URL).content.decode()
    bar = re.search(r'data-column="failed"><a class="hd-link" href="([^"]+)"', page)
    assert bar
    listed = viewer.get(unescape(bar[1])).content.decode()
    link = re.search(r'href="(/admin/uploads/uploadattempt/\d+/change/)"', listed)
    assert link
    assert "key=•••" in viewer.get(link[1]).content.decode()


def test_outcomes_are_in_words(viewer):
    UploadAttempt.objects.create(
        upload=factories.UploadFactory(status="failed"),
        number=1,
        outcome="auth",
        error_code="tracker_auth",
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    page = viewer.get(URL).content.decode()
    assert 'data-column="outcome">account refused<' in page


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_days_are_heralds_whatever_zone_the_person_reads_in(viewer, people, zone):
    Preferences.objects.create(user=people["viewer"], time_zone=zone)
    moment = datetime(2026, 3, 4, 0, 30, tzinfo=UTC)
    for number, minutes in enumerate((-60, 0, 23 * 60, 24 * 60), 1):
        UploadAttempt.objects.create(
            upload=factories.UploadFactory(),
            number=number,
            outcome="rejected",
            started_at=moment + timedelta(minutes=minutes),
            finished_at=moment + timedelta(minutes=minutes),
        )
    day = {"from": "2026-03-04", "to": "2026-03-04"}
    page = viewer.get(URL, day)
    (history,) = (
        one.table for one in page.context["drawn"] if one.table.key == "history"
    )
    ((begin, _succeeded, failed, *_rest),) = history.rows
    assert (begin.value, failed.value) == ("2026-03-04", 2)
    listed = viewer.get("/admin/uploads/uploadattempt/", failed.link.query)
    assert listed.context["cl"].result_count == 2


@pytest.mark.parametrize("query", QUERIES)
def test_charts_and_tables_say_the_same(viewer, world, query):
    answer = viewer.get(URL, query)
    for one in answer.context["drawn"]:
        data = json.loads(one.data)
        for series in data["datasets"]:
            place = [column.key for column in one.table.columns].index(series["column"])
            values = [row[place].value or None for row in one.table.rows]
            assert series["data"] == values[: len(series["data"])]
        assert json.loads(one.options)["scales"]


@pytest.mark.parametrize("query", QUERIES)
def test_downloads_are_exactly_what_is_seen(viewer, world, query):
    page = viewer.get(URL, query)
    whole = viewer.get(URL + page.context["json_url"])
    assert whole["Content-Disposition"].startswith('attachment; filename="herald-')
    found = whole.json()
    for one in page.context["drawn"]:
        table = one.table
        assert found[table.key] == json.loads(json.dumps(table.records()))
        text = viewer.get(URL + one.download).content.decode()
        rows = list(csv.reader(io.StringIO(text)))
        assert len(rows) == len(table.rows) + 1
        assert rows[1:] == [
            ["" if value is None else str(value) for value in record.values()]
            for record in table.records()
        ]
    everything = viewer.get(URL, {**query, "format": "csv"}).content.decode()
    assert everything.startswith("trackers\r\n")


@pytest.mark.parametrize(
    "query",
    [
        {"period": "nonsense"},
        {"from": "x"},
        {"tracker": "nowhere"},
        {"version": "9" * 40},
        {"person": "-1"},
        {"kind": "poem"},
    ],
)
def test_an_odd_filter_is_told_and_the_usual_period_shown(viewer, world, query):
    answer = viewer.get(URL, query)
    text = answer.content.decode()
    assert 'role="alert"' in text
    assert answer.context["scope"].period == "30"


def test_an_odd_table_name_is_an_empty_file(viewer, world):
    answer = viewer.get(URL, {"format": "csv", "table": '"; x="'})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Disposition"].count('"') == 2


def test_an_empty_herald_says_so(viewer):
    text = viewer.get(URL).content.decode()
    assert "No attempt ended in this period" in text
    assert 'class="chart"' not in text


@pytest.mark.parametrize("role", ["viewer", "preparer", "approver", "admin"])
def test_everybody_with_a_role_may_look(client, people, role):
    client.force_login(people[role])
    assert client.get(URL).status_code == 200


def test_who_may_not_see_uploads_may_not_look(client, people):
    client.force_login(factories.UserFactory())
    assert client.get(URL).status_code == 403
    client.force_login(people["stranger"])
    assert client.get(URL).status_code == 302


def test_the_page_asks_as_much_for_few_rows_as_for_many(
    viewer, world, django_assert_num_queries
):
    tallies_refresh()
    viewer.get(URL)
    with django_assert_num_queries(25) as few:
        viewer.get(URL, {"period": "all"})
    world.fill(30)
    tallies_refresh()
    with django_assert_num_queries(len(few)):
        viewer.get(URL, {"period": "all"})
