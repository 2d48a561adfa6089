"""Lists: pages, filters, search, order, and a constant number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories

pytestmark = pytest.mark.django_db


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


@pytest.fixture
def releases(people):
    return [
        factories.ReleaseFactory(title="Alpha", kind="audiobook", total_size=30),
        factories.ReleaseFactory(title="beta", kind="music", state="failed"),
        factories.ReleaseFactory(title="Gamma", asin="B0HERALD01", total_size=20),
    ]


@pytest.mark.parametrize("size", ["100000", "201", "200", "9" * 5000, "003", ""])
def test_large_page_sizes_are_bounded(api, releases, size):
    answer = api("viewer").get(f"/api/releases/?page_size={size}")
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == 3


def test_newest_first_unless_asked_otherwise(api, releases):
    newest = [row.pk for row in reversed(releases)]
    assert ids(api("viewer").get("/api/releases/")) == newest
    by_size = api("viewer").get("/api/releases/?ordering=-total_size")
    assert ids(by_size) == [releases[0].pk, releases[2].pk, releases[1].pk]
    unknown = api("viewer").get("/api/releases/?ordering=given_torrent,password")
    assert unknown.status_code == 400


def test_filters_of_releases(api, releases):
    def found(query):
        return ids(api("viewer").get(f"/api/releases/?{query}&ordering=created_at"))

    assert found("state=failed") == [releases[1].pk]
    assert found("kind=music") == [releases[1].pk]
    assert found(f"library={releases[2].library_id}") == [releases[2].pk]
    assert found("search=ALPHA") == [releases[0].pk]
    assert found("search=B0HERALD01") == [releases[2].pk]


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense",
        "library=x",
        "library=99999999999999999999999999",
        "library=%00",
        "kind=%00",
        "search=%00",
    ],
)
def test_odd_filters_are_refused_or_find_nothing(api, releases, query):
    answer = api("viewer").get(f"/api/releases/?{query}")
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert answer.json()["results"] == []


def test_filters_of_uploads(api, people):
    red, ops = factories.TrackerFactory(slug="red"), factories.TrackerFactory()
    one = factories.UploadFactory(tracker=red, status="failed", priority=5)
    two = factories.UploadFactory(tracker=ops, status="success", seeding="confirmed")

    def found(query):
        return ids(api("viewer").get(f"/api/uploads/?{query}"))

    assert found("status=failed") == [one.pk]
    assert found("tracker=red") == found("tracker__slug=red") == [one.pk]
    assert found(f"release={two.release_id}") == [two.pk]
    assert found("seeding=confirmed") == [two.pk]
    assert found("ordering=-priority") == [one.pk, two.pk]


@pytest.mark.parametrize(
    "path", ["releases", "uploads", "trackers", "credentials", "templates", "libraries"]
)
def test_more_rows_cost_no_more_queries(
    path, api, people, django_assert_max_num_queries
):
    def fill():
        for _ in range(5):
            upload = factories.UploadFactory(
                release__created_by=people["viewer"],
            )
            factories.CredentialFactory(tracker=upload.tracker)

    fill()
    client = api("viewer")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(f"/api/{path}/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/api/{path}/")
    fill()
    with django_assert_max_num_queries(len(few)):
        client.get(f"/api/{path}/")


def test_a_lists_rows_are_without_the_heavy_columns(api, rows):
    row = api("viewer").get("/api/uploads/").json()["results"][0]
    assert "payload" not in row
    assert "payload" in api("viewer").get(f"/api/uploads/{rows['uploads'].pk}/").json()


def test_a_list_of_uploads_reads_no_payload(api, rows):
    with CaptureQueriesContext(connection) as seen:
        assert ids(api("viewer").get("/api/uploads/")) == [rows["uploads"].pk]
    assert not [query for query in seen if '"payload"' in query["sql"]]
