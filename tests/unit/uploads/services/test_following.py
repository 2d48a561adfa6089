"""Following a torrent: what the client cannot break. Real clients: tests/real."""

import pytest

from tests.driving import drive, pass_time
from tests.factories import TorrentClientFactory
from tests.interrupting import Killed, raising
from uploads.models import Upload
from uploads.services.approval import release_approve
from uploads.services.recovery import uploads_sweep
from uploads.services.seeding import seeding_follow, seeding_restart
from uploads.states import Seeding

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(ready, quick_desk, upload):
    """RED's upload succeeded; its torrent client is down."""
    quick_desk.library.torrent_client = TorrentClientFactory(name="qBittorrent")
    quick_desk.library.save()
    release_approve(release_id=ready.pk, actor_id=None)
    drive()
    return upload("red")


def test_the_waits_grow_and_never_end(sent):
    waits = []
    for _ in range(14):
        pass_time(1000)
        seeding_follow(sent.pk)
        now = Upload.objects.get(pk=sent.pk)
        assert now.seeding_due_at
        waits.append((now.seeding_due_at - now.updated_at).total_seconds())
        assert now.seeding == Seeding.WAITING
    assert waits[0] < waits[-1]
    assert now.seeding_looks == 14
    pass_time(1000)
    assert uploads_sweep() > 0


def test_one_process_looks_at_a_time(sent):
    pass_time(1000)
    place = "releases.services.clients.client_seed"
    with (
        pytest.raises(KeyboardInterrupt),
        raising(KeyboardInterrupt(), "call", place),
    ):
        seeding_follow(sent.pk)
    looks = Upload.objects.get(pk=sent.pk).seeding_looks
    seeding_follow(sent.pk)
    assert Upload.objects.get(pk=sent.pk).seeding_looks == looks, "claimed for a minute"
    pass_time(61)
    seeding_follow(sent.pk)
    assert Upload.objects.get(pk=sent.pk).seeding_looks == looks + 1


def test_our_own_error_is_a_problem_that_is_tried_again(sent, caplog):
    pass_time(1000)
    with raising(ZeroDivisionError(), "call", "releases.services.clients.client_seed"):
        seeding_follow(sent.pk)
    stuck = Upload.objects.get(pk=sent.pk)
    assert stuck.seeding == Seeding.PROBLEM
    assert "ZeroDivisionError" in stuck.seeding_message
    assert stuck.seeding_due_at
    assert "failed inside Herald" in caplog.text


def test_a_look_that_comes_late_does_not_undo_the_proof(sent):
    from uploads.services.seeding import _confirm, _write

    _confirm(sent)
    _write(sent, Seeding.PROBLEM, "Too late.")
    done = Upload.objects.get(pk=sent.pk)
    assert done.seeding == Seeding.CONFIRMED
    assert not done.events.filter(reason="Too late.").exists()


def test_a_proof_that_cannot_be_told_is_found_again(sent):
    from uploads.services.seeding import _confirm

    place = "uploads.services.moves.upload_note"
    with pytest.raises(Killed), raising(Killed(), "call", place):
        _confirm(sent)
    assert Upload.objects.get(pk=sent.pk).seeding == Seeding.WAITING


def test_only_what_succeeded_is_followed(ready, upload):
    draft = upload("red")
    seeding_follow(draft.pk)
    assert upload("red").seeding == Seeding.NONE
    assert not seeding_restart(draft.pk)


def test_a_client_that_was_switched_off_is_none(sent, quick_desk):
    client = quick_desk.library.torrent_client
    client.is_active = False
    client.save()
    pass_time(1000)
    seeding_follow(sent.pk)
    assert Upload.objects.get(pk=sent.pk).seeding == Seeding.NO_CLIENT
    uploads_sweep()
    assert Upload.objects.get(pk=sent.pk).seeding == Seeding.NO_CLIENT
    client.is_active = True
    client.save()
    uploads_sweep()
    assert Upload.objects.get(pk=sent.pk).seeding == Seeding.WAITING
