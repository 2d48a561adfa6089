"""The buttons and ticks of the release page: by role, and by state."""

import pytest
from django.urls import reverse

from releases.states import ReleaseState
from tests.release_pages import url_of
from tests.unit.uploads.admin.conftest import make_draft


@pytest.mark.parametrize(
    ("who", "buttons", "missing"),
    [
        ("viewer", (), ("Prepare again", "data-approve", "Reject</button>", ">Edit<")),
        ("preparer", ("Prepare again", ">Edit<"), ("data-approve", "Reject</button>")),
        (
            "approver",
            ("Prepare again", ">Edit<", "data-approve", "Reject</button>"),
            (),
        ),
        ("admin", ("Prepare again", ">Edit<", "data-approve", "Reject</button>"), ()),
    ],
)
def test_each_role_sees_its_own_buttons(look, book, drafts, who, buttons, missing):
    text = look(who, url_of(book))

    for button in buttons:
        assert button in text
    for button in missing:
        assert button not in text


def test_a_viewer_is_told_what_is_waited_for(look, book, drafts):
    assert "Waits for somebody who may approve." in look("viewer", url_of(book))


@pytest.mark.parametrize(
    ("state", "buttons", "missing"),
    [
        (ReleaseState.NEW, (), ("Prepare again", "data-approve", "Reopen")),
        (ReleaseState.PREPARING, ("Cancel preparation",), ("Prepare again", ">Edit<")),
        (ReleaseState.FAILED, ("Prepare again",), ("data-approve", "Reopen")),
        (ReleaseState.REJECTED, ("Prepare again", "Reopen"), ("data-approve",)),
        (ReleaseState.APPROVED, ("Reopen",), ("Prepare again", "Reject</button>")),
        (ReleaseState.PUBLISHED, ("Reopen",), ("Prepare again", "Reject</button>")),
    ],
)
def test_each_state_has_its_own_buttons(look, book, drafts, state, buttons, missing):
    book.state = state
    book.save()

    text = look("approver", url_of(book))

    for button in buttons:
        assert button in text
    for button in missing:
        assert button not in text


def test_a_draft_with_errors_cannot_be_ticked(look, book, trackers):
    make_draft(book, trackers[0], problems=[("error", "No year.")])
    good = make_draft(book, trackers[1])

    text = look("approver", url_of(book))

    assert text.count('name="upload"') == 1
    assert f'name="upload" value="{good.pk}"' in text
    assert f'name="digest-{good.pk}" value="{good.digest}"' in text


def test_a_draft_of_an_earlier_revision_cannot_be_ticked(look, book, drafts):
    book.revision += 1
    book.save()

    text = look("approver", url_of(book))

    assert 'name="upload"' not in text
    assert "rendering again" in text
    assert "every 2s" in text


@pytest.mark.parametrize(
    ("who", "state", "there"),
    [
        ("admin", ReleaseState.FAILED, True),
        ("approver", ReleaseState.FAILED, False),
        ("admin", ReleaseState.READY, False),
    ],
)
def test_a_failed_release_is_deleted_from_its_page(look, book, who, state, there):
    book.state = state
    book.save()
    address = reverse("admin:releases_release_delete", args=[book.pk])

    assert (f'href="{address}"' in look(who, url_of(book))) is there
    if there:
        assert "Are you sure" in look(who, address)
