"""The queue's page: every state in its part, at a constant price, and its buttons."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.many import pending
from uploads.models import Upload, UploadAttempt, UploadEvent

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def approver(client, people):
    client.force_login(people["approver"])
    return client


@pytest.fixture
def red():
    return factories.TrackerFactory(name="Redsite")


def one(tracker, status="pending", **values):
    values.setdefault("approved_at", timezone.now())
    return factories.UploadFactory(tracker=tracker, status=status, **values)


def failed(tracker, code="rejected", **values):
    reason = {"code": code, "message": f"Said {code}.", "remedy": "Mend it."}
    return one(
        tracker, "failed", reason=reason, digest="d", approved_digest="d", **values
    )


def look(client, **query):
    return client.get(reverse("admin:queue"), query, headers=HTMX)


def act(client, **values):
    return client.post(reverse("admin:queue_act"), values, headers=HTMX)


def titles(part):
    return [line.upload.release.title for line in part.lines]


def later(minutes=10):
    return timezone.now() + timedelta(minutes=minutes)


@pytest.fixture
def busy(red):
    account = factories.CredentialFactory(tracker=red, label="mine")
    sending = one(
        red,
        "uploading",
        release__title="Sending",
        credential=account,
        claimed_at=timezone.now() - timedelta(seconds=7),
    )
    UploadAttempt.objects.create(
        upload=sending, number=1, phase="sending", started_at=timezone.now()
    )
    one(red, release__title="Due", tries=2)
    one(
        red,
        release__title="Waiting",
        not_before=later(),
        reason={"code": "budget", "message": "The budget is used up."},
    )
    one(red, "unknown", release__title="Looked for", not_before=later(), looks=3)
    failed(red, "outcome_unsettled", release__title="Asked")
    failed(red, release__title="Refused")
    failed(red, release__title="Refused too")
    failed(red, "auth", release__title="Locked out")
    one(red, "success", release__title="Done")


def test_each_upload_is_in_its_part(approver, busy):
    answer = look(approver)
    queue = answer.context["queue"]
    assert titles(queue.sending) == ["Sending"]
    assert titles(queue.due) == ["Due"]
    assert titles(queue.waiting) == ["Waiting"]
    assert titles(queue.unknown) == ["Looked for"]
    assert titles(queue.questions) == ["Asked"]
    causes = [(cause.code, len(cause.ids)) for cause in queue.causes]
    assert causes == [("rejected", 2), ("auth", 1)]
    text = answer.content.decode()
    for words in (
        *("Sending, no answer yet", "7 s", "by mine", "The budget is used up."),
        *("2 failed tries", "Said rejected.", "Mend it.", "Retry all 2", "Retry it"),
        *("it was asked 3 times", "Answer"),
    ):
        assert words in text, words
    assert "<html" not in text
    assert "Done" not in text


def test_a_question_is_not_counted_as_failed_as_well(approver, busy):
    queue = look(approver).context["queue"]
    assert (queue.questions.count, queue.failed_all) == (1, 3)


def test_a_cause_is_named_in_words(approver, busy, red):
    assert ">account refused<" in look(approver).content.decode()
    failed(red, "too_new_to_have_words")
    assert ">too_new_to_have_words<" in look(approver).content.decode()


def test_one_look_is_told_as_one(approver, red):
    one(red, "unknown", not_before=later(), looks=1)
    assert "it was asked 1 time." in look(approver).content.decode()


def test_the_whole_page_comes_without_htmx(approver, busy):
    text = approver.get(reverse("admin:queue")).content.decode()
    assert "<html" in text
    assert "Redsite" in text


def test_every_link_of_the_page_opens(approver, busy):
    import re

    text = look(approver).content.decode()
    for url in set(re.findall(r'href="(/[^"#]*)', text)):
        assert approver.get(url.replace("&amp;", "&")).status_code == 200, url


def test_see_them_lists_just_the_cause(approver, busy, red):
    url = reverse("admin:uploads_upload_changelist")
    query = {"status__exact": "failed", "cause": "auth", "tracker__id__exact": red.pk}
    shown = approver.get(url, query).context["cl"].result_list
    assert [upload.release.title for upload in shown] == ["Locked out"]


def test_an_empty_queue_looks_no_more_and_says_what_fills_it(approver):
    text = look(approver).content.decode()
    assert "hx-trigger" not in text.split("queue-said")[0]
    assert "Nothing moves." in text
    assert "What somebody approves appears here." in text


def test_it_looks_again_as_often_as_things_move(approver, red):
    def seconds():
        return look(approver).context["queue"].poll_seconds

    failed(red)
    assert seconds() == 0
    waiting = one(red, not_before=later())
    assert seconds() == 10
    Upload.objects.filter(pk=waiting.pk).update(
        not_before=timezone.now() + timedelta(seconds=5)
    )
    assert seconds() == 2


def test_a_long_queue_is_paged_and_costs_as_much_as_a_short_one(approver, red, busy):
    def queries(**query):
        with CaptureQueriesContext(connection) as seen:
            answer = look(approver, **query)
        return len(seen), answer

    look(approver)
    few, _ = queries()
    pending(120, tracker=red)
    # As those have that were tried before.
    Upload.objects.filter(status="pending").update(
        credential=factories.CredentialFactory(tracker=red)
    )
    many, answer = queries()
    assert many == few
    assert few <= 16 + (connection.vendor == "postgresql") * 3
    due = answer.context["queue"].due
    assert (len(due.lines), due.count, due.pages) == (50, 121, 3)
    assert due.lines[0].previous == 0
    last = look(approver, due="3").context["queue"].due
    assert (last.first, last.last) == (101, 121)
    second = look(approver, due="2").context["queue"].due
    assert second.lines[-1].next == last.lines[0].upload.pk
    assert second.lines[0].previous == due.lines[-1].upload.pk
    assert last.lines[-1].next == 0
    for odd in ("x", "", "99999", "-1"):
        assert look(approver, due=odd).status_code == 200


def test_who_may_only_look_has_no_buttons_and_is_refused(client, people, busy):
    client.force_login(people["viewer"])
    text = look(client).content.decode()
    for words in ("<form", "hq-handle", "checkbox"):
        assert words not in text
    waiting = Upload.objects.get(release__title="Waiting")
    answer = act(client, send=waiting.pk)
    assert "Your role does not allow you" in answer.content.decode()
    waiting.refresh_from_db()
    assert waiting.not_before is not None


def test_strangers_are_kept_out(client, people):
    client.force_login(factories.UserFactory())
    assert look(client).status_code == 403
    assert act(client).status_code == 403


# --- Buttons -----------------------------------------------------------------------------
def test_send_now_ends_the_waiting_and_goes_first(approver, people, red):
    one(red, priority=40)
    waiting = one(red, not_before=later(), reason={"code": "x", "message": "Wait."})
    answer = act(approver, send=waiting.pk)
    assert "1 to be sent now." in answer.content.decode()
    waiting.refresh_from_db()
    assert (waiting.not_before, waiting.reason, waiting.priority) == (None, {}, 41)
    event = UploadEvent.objects.get(upload=waiting)
    assert event.actor == people["approver"]
    gone = one(red, "success")
    text = act(approver, send=gone.pk).content.decode()
    assert "Only an upload that waits can be sent now" in text


def test_a_number_sets_the_priority_and_a_wrong_one_is_told(approver, red):
    upload = one(red)
    act(approver, prioritise=upload.pk, priority="7")
    upload.refresh_from_db()
    assert upload.priority == 7
    assert UploadEvent.objects.get(upload=upload).reason == "Priority 0 → 7."
    text = act(approver, prioritise=upload.pk, priority="many").content.decode()
    assert "A priority is a whole number" in text


def test_a_row_can_be_put_before_or_behind_another(approver, red):
    first, second = one(red), one(red)
    act(approver, place=second.pk, before=first.pk)
    due = look(approver).context["queue"].due
    assert [line.upload.pk for line in due.lines] == [second.pk, first.pk]
    act(approver, place=second.pk, after=first.pk)
    due = look(approver).context["queue"].due
    assert [line.upload.pk for line in due.lines] == [first.pk, second.pk]
    assert "not due any more" in act(approver, place=second.pk).content.decode()


def test_the_ticked_ones_are_done_at_once(approver, red):
    uploads = [one(red) for _ in range(3)]
    ids = [upload.pk for upload in uploads[:2]]
    text = act(approver, bulk="cancel", upload=ids).content.decode()
    assert "2 cancelled." in text
    assert Upload.objects.filter(status="cancelled").count() == 2
    assert "Tick some rows first" in act(approver, bulk="cancel").content.decode()
    act(approver, bulk="nonsense", upload=ids)
    assert Upload.objects.filter(status="pending").count() == 1


def test_all_of_one_cause_are_retried_and_no_other(approver, red, monkeypatch):
    from uploads.admin.queue import views

    other = factories.TrackerFactory()
    same = [failed(red).pk for _ in range(3)]
    left = [failed(red, "auth").pk, failed(other).pk]
    monkeypatch.setattr(views, "MOST_AT_ONCE", 2)
    text = act(approver, cause="rejected", tracker=red.pk).content.decode()
    assert "2 queued again." in text
    assert "1 more are left" in text
    act(approver, cause="rejected", tracker=red.pk)
    assert Upload.objects.filter(pk__in=same, status="pending").count() == 3
    assert Upload.objects.filter(pk__in=left, status="failed").count() == 2
    act(approver, cause="rejected", tracker="x")
    assert Upload.objects.filter(status="failed").count() == 2


def test_without_htmx_a_button_leads_back_to_the_queue(approver, red):
    upload = one(red)
    answer = approver.post(reverse("admin:queue_act"), {"cancel": upload.pk})
    assert answer.headers["Location"] == reverse("admin:queue")
    upload.refresh_from_db()
    assert upload.status == "cancelled"


def test_a_failed_one_without_a_reason_has_words_too(approver, red):
    one(red, "failed", reason={})
    assert "No reason was written down." in look(approver).content.decode()
