"""What a person may do with several uploads of the list at once."""

import pytest

from tests.unit.uploads.admin.conftest import make_draft
from tests.unit.uploads.admin.upload_pages import LIST
from uploads.models import Upload
from uploads.states import UploadStatus


@pytest.fixture
def several(book, trackers, failed):
    """A failed one and one that succeeded."""
    done = make_draft(book, trackers[1], status=UploadStatus.SUCCESS)
    return [failed, done]


@pytest.mark.parametrize(
    ("action", "good", "refused"),
    [
        ("retry_chosen", "1 queued again.", "only a failed one can be retried"),
        ("cancel_chosen", "1 cancelled.", "cannot be cancelled any more"),
        (
            "check_seeding",
            "1 checked again within seconds.",
            "Only an upload that succeeded",
        ),
    ],
)
def test_bulk_actions_count_by_outcome(press, several, action, good, refused):
    said = press(
        "approver",
        LIST,
        action=action,
        _selected_action=[upload.pk for upload in several],
    )

    assert good in said
    assert any(one.startswith("1 left out:") and refused in one for one in said)


def test_bulk_priority_asks_first(client, press, people, several):
    client.force_login(people["approver"])
    chosen = [upload.pk for upload in several]
    asked = client.post(
        LIST, {"action": "prioritise_chosen", "_selected_action": chosen}
    ).content.decode()

    said = press(
        "approver",
        LIST,
        action="prioritise_chosen",
        confirmed="yes",
        priority="30",
        _selected_action=chosen,
    )
    wrong = press(
        "approver",
        LIST,
        action="prioritise_chosen",
        confirmed="yes",
        priority="x",
        _selected_action=chosen,
    )

    assert asked.count('name="_selected_action"') == 2
    assert said == ["2 now have priority 30."]
    assert wrong == ["A priority is a whole number between -100 and 100."]
    assert set(Upload.objects.values_list("priority", flat=True)) == {30}


def test_bulk_actions_are_not_offered_to_preparers(look, press, several):
    assert "retry_chosen" not in look("preparer", LIST)

    press("preparer", LIST, action="retry_chosen", _selected_action=[several[0].pk])

    several[0].refresh_from_db()
    assert several[0].status == UploadStatus.FAILED
