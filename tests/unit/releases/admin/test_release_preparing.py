"""Preparing again, cancelling, and the progress of it."""

from releases.states import ReleaseState
from tests.release_pages import url


def test_preparing_again_waits_for_a_worker_on_the_page(client, people, book):
    client.force_login(people["preparer"])

    answer = client.post(url("prepare", book), follow=True)

    assert answer.redirect_chain[-1][0].endswith("?queued=1")
    text = answer.content.decode()
    assert "Waiting for a worker" in text
    assert "queued=1" in text


def test_an_approved_release_is_not_prepared(press, book):
    book.state = ReleaseState.APPROVED
    book.save()

    assert press("preparer", url("prepare", book))[0].startswith(
        "This release is approved."
    )


def test_cancelling_asks_the_worker_to_stop(press, look, book):
    book.state = ReleaseState.PREPARING
    book.save()

    press("preparer", url("cancel", book))

    book.refresh_from_db()
    assert book.cancel_requested
    assert "Stopping …" in look("viewer", url("change", book))


def test_nothing_to_cancel_is_a_sentence(press, book):
    assert press("preparer", url("cancel", book))[0].startswith("Nothing is being")


def test_progress_shows_phase_bytes_rate_and_time_left(look, book):
    book.state = ReleaseState.PREPARING
    book.progress = {
        "phase": "hash",
        "done": 3 * 2**20,
        "total": 4 * 2**20,
        "rate": 2**20,
        "eta": 1.0,
    }
    book.save()

    text = look("preparer", url("progress", book))

    assert "Hashing …" in text
    assert 'value="75"' in text
    assert "3.0 MiB of 4.0 MiB · 1.0 MiB/s · 1 s left" in text
    assert "Cancel preparation" in text
    assert "Cancel preparation" not in look("viewer", url("progress", book))


def test_progress_of_reading_counts_files(look, book):
    book.state = ReleaseState.PREPARING
    book.progress = {"phase": "read", "done": 2, "total": 8}
    book.save()

    assert "2 of 8 files" in look("viewer", url("progress", book))


def test_a_finished_preparation_sends_the_page_to_its_new_face(client, people, book):
    client.force_login(people["viewer"])

    answer = client.get(url("progress", book))

    assert answer["HX-Redirect"] == url("change", book)


def test_a_queued_preparation_is_waited_for_until_something_happened(
    client, people, book
):
    client.force_login(people["viewer"])
    event = book.events.create(new="ready")

    waiting = client.get(url("progress", book), {"queued": 1, "seen": event.pk})
    book.events.create(old="ready", new="failed")
    over = client.get(url("progress", book), {"queued": 1, "seen": event.pk})

    assert "Waiting for a worker" in waiting.content.decode()
    assert "HX-Redirect" in over
