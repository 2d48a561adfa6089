"""Who did what: to one release, and by one person."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from releases.models import ReleaseAct, ReleaseEvent
from releases.services.prepare import prepare_request
from releases.services.remerge import release_override
from uploads.history import PAGE, person_history, release_history
from uploads.models import UploadEvent
from uploads.services.approval import approvals_void, release_approve
from uploads.services.queueing import (
    upload_cancel,
    upload_prioritise,
    upload_retry,
)

pytestmark = pytest.mark.django_db


def release_page(book):
    return reverse("admin:releases_release_history", args=[book.pk])


def person_page(person):
    return reverse("admin:auth_user_history", args=[person.pk])


@pytest.fixture
def story(book, drafts, people):
    """A book whose history has something of everything."""
    preparer, approver = people["preparer"].pk, people["approver"].pk
    release_approve(release_id=book.pk, actor_id=approver, note="Looks fine.")
    upload_prioritise(upload_id=drafts[0].pk, priority=7, actor_id=approver)
    upload_cancel(upload_id=drafts[1].pk, actor_id=approver)
    release_override(
        release_id=book.pk, changes={"title": "Another Book"}, actor_id=preparer
    )
    return book


def test_a_release_tells_all_that_happened_the_newest_first(story, drafts, people):
    entries = release_history(story).entries
    assert [one.at for one in entries] == sorted(
        (one.at for one in entries), reverse=True
    )
    told = {(one.what, one.actor) for one in entries}
    approver, preparer = people["approver"], people["preparer"]
    assert {
        ("ready → approved", approver),
        ("Approved", approver),
        ("draft → pending", approver),
        ("pending → cancelled", approver),
        ("Edited the metadata", preparer),
        ("approved → ready", preparer),
    } <= told
    assert "Priority 0 → 7." in {one.text for one in entries}


def test_an_edit_is_told_field_by_field(look, story):
    (edit,) = ReleaseAct.objects.all()
    assert edit.changes == [{"field": "title", "old": "A Book", "new": "Another Book"}]
    text = look("viewer", release_page(story))
    assert "<del>A Book</del> → <ins>Another Book</ins>" in text


def test_an_approval_is_told_with_its_digests_and_its_end(look, story, drafts):
    approvals_void(story.pk, "The files changed.")
    text = look("viewer", release_page(story))
    drafts[1].refresh_from_db()
    assert drafts[1].digest in text
    assert "Ended since: " in text


def test_a_person_has_all_that_they_did_and_nothing_else(story, people):
    told = {one.what for one in person_history(people["preparer"]).entries}
    assert told == {"Edited the metadata", "approved → ready"}
    assert person_history(people["viewer"]).entries == ()


def test_a_persons_history_by_kind_and_period(story, people):
    person = people["approver"]
    decisions = person_history(person, kind="decision").entries
    assert [one.what for one in decisions] == ["Approved"]
    now = timezone.now()
    assert person_history(person, since=now).entries == ()
    assert person_history(person, until=now - timedelta(hours=1)).entries == ()
    everything = person_history(person, since=now - timedelta(hours=1), until=now)
    assert len(everything.entries) == len(person_history(person).entries)


def test_the_page_of_a_person_filters_and_pages(client, people, story):
    client.force_login(people["admin"])
    person = people["approver"]
    text = client.get(person_page(person)).content.decode()
    assert "Looks fine." in text
    only = client.get(person_page(person), {"kind": "upload"}).content.decode()
    assert "Looks fine." not in only
    assert "Priority 0 → 7." in only
    past = client.get(person_page(person), {"until": "2001-01-01"}).content.decode()
    assert "Nothing happened yet." in past
    far = {"since": "0001-01-01", "until": "9999-12-30", "kind": "none", "page": "x"}
    assert client.get(person_page(person), far).status_code == 200


def test_what_was_done_in_forms_and_templates_is_there(client, people):
    client.force_login(people["admin"])
    add = reverse("admin:auth_user_add")
    given = {
        "username": "newcomer",
        "usable_password": "true",
        "password1": "long enough 77",
        "password2": "long enough 77",
    }
    client.post(add, given)
    text = client.get(person_page(people["admin"])).content.decode()
    assert "newcomer" in text
    assert "Added" in text


@pytest.mark.parametrize("role", ["viewer", "preparer", "approver"])
def test_the_history_of_a_person_is_for_admins(client, people, role):
    client.force_login(people[role])
    assert client.get(person_page(people[role])).status_code == 403


def test_odd_ids_are_refused(client, people):
    client.force_login(people["root"])
    for name in ("releases_release_history", "auth_user_history"):
        assert client.get(reverse(f"admin:{name}", args=["x"])).status_code == 403
        assert client.get(reverse(f"admin:{name}", args=["99"])).status_code == 404


def test_a_long_history_comes_in_pages_at_the_same_cost(client, people, book, drafts):
    client.force_login(people["admin"])

    def cost(url, **query):
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(url, query)
        assert answer.status_code == 200
        return len(seen)

    def more(count):
        for number in range(count):
            ReleaseEvent.objects.create(
                release=book, old="", new="ready", reason=f"r{number}",
                actor=people["approver"],
            )  # fmt: skip
            UploadEvent.objects.create(
                upload=drafts[0], new="draft", reason=f"u{number}",
                actor=people["approver"],
            )  # fmt: skip

    urls = (release_page(book), person_page(people["approver"]))
    more(3)
    few = [cost(url) for url in urls]
    more(60)
    assert [cost(url) for url in urls] == few
    assert [cost(url, page="2") for url in urls] == few
    first, second = (release_history(book, number) for number in (1, 2))
    assert len(first.entries) == PAGE
    assert first.more
    assert not set(first.entries) & set(second.entries)
    text = client.get(urls[0], {"page": "2"}).content.decode()
    assert "?page=1" in text
    assert "?page=3" in text


def test_who_retries_cancels_and_prepares_is_remembered(book, failed, people):
    person = people["approver"]
    upload_retry(upload_id=failed.pk, actor_id=person.pk)
    prepare_request(book.pk, actor_id=person.pk)
    told = [one.what for one in person_history(person).entries]
    assert told == ["Asked for a preparation", "failed → pending"]
