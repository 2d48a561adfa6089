"""What a person may do on an upload's page."""

import pytest
from django.test import Client

from tests.unit.uploads.admin.upload_pages import upload_url
from uploads.models import Upload
from uploads.states import Seeding, UploadStatus

BUTTONS = ("Retry</button>", "Cancel</button>", "It is there", "Check seeding again")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("draft", {"Cancel</button>"}),
        ("pending", {"Cancel</button>"}),
        ("uploading", set()),
        ("failed", {"Retry</button>", "Cancel</button>", "It is there"}),
        ("unknown", {"It is there"}),
        ("success", {"Check seeding again"}),
        ("cancelled", set()),
    ],
)
def test_each_status_has_its_own_buttons(look, failed, status, expected):
    failed.status = status
    failed.save()

    text = look("approver", upload_url("change", failed))

    assert {button for button in BUTTONS if button in text} == expected


@pytest.mark.parametrize("who", ["viewer", "preparer"])
def test_who_may_not_drive_sees_no_buttons(look, failed, who):
    text = look(who, upload_url("change", failed))

    assert not [button for button in BUTTONS if button in text]


def test_retry_queues_it_again(press, failed):
    assert press("approver", upload_url("retry", failed)) == [
        "The upload is queued again."
    ]

    failed.refresh_from_db()
    assert failed.status == UploadStatus.PENDING
    assert failed.events.get().actor is not None


def test_cancel_gives_it_up(press, failed):
    press("approver", upload_url("cancel", failed))

    failed.refresh_from_db()
    assert failed.status == UploadStatus.CANCELLED


def test_a_link_on_another_site_is_refused(press, failed):
    said = press(
        "approver", upload_url("there", failed), url="https://elsewhere.test/1"
    )

    assert said[0].startswith("Paste the upload's link on Bluebird")
    failed.refresh_from_db()
    assert failed.status == UploadStatus.FAILED


def test_seeding_is_checked_again(press, failed):
    Upload.objects.filter(pk=failed.pk).update(
        status=UploadStatus.SUCCESS, seeding=Seeding.PROBLEM
    )

    press("approver", upload_url("seeding", failed))

    failed.refresh_from_db()
    assert failed.seeding == Seeding.WAITING


def test_seeding_of_what_is_not_there_is_not_checked(press, failed):
    said = press("approver", upload_url("seeding", failed))

    assert said == ["Only an upload that succeeded can be seeding."]


@pytest.mark.parametrize(
    ("typed", "sentence", "priority"),
    [
        ("20", "The priority is set.", 20),
        ("101", "A priority lies between -100 and 100.", 0),
        ("soon", "A priority is a whole number between -100 and 100.", 0),
        ("", "A priority is a whole number between -100 and 100.", 0),
    ],
)
def test_priority_is_a_number_in_bounds(press, failed, typed, sentence, priority):
    assert press("approver", upload_url("prioritise", failed), priority=typed) == [
        sentence
    ]

    failed.refresh_from_db()
    assert failed.priority == priority


@pytest.mark.parametrize(
    "name", ["retry", "cancel", "there", "seeding", "prioritise", "again"]
)
def test_driving_needs_the_role_a_post_and_a_token(press, people, failed, name):
    said = press("preparer", upload_url(name, failed), url="x", priority="1")
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(people["admin"])

    assert said[0].startswith("Your role does not allow you to")
    if name != "again":  # that one shows first what would be sent
        assert guarded.get(upload_url(name, failed)).status_code == 405
    assert guarded.post(upload_url(name, failed)).status_code == 403
    failed.refresh_from_db()
    assert failed.status == UploadStatus.FAILED
