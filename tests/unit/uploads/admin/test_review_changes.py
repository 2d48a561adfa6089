"""The review page: undoing, asking again, covers, and what changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from releases.metadata.types import Cover
from releases.models import MetadataRecord
from releases.services.covers import covers_store
from releases.services.remerge import release_override
from releases.states import ReleaseState
from tests import factories
from tests.release_pages import page, url
from tests.unit.uploads.admin.conftest import make_draft
from uploads.admin.approved_before import form_changes
from uploads.models import Approval
from uploads.payloads import payload_digest
from uploads.services.approval import approvals_void, release_approve


@pytest.fixture
def sourced(book):
    """The book with a source behind it, so that it can be merged again."""
    MetadataRecord.objects.create(
        release=book, source="tags", fields={"title": "A Book", "year": 1999}
    )
    return book


def picture(side, shade=b"x"):
    return Cover(
        content=shade * 50,
        mime="image/png",
        origin=f"{side}.png",
        width=side,
        height=side,
    )


# --- undoing -------------------------------------------------------------------------
def test_the_newest_change_is_undone_with_one_click(look, press, sourced, people):
    release_override(
        release_id=sourced.pk,
        changes={"title": "Mine"},
        actor_id=people["preparer"].pk,
    )
    edit = sourced.acts.edits().get()
    text = page(look, sourced)
    assert f'name="edit" value="{edit.pk}"' in text
    assert "as the sources say" in text
    assert people["preparer"].username in text

    said = press("preparer", url("undo", sourced), edit=edit.pk)

    assert said == ["The change is undone."]
    sourced.refresh_from_db()
    assert sourced.title == "A Book"
    text = page(look, sourced)
    assert "data-undo" not in text
    assert ">undone</span>" in text


@pytest.mark.parametrize("edit", ["", "0", "x"])
def test_a_change_that_was_not_shown_is_not_undone(press, sourced, edit):
    release_override(release_id=sourced.pk, changes={"title": "Mine"}, actor_id=None)

    said = press("preparer", url("undo", sourced), edit=edit)

    assert said[0].startswith("That is not the newest change any more.")
    sourced.refresh_from_db()
    assert sourced.title == "Mine"


def test_a_field_left_out_by_hand_is_told_so(look, sourced):
    release_override(release_id=sourced.pk, changes={"year": None}, actor_id=None)
    assert "<td>left out</td>" in page(look, sourced)


# --- asking again ----------------------------------------------------------------------
def test_asking_a_service_waits_on_the_page_for_its_answer(
    look, client, people, sourced, settings
):
    settings.AUDNEXUS_URL = "http://127.0.0.1:9"
    sourced.overrides = {"asin": "B0HERALD01"}
    sourced.save()
    client.force_login(people["preparer"])
    newest = sourced.records.get().pk

    answer = client.post(url("refetch", sourced), {"source": "audnexus"})
    assert answer["Location"].endswith(f"?fetching={newest}#sources")
    assert "The source is being asked" in page(look, sourced, fetching=newest)
    assert "The source is being asked" in look(
        "viewer", url("fetched", sourced), fetching=newest, n=3
    )
    quiet = look("viewer", url("fetched", sourced), fetching=newest, n=60)
    assert "Is a worker running?" in quiet
    assert "every 2s" not in quiet

    MetadataRecord.objects.create(release=sourced, source="audnexus")
    done = client.get(url("fetched", sourced), {"fetching": newest})
    assert done["HX-Redirect"].endswith("/change/?fetched=1#sources")
    assert "is being asked" not in page(look, sourced, fetching=newest)


def test_reading_the_files_again_is_a_preparation(client, people, sourced):
    client.force_login(people["preparer"])
    answer = client.post(url("refetch", sourced), {"source": "tags"})
    assert answer["Location"].endswith("?queued=1")


def test_what_cannot_be_asked_is_a_sentence(press, sourced):
    said = press("preparer", url("refetch", sourced), source="audnexus")
    assert said[0].startswith("Audnexus is asked by ASIN")


# --- covers ----------------------------------------------------------------------------
def test_every_picture_is_shown_with_its_size_and_one_is_chosen(
    look, press, client, book
):
    covers_store(book, [picture(600), picture(400, b"y")])
    first, second = book.pictures
    text = page(look, book)
    assert "600 × 600" in text
    assert "400 × 400" in text
    assert text.count("Use this</button>") >= 1

    said = press("preparer", url("choose_cover", book), sha256=second["sha256"])

    assert said == ["The cover is chosen."]
    book.refresh_from_db()
    assert book.cover["width"] == 400
    covers_store(book, [picture(600), picture(400, b"y")])
    assert book.cover["width"] == 400
    covers_store(book, [picture(600)])
    assert book.cover["width"] == 600
    shown = client.get(url("picture", book), {"v": first["sha256"]})
    assert b"".join(shown.streaming_content) == b"x" * 50
    assert client.get(url("picture", book), {"v": second["sha256"]}).status_code == 404
    assert client.get(url("picture", book)).status_code == 404


def test_a_picture_that_is_gone_is_a_sentence(press, book):
    said = press("preparer", url("choose_cover", book), sha256="0")
    assert said[0].startswith("That picture is not there any more.")


@pytest.mark.parametrize("name", ["undo", "refetch", "choose_cover"])
def test_a_viewer_changes_nothing(press, sourced, name):
    said = press("viewer", url(name, sourced))
    assert said[0].startswith("Your role does not allow you to")


def test_another_recording_is_told_with_its_figures(look, book):
    book.notices = [
        {
            "code": "other_recording",
            "message": "The files are shorter.",
            "path": "",
            "figures": [
                {
                    "what": "Length",
                    "files": "1:00:00",
                    "catalogue": "2:00:00",
                    "difference": "+1:00:00",
                    "differs": True,
                }
            ],
        }
    ]
    book.save()
    text = page(look, book)
    assert "Is this the right recording?" in text
    assert "+1:00:00" in text


# --- what was approved before ----------------------------------------------------------
def approved_then_changed(book, draft, title):
    release_approve(release_id=book.pk, actor_id=None)
    approvals_void(book.pk, "Edited by hand: title.")
    draft.refresh_from_db()
    draft.payload["form"][0][1] = title
    draft.digest = payload_digest(draft.payload, draft.torrent_file)
    draft.save()


def test_an_approval_keeps_the_form_it_was_about(book, drafts):
    release_approve(release_id=book.pk, actor_id=None)
    kept = Approval.objects.get().forms
    assert kept == {str(one.pk): one.payload["form"] for one in drafts}


def test_what_changed_since_the_approval_is_shown_line_by_line(look, book, trackers):
    draft = make_draft(book, trackers[0])
    approved_then_changed(book, draft, "A Better Book")

    text = page(look, book)

    assert "Changed since it was approved" in text
    assert "Edited by hand: title." in text
    assert '<span class="hd-diff--del">-A Book</span>' in text
    assert '<span class="hd-diff--add">+A Better Book</span>' in text


def test_an_approval_that_ended_without_a_change_says_so(look, book, trackers):
    draft = make_draft(book, trackers[0])
    approved_then_changed(book, draft, "A Book")
    assert "Reads as it did when it was approved" in page(look, book)


def test_a_field_that_is_sent_twice_is_compared_as_a_whole():
    before = [["artists[]", "Ann"], ["artists[]", "Ben"]]
    after = [["artists[]", "Ann"], ["artists[]", "Bob"]]
    ((name, lines),) = form_changes(before, after)
    assert name == "artists[]"
    assert lines[-2:] == [("del", "-Ben"), ("add", "+Bob")]


# --- deciding on one tracker -----------------------------------------------------------
def test_only_one_tracker_is_approved_by_its_own_button(press, book, drafts):
    fields = {f"digest-{one.pk}": one.digest for one in drafts}
    said = press(
        "approver",
        url("approve", book),
        upload=[one.pk for one in drafts],
        only=drafts[1].pk,
        **fields,
    )
    assert said == ["Approved for Wren; sending begins."]


def test_one_tracker_is_rejected_with_its_note(press, book, drafts):
    said = press("approver", url("reject_one", book, drafts[0].pk), note="Not there.")
    assert said[0].startswith("It is rejected for this tracker.")
    book.refresh_from_db()
    assert (book.targets, book.state) == (["wren"], ReleaseState.READY)


def test_a_tracker_is_rejected_by_an_approver_and_on_its_own_release(
    press, client, people, book, drafts
):
    other = factories.ReleaseFactory()
    said = press("preparer", url("reject_one", book, drafts[0].pk))
    assert said[0].startswith("Your role does not allow you to reject uploads")
    client.force_login(people["approver"])
    assert client.post(url("reject_one", other, drafts[0].pk)).status_code == 404


def test_the_page_costs_the_same_whatever_was_done(client, people, sourced, trackers):
    client.force_login(people["approver"])

    def cost():
        with CaptureQueriesContext(connection) as seen:
            client.get(url("change", sourced))
        return len(seen)

    for tracker in trackers:
        draft = make_draft(sourced, tracker)
    approved_then_changed(sourced, draft, "A Better Book")
    release_override(release_id=sourced.pk, changes={"title": "M"}, actor_id=None)
    cost()
    few = cost()
    covers_store(sourced, [picture(600), picture(400, b"y")])
    for number in range(5):
        release_override(
            release_id=sourced.pk, changes={"title": f"M{number}"}, actor_id=None
        )
        make_draft(sourced, factories.TrackerFactory())
    assert cost() == few
    assert few <= 22
