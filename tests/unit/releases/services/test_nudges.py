"""A nudge that comes twice, or late, asks for nothing that was done already."""

import pytest
from django_q.models import OrmQ

from common.worker import leave
from releases.models import Release, ReleaseEvent
from releases.services.nudges import is_fulfilled, prepare_nudge
from releases.services.prepare import prepare_request, releases_sweep
from releases.states import ReleaseState
from releases.tasks import prepare_release
from tests.factories import ReleaseFactory

pytestmark = pytest.mark.django_db


def happened(release, old, new):
    return ReleaseEvent.objects.create(release=release, old=old, new=new).pk


def test_a_nudge_is_fulfilled_by_a_preparation_that_ended_after_it():
    release = ReleaseFactory(state=ReleaseState.NEW)
    asked = happened(release, "", ReleaseState.NEW)
    assert not is_fulfilled(release.pk, asked)
    happened(release, ReleaseState.NEW, ReleaseState.PREPARING)
    assert not is_fulfilled(release.pk, asked)
    happened(release, ReleaseState.PREPARING, ReleaseState.NEW)
    assert not is_fulfilled(release.pk, asked), "its worker died"
    ended = happened(release, ReleaseState.PREPARING, ReleaseState.FAILED)
    assert is_fulfilled(release.pk, asked)
    assert not is_fulfilled(release.pk, ended), "asked for again"


@pytest.mark.django_db(transaction=True)
def test_late_and_repeated_nudges_prepare_nothing_again(settings, monkeypatch):
    from django_q.conf import Conf

    monkeypatch.setattr(Conf, "ORM", "default")
    release = ReleaseFactory(state=ReleaseState.NEW)
    happened(release, "", ReleaseState.NEW)
    prepare_nudge(release.pk)
    Release.objects.update(updated_at="2020-01-01T00:00:00Z")
    releases_sweep()
    nudges = [row.task["kwargs"] for row in OrmQ.objects.all()]
    assert len(nudges) == 2

    prepare_release(**nudges[0])  # there are no files: it fails, as a person sees
    release.refresh_from_db()
    assert release.state == ReleaseState.FAILED
    history = list(release.events.values_list("pk"))

    prepare_release(**nudges[1])
    prepare_release(**nudges[0])
    assert list(release.events.values_list("pk")) == history

    OrmQ.objects.all().delete()
    prepare_request(release.pk)
    prepare_release(**OrmQ.objects.get().task["kwargs"])
    assert len(release.events.all()) == len(history) + 2, "a person asked again"


def test_a_worker_that_leaves_begins_no_preparation():
    release = ReleaseFactory(state=ReleaseState.NEW)
    leave()
    try:
        prepare_release(release_id=release.pk)
    finally:
        leave(False)
    release.refresh_from_db()
    assert release.state == ReleaseState.NEW
