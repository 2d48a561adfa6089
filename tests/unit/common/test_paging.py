"""Very long lists: counted roughly, never sorted whole, and their pages found by ids."""

import pytest
from django.contrib.auth.models import User
from django.core.paginator import EmptyPage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.paging import MOST_COUNTED, MOST_FOUND, Rough, RoughPaginator, rough_count
from tests import factories
from uploads.models import UploadAttempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def many():
    User.objects.bulk_create(
        (
            User(username=f"p{n:05d}", is_staff=n % 2 == 0)
            for n in range(MOST_COUNTED + 5)
        ),
        batch_size=2000,
    )
    return User.objects.order_by("-pk")


def test_a_short_list_is_counted_exactly():
    User.objects.bulk_create(User(username=f"p{n}") for n in range(7))
    found = rough_count(User.objects.all())
    assert (found, str(found)) == (7, "7")


def test_a_long_list_is_more_than_ten_thousand(many):
    found = rough_count(many.exclude(username="x"))
    assert (int(found), str(found)) == (MOST_COUNTED, "more than 10,000")
    assert isinstance(found, Rough)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's statistics")
def test_a_whole_table_is_estimated(many):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE auth_user")
    assert str(rough_count(many)) == f"about {MOST_COUNTED + 5:,}"


def test_a_page_reads_no_row_before_it(many):
    pages = RoughPaginator(many, 50)
    with CaptureQueriesContext(connection) as seen:
        page = pages.page(100)
        names = [one.username for one in page.object_list]
    assert names[0] == f"p{MOST_COUNTED + 4 - 99 * 50:05d}"
    assert len(names) == 50
    skipping = [query["sql"] for query in seen if "OFFSET" in query["sql"]]
    assert all('"username"' not in sql.partition(" FROM ")[0] for sql in skipping)


def test_pages_that_are_not_there_are_refused(many):
    with pytest.raises(EmptyPage):
        RoughPaginator(many, 50).page(1000)


def test_a_search_that_finds_many_is_counted_less_far(client, people):
    upload = factories.UploadFactory(release__title="The Long River")
    other = factories.UploadFactory(release__title="The Short Winter")
    UploadAttempt.objects.bulk_create(
        UploadAttempt(
            upload=of, tracker=of.tracker, number=n, started_at=timezone.now()
        )
        for of in (upload, other)
        for n in range(MOST_FOUND + 1 if of == upload else MOST_FOUND)
    )
    client.force_login(people["viewer"])
    url = "/admin/uploads/uploadattempt/"
    counts = {
        query: client.get(f"{url}?{query}").context["cl"].result_count
        for query in (
            "q=River",
            "q=Winter",
            "q=",
            f"tracker__id__exact={other.tracker_id}",
        )
    }
    assert [str(found) for found in counts.values()] == [
        *("more than 1,000", "1000", "2001", "1000"),
    ]
    told = "More than 1,000 rows are not sorted"
    assert told in client.get(f"{url}?q=River&o=6").content.decode()
    assert told not in client.get(f"{url}?q=Winter&o=6").content.decode()
    with CaptureQueriesContext(connection) as seen:
        assert str(client.get(f"{url}?q=River&o=6").context["cl"].result_count) == (
            "more than 1,000"
        )
    # Whether it can be sorted is asked as the list is counted: both in one look each.
    asked = [one["sql"] for one in seen if "%River%" in one["sql"]]
    assert len([sql for sql in asked if 'FROM "releases_release"' in sql]) == 1
    counting = [one["sql"] for one in seen if "LIMIT 1001" in one["sql"]]
    assert len(counting) == 1


def test_a_list_that_is_too_long_keeps_its_order(client, people, many):
    upload = factories.UploadFactory()
    UploadAttempt.objects.bulk_create(
        (
            UploadAttempt(
                upload=upload,
                tracker=upload.tracker,
                number=n,
                http_status=n % 3 + 200,
                outcome="success" if n < 9 else "rejected",
                started_at=timezone.now(),
            )
            for n in range(MOST_COUNTED + 1)
        ),
        batch_size=2000,
    )
    client.force_login(people["viewer"])
    url = "/admin/uploads/uploadattempt/"
    text = client.get(f"{url}?o=6").content.decode()
    assert "are not sorted by a column" in text
    answer = client.get(f"{url}?o=6&result=succeeded")
    assert "are not sorted by a column" not in answer.content.decode()
    codes = [one.http_status for one in answer.context["cl"].result_list]
    assert codes == sorted(codes)
    assert client.get(f"{url}?_facets=True").status_code == 200
