"""Pages by cursor: every row once, whatever the order, and whatever changes meanwhile."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from config.pages import Pages
from releases.models import Release
from tests import factories
from uploads.models import Upload

pytestmark = pytest.mark.django_db

LIST = "/api/releases/"


def walk(client, address, way="next"):
    """Every page from `address` on, as lists of ids."""
    pages = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        body = answer.json()
        assert set(body) == {"next", "previous", "results"}
        pages.append([row["id"] for row in body["results"]])
        address = body[way]
        assert len(pages) < 30
    return pages


def flat(pages):
    return [pk for page in pages for pk in page]


@pytest.fixture
def releases(people):
    """Seven, of which many share a title or a size."""
    sizes = [30, 10, 10, 20, 10, 30, 10]
    return [
        factories.ReleaseFactory(title=f"Size{size // 20}", total_size=size)
        for size in sizes
    ]


@pytest.mark.parametrize("order", ["id", "-id", "title", "-total_size", "created_at"])
def test_every_row_comes_once_in_the_asked_order(api, releases, order):
    column = order.removeprefix("-")
    rows = sorted(
        releases,
        key=lambda row: (getattr(row, column), row.pk),
        reverse=order.startswith("-"),
    )
    pages = walk(api("viewer"), f"{LIST}?page_size=2&ordering={order}")
    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert flat(pages) == [row.pk for row in rows]


def test_two_columns_order_together(api, releases):
    rows = sorted(releases, key=lambda row: (row.title, -row.total_size, -row.pk))
    pages = walk(api("viewer"), f"{LIST}?page_size=2&ordering=title,-total_size")
    assert flat(pages) == [row.pk for row in rows]


@pytest.mark.parametrize("order", ["finished_at", "-finished_at"])
@pytest.mark.parametrize("size", range(1, 8))
def test_rows_with_and_without_a_value_are_found_both_ways(api, people, order, size):
    now = timezone.now()
    for days in (None, 1, None, 2, 1, 3, None):
        at = days and now - timedelta(days=days)
        factories.UploadFactory(finished_at=at)
    client, address = api("viewer"), f"/api/uploads/?ordering={order}"
    (whole,) = walk(client, address)
    there = walk(client, f"{address}&page_size={size}")
    assert flat(there) == whole
    last = f"{address}&page_size={size}"
    for _ in there[1:]:
        last = client.get(last).json()["next"]
    assert flat(walk(client, last, "previous")[::-1]) == whole


def test_an_order_by_a_column_with_gaps_sorts_no_row_that_is_not_shown(api, people):
    factories.UploadFactory(finished_at=timezone.now())
    with CaptureQueriesContext(connection) as seen:
        api("viewer").get("/api/uploads/?ordering=-finished_at&page_size=1")
    assert not [one for one in seen if "NULLS" in one["sql"]]


@pytest.mark.parametrize("order", ["finished_at", "-finished_at"])
def test_rows_without_a_value_come_last(api, people, order):
    now = timezone.now()
    times = [None, now, None, now - timedelta(days=1), now]
    rows = [factories.UploadFactory(finished_at=at) for at in times]
    client = api("viewer")
    pages = walk(client, f"/api/uploads/?page_size=2&ordering={order}")
    assert sorted(flat(pages)) == [row.pk for row in rows]
    assert set(flat(pages)[3:]) == {rows[0].pk, rows[2].pk}
    last = client.get(f"/api/uploads/?page_size=2&ordering={order}").json()["next"]
    last = client.get(last).json()["next"]
    assert flat(walk(client, last, "previous")[::-1]) == flat(pages)


def test_the_way_back_is_the_same(api, releases):
    client = api("viewer")
    there = walk(client, f"{LIST}?page_size=3")
    third = client.get(client.get(f"{LIST}?page_size=3").json()["next"]).json()["next"]
    back = walk(client, third, "previous")
    assert back == there[::-1]


def test_rows_that_come_and_go_meanwhile_disturb_nobody(api, releases):
    client = api("viewer")
    first = client.get(f"{LIST}?page_size=3").json()
    seen = [row["id"] for row in first["results"]]
    factories.ReleaseFactory()
    Release.objects.filter(pk=seen[-1]).delete()  # the very row the cursor stands at
    rest = flat(walk(client, first["next"]))
    assert rest == [row.pk for row in releases[::-1]][3:]


def test_filters_hold_on_every_page(api, releases):
    pages = walk(api("viewer"), f"{LIST}?page_size=1&search=Size1&ordering=id")
    assert flat(pages) == [releases[0].pk, releases[3].pk, releases[5].pk]


def test_nothing_is_counted_unless_asked(api, releases):
    client = api("viewer")
    with CaptureQueriesContext(connection) as seen:
        assert "count" not in client.get(LIST).json()
    assert not [query for query in seen if "COUNT(" in query["sql"].upper()]
    counted = client.get(f"{LIST}?count=true&page_size=2").json()
    assert counted["count"] == 7
    assert "count" not in client.get(counted["next"]).json()


def test_an_empty_list_has_one_empty_page(api, people):
    assert walk(api("viewer"), LIST) == [[]]


def test_page_numbers_are_refused_rather_than_misread(api, releases):
    answer = api("viewer").get(f"{LIST}?page=2")
    assert answer.status_code == 400
    assert answer.json()["code"] == "page_numbered"


@pytest.mark.parametrize("cursor", ["x", "%00", "9" * 5000, "eyJ9:abc", "%F0%9F%92%A9"])
def test_a_cursor_that_is_none_is_refused(api, releases, cursor):
    answer = api("viewer").get(f"{LIST}?cursor={cursor}")
    assert answer.status_code == 400
    assert answer.json()["code"] == "cursor_invalid"


def test_a_cursor_of_another_order_is_refused(api, releases):
    client = api("viewer")
    address = client.get(f"{LIST}?page_size=2").json()["next"]
    answer = client.get(f"{address}&ordering=title")
    assert answer.json()["code"] == "cursor_invalid"


def test_a_page_costs_one_query_however_far_it_is(api, releases):
    client = api("viewer")
    address = client.get(f"{LIST}?page_size=2").json()["next"]
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    lists = [query["sql"] for query in seen if "releases_release" in query["sql"]]
    assert len(lists) == 1
    # What an index can begin at, instead of reading all that came before.
    assert '"releases_release"."id" <= ' in lists[0]


def test_the_questions_can_be_listed(api, people):
    asks = factories.UploadFactory(
        status="failed", reason={"code": "outcome_unsettled", "message": "?"}
    )
    fails = factories.UploadFactory(status="failed", reason={"code": "rejected"})
    bare = factories.UploadFactory(status="failed", reason={})

    def found(query):
        return set(flat(walk(api("viewer"), f"/api/uploads/?{query}")))

    assert found("question=true") == {asks.pk}
    assert found("question=false") == {fails.pk, bare.pk}
    assert found("") == {asks.pk, fails.pk, bare.pk}


def test_uploads_are_found_by_what_they_are_of(api, people):
    one = factories.UploadFactory(infohash="ab" * 20, remote_id="4711")
    factories.UploadFactory()

    def found(query):
        return flat(walk(api("viewer"), f"/api/uploads/?{query}"))

    assert found(f"search={one.release.title}") == [one.pk]
    assert found(f"search={'ab' * 20}") == [one.pk]
    assert found("search=4711") == [one.pk]
    assert found(f"infohash={'ab' * 20}") == [one.pk]
    assert found(f"release={one.release_id}") == [one.pk]
    assert found("release=999999") == []
    later = (timezone.now() + timedelta(hours=1)).isoformat().replace("+", "%2B")
    assert found(f"created_after={later}") == []
    assert len(found(f"created_before={later}")) == 2


def test_lists_below_a_row_have_their_own_filters(api, rows):
    release, upload = rows["releases"], rows["uploads"]
    for position, kind in enumerate(["audio", "image"], start=1):
        release.files.create(
            path=f"{kind}.bin", size=1, mtime_ns=1, kind=kind, position=position
        )
    for number, outcome in enumerate(["rejected", "success"], start=1):
        upload.attempts.create(
            number=number, outcome=outcome, started_at=timezone.now()
        )
    upload.events.create(old="draft", new="pending", reason="Approved.")
    release.events.create(old="ready", new="approved", reason="Approved.")

    def found(path):
        answer = api("viewer").get(f"/api/{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]

    base = f"releases/{release.pk}"
    assert [f["path"] for f in found(f"{base}/files/?kind=image")] == ["image.bin"]
    ordered = found(f"{base}/files/?ordering=-position")
    assert [f["kind"] for f in ordered] == ["image", "audio"]
    assert [f["kind"] for f in found(f"{base}/files/?search=audio")] == ["audio"]
    (event,) = found(f"{base}/events/?new=approved")
    assert (event["old"], event["actor"]) == ("ready", None)
    base = f"uploads/{upload.pk}"
    (attempt,) = found(f"{base}/attempts/?outcome=success")
    assert attempt["number"] == 2
    (event,) = found(f"{base}/events/?search=approved")
    assert (event["new"], event["evidence"]) == ("pending", [])
    assert found(f"{base}/events/?old=failed") == []


def test_one_row_is_found_whatever_the_filters_say(api, rows):
    release = rows["releases"]
    answer = api("viewer").get(f"{LIST}{release.pk}/?state=failed&search=nothing")
    assert answer.status_code == 200
    assert Upload.objects.count() == 1


@pytest.mark.parametrize("order", ["tracker__slug", "-release"])
def test_an_order_may_follow_a_relation(people, order):
    rows = [factories.UploadFactory(tracker__slug=slug) for slug in ("b", "c", "a")]
    wanted = [rows[2], rows[0], rows[1]] if order == "tracker__slug" else rows[::-1]
    address, seen = "/?page_size=1", []
    while address:
        pages = Pages()
        request = Request(APIRequestFactory().get(address))
        ordered = Upload.objects.select_related("tracker", "release").order_by(order)
        seen += pages.paginate_queryset(ordered, request)
        address = pages.get_paginated_response([]).data["next"]
    assert seen == wanted
