"""A torrent client that hangs costs one worker a look now and then, and no upload."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from releases.clients import connection
from releases.clients.errors import ClientBusy, ClientRefused, ClientUnreachable
from releases.models import TorrentClient
from releases.services.client_turns import (
    HOLDS,
    LONGEST_HOLD,
    REST,
    client_turn,
)
from releases.services.clients import client_test
from tests.driving import pass_time
from tests.factories import (
    ReleaseFactory,
    TorrentClientFactory,
    UploadFactory,
)
from tests.far_end import far_end
from tests.interrupting import raising
from uploads.models import Upload
from uploads.services.recovery import uploads_sweep
from uploads.services.seeding import seeding_follow, seeding_restart
from uploads.states import Seeding

pytestmark = pytest.mark.django_db
LOOK = "releases.services.clients.client_seed"
MANY = 12
DAY = timedelta(days=1)


@pytest.fixture
def silent(monkeypatch):
    """Takes every request and answers none; gives the client's row and its far end."""
    monkeypatch.setattr(connection, "READ_SECONDS", 0.2)
    over = threading.Event()

    def hang(connection, request, number):
        over.wait(10)

    with far_end(hang) as far:
        yield TorrentClientFactory(url=far.url, name="box"), far
        over.set()


@pytest.fixture
def sent(quick_desk):
    """Uploads that succeeded and wait for the client that is given."""
    model = Upload.objects.get(tracker__slug="red")

    def make(client, count=MANY):
        quick_desk.library.torrent_client = client
        quick_desk.library.save()
        return [
            UploadFactory(
                release=ReleaseFactory(library=quick_desk.library),
                tracker=model.tracker,
                credential=model.credential,
                status="success",
                torrent_file=model.torrent_file,
                infohash=model.infohash,
                site_infohash=model.infohash,
                seeding=Seeding.WAITING,
                seeding_due_at=timezone.now() - timedelta(seconds=1),
            ).pk
            for _ in range(count)
        ]

    return make


def test_one_vain_look_lets_all_uploads_of_the_client_wait(silent, sent):
    client, far = silent
    for pk in sent(client):
        seeding_follow(pk)
    asked = len(far.requests)
    assert 0 < asked <= 2, "the library repeats a request once by itself"
    client.refresh_from_db()
    rows = Upload.objects.filter(status="success")
    assert {row.seeding for row in rows} == {Seeding.WAITING}
    assert all(row.seeding_due_at >= client.not_before for row in rows)
    assert all("gave no answer" in row.seeding_message for row in rows)
    assert uploads_sweep() == 0, "nothing is due, so nothing is nudged"


def test_the_hold_is_much_longer_than_the_look(silent, sent):
    client, _ = silent
    (pk,) = sent(client, 1)
    for n in range(1, 12):
        before = timezone.now()
        seeding_follow(pk)
        took = (timezone.now() - before).total_seconds()
        client.refresh_from_db()
        assert client.failures == n
        assert client.busy_until is None
        held = (client.not_before - timezone.now()).total_seconds()
        floor = HOLDS[n - 1] if n <= len(HOLDS) else LONGEST_HOLD
        assert held > max(floor, REST * 0.4) - 0.5 - took
        pass_time(1000)
    assert held > 290


def test_others_of_the_client_come_first_after_a_vain_look(silent, sent):
    client, _ = silent
    pks = sent(client)
    seeding_follow(pks[0])
    due = Upload.objects.filter(pk__in=pks).order_by("seeding_due_at")
    assert due.last() == Upload.objects.get(pk=pks[0])
    assert len(set(due.values_list("seeding_due_at", flat=True))) == 2


def test_a_client_that_is_being_asked_is_not_asked_meanwhile(silent, sent):
    client, far = silent
    pks = sent(client)
    with client_turn(client):
        for pk in pks:
            before = Upload.objects.get(pk=pk)
            seeding_follow(pk)
            after = Upload.objects.get(pk=pk)
            assert after.seeding_due_at and after.seeding_due_at > timezone.now()
            assert after.seeding_looks == before.seeding_looks
    assert far.requests == []
    pass_time(2)
    assert uploads_sweep() == MANY, "none is lost"


def test_check_seeding_asks_a_held_client_at_once(silent, sent):
    client, far = silent
    first, second = sent(client, 2)
    seeding_follow(first)
    asked = len(far.requests)
    assert seeding_restart(second)
    seeding_follow(second)
    assert len(far.requests) > asked


def test_a_passed_test_makes_all_due_at_once(silent, sent, httpserver):
    client, _ = silent
    later = timezone.now() + timedelta(minutes=5)
    other = UploadFactory(
        status="success", seeding=Seeding.WAITING, seeding_due_at=later
    )
    pks = sent(client)
    for pk in pks:
        seeding_follow(pk)
    assert uploads_sweep() == 0
    for path, said in {
        "auth/login": "Ok.",
        "app/webapiVersion": "2.11.4",
        "app/version": "v5.1.0",
        "app/defaultSavePath": "/srv",
        "app/preferences": "{}",
    }.items():
        httpserver.expect_request(f"/api/v2/{path}").respond_with_data(said)
    TorrentClient.objects.filter(pk=client.pk).update(url=httpserver.url_for("/"))
    assert client_test(TorrentClient.objects.get(pk=client.pk)).ok
    due = Upload.objects.filter(seeding_due_at__lte=timezone.now())
    assert set(due.values_list("pk", flat=True)) == set(pks)
    client.refresh_from_db()
    assert client.not_before is None
    other.refresh_from_db()
    assert other.seeding_due_at > timezone.now(), "of another client"


def test_a_turn_whose_process_died_lapses(sent):
    client = TorrentClientFactory(busy_until=timezone.now() + timedelta(seconds=120))
    with pytest.raises(ClientBusy), client_turn(client):
        pass
    pass_time(121)
    with client_turn(TorrentClient.objects.get()):
        pass


def test_a_client_that_another_process_took_first_is_busy():
    mine = TorrentClientFactory()
    theirs = TorrentClient.objects.get()
    with client_turn(theirs), pytest.raises(ClientBusy), client_turn(mine):
        pass


def test_an_answer_ends_the_count_and_a_refusal_is_an_answer():
    TorrentClientFactory(failures=7, not_before=timezone.now())
    with pytest.raises(ClientRefused), client_turn(TorrentClient.objects.get()):
        raise ClientRefused("no")
    client = TorrentClient.objects.get()
    assert (client.failures, client.not_before) == (0, None)


def test_other_clients_are_asked_as_ever(silent, sent):
    held, _ = silent
    with pytest.raises(ClientUnreachable), client_turn(held):
        raise ClientUnreachable("gone")
    other = TorrentClientFactory()
    (pk,) = sent(other, 1)
    with raising(ClientRefused("asked"), "call", LOOK):
        seeding_follow(pk)
    assert Upload.objects.get(pk=pk).seeding_message == "asked"
