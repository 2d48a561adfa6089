"""Dragging in the queue: the dragged one lands exactly where it was dropped."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from uploads.errors import UploadError
from uploads.models import Upload, UploadEvent
from uploads.services import ordering
from uploads.services.lanes import due_uploads
from uploads.services.ordering import upload_place
from uploads.services.queueing import HIGHEST, LOWEST

pytestmark = pytest.mark.django_db


def queued(*priorities):
    """Due uploads of these priorities, approved one after the other; their ids."""
    now, tracker = timezone.now(), factories.TrackerFactory()
    return [
        factories.UploadFactory(
            tracker=tracker,
            status="pending",
            priority=priority,
            approved_at=now - timedelta(minutes=100 - number),
        ).pk
        for number, priority in enumerate(priorities)
    ]


def order():
    return list(due_uploads().values_list("pk", flat=True))


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(priorities=st.lists(st.integers(-3, 3), min_size=2, max_size=7), data=st.data())
def test_it_lands_where_it_was_dropped_and_the_rest_keeps_its_order(
    db, priorities, data
):
    Upload.objects.all().delete()
    queued(*priorities)
    before = order()
    moved = data.draw(st.sampled_from(before))
    rest = [pk for pk in before if pk != moved]
    other = data.draw(st.sampled_from(rest))
    if data.draw(st.booleans()):
        upload_place(upload_id=moved, before_id=other)
        rest.insert(rest.index(other), moved)
    else:
        upload_place(upload_id=moved, after_id=other)
        rest.insert(rest.index(other) + 1, moved)
    assert order() == rest


def test_what_lies_below_keeps_its_priority():
    first, second, third = queued(0, 0, 0)
    upload_place(upload_id=second, before_id=first)
    assert Upload.objects.get(pk=third).priority == 0
    assert Upload.objects.get(pk=first).priority == 0


def test_the_person_who_moved_it_is_on_record(people):
    first, second = queued(0, 0)
    upload_place(upload_id=second, before_id=first, actor_id=people["approver"].pk)
    (event,) = UploadEvent.objects.filter(upload=second)
    assert (event.reason, event.actor) == ("Priority 0 → 1.", people["approver"])
    assert event.old == event.new == "pending"


@pytest.mark.parametrize(("edge", "where"), [(HIGHEST, "before"), (LOWEST, "after")])
def test_there_is_an_end_to_priorities(edge, where):
    first, second = queued(edge, edge)
    moved, other = (second, first) if where == "before" else (first, second)
    with pytest.raises(UploadError, match="used up") as told:
        upload_place(upload_id=moved, **{f"{where}_id": other})
    assert told.value.code == "queue_order_full"
    assert order() == [first, second]


def test_what_is_gone_or_far_below_is_no_place(monkeypatch):
    first, second, third = queued(0, 0, 0)
    Upload.objects.filter(pk=first).update(status="uploading")
    for moved, other in ((first, second), (second, first), (second, 10**9)):
        with pytest.raises(UploadError, match="not due any more"):
            upload_place(upload_id=moved, before_id=other)
    monkeypatch.setattr(ordering, "MOST_ABOVE", 1)
    queued(0)
    with pytest.raises(UploadError, match="far below"):
        upload_place(upload_id=second, before_id=third)


def test_rows_from_before_approvals_had_times_are_ordered_by_id():
    first, second = queued(0, 0)
    Upload.objects.update(approved_at=None)
    upload_place(upload_id=second, before_id=first)
    assert order() == [second, first]
