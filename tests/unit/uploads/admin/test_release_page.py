"""The release page: what it shows, to whom, and that hostile text stays text."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from releases.models import MetadataRecord, ReleaseEvent
from releases.states import ReleaseState
from tests import factories
from tests.release_pages import url_of
from tests.unit.uploads.admin.conftest import make_draft
from uploads.models import Approval

EVIL = "<script>alert('x')</script>"


def test_the_page_shows_the_release_and_each_trackers_draft(look, book, drafts):
    text = look("viewer", url_of(book))

    for part in (
        "A Book",
        "Ann Author",
        "2 chapters",
        "Bluebird",
        "Wren",
        "<b>Bold words</b>",  # the preview, rendered
        "line one\nline two",  # the form, exact
        "ab" * 20,
    ):
        assert part in text


def test_other_sources_values_and_badges_are_shown(look, book, drafts):
    text = look("viewer", url_of(book))

    assert "A. Author" in text
    assert ">Audnexus</span>" in text
    assert "1 other value" in text


def test_problems_name_field_rule_and_remedy(look, book, trackers):
    make_draft(
        book, trackers[0], problems=[("warning", "Odd year."), ("error", "No year.")]
    )

    text = look("viewer", url_of(book))

    assert text.index("No year.") < text.index("Odd year.")
    assert "Say when." in text
    assert "<code>year</code>" in text


def test_duplicates_are_named(look, book, trackers):
    make_draft(
        book,
        trackers[0],
        duplicates=[{"title": "x", "url": "", "message": "It was sent before."}],
    )

    assert "It was sent before." in look("viewer", url_of(book))


def test_metadata_is_escaped_everywhere(look, book, trackers):
    book.title = EVIL
    book.notices = [{"code": "x", "message": EVIL, "path": EVIL}]
    book.metadata = {
        "title": {
            "value": EVIL,
            "source": EVIL,
            "alternatives": [{"source": EVIL, "value": EVIL}],
        },
        "description_html": {
            "value": f"<p onclick='x()'>Fine</p>{EVIL}",
            "source": "tags",
            "alternatives": [],
        },
        "cover_url": {
            "value": "javascript:alert(1)",
            "source": "tags",
            "alternatives": [],
        },
        "chapters": {
            "value": [{"title": EVIL, "start_ms": 0, "end_ms": 5}],
            "source": "tags",
            "alternatives": [],
        },
    }
    book.save()
    book.files.update(path=EVIL, note=EVIL)
    MetadataRecord.objects.create(
        release=book, source="tags", fields={EVIL: 1}, error={"message": EVIL}
    )
    ReleaseEvent.objects.create(release=book, old="new", new="ready", reason=EVIL)
    upload = make_draft(
        book,
        trackers[0],
        title=EVIL,
        problems=[("error", EVIL)],
        duplicates=[{"message": EVIL}],
        status="failed",
        reason={"message": EVIL, "remedy": EVIL, "warnings": [EVIL]},
        remote_url="javascript:alert(2)",
        seeding_message=EVIL,
    )
    upload.payload["description"] = f"[url=javascript:alert(3)]x[/url]{EVIL}"
    upload.save()

    pages = [
        look("admin", url)
        for url in (
            url_of(book),
            reverse("admin:uploads_upload_change", args=[upload.pk]),
            "/admin/releases/release/",
            "/admin/uploads/upload/",
        )
    ]

    for text in pages:
        assert "<script>alert" not in text
        assert 'href="javascript' not in text
        assert "onclick='x" not in text


def test_the_error_of_a_failed_release_is_a_sentence(look, book):
    book.state = ReleaseState.FAILED
    book.error = {"code": "hash_failed", "message": "The disk cannot be read."}
    book.save()

    text = look("viewer", url_of(book))

    assert "Preparation failed." in text
    assert "The disk cannot be read." in text


def test_a_release_without_anything_says_so(look, db):
    bare = factories.ReleaseFactory(state=ReleaseState.NEW, title="")

    text = look("viewer", url_of(bare))

    for sentence in (
        "Nothing is known yet.",
        "No chapters are known",
        "There is no picture",
        "The folder was not looked at yet.",
        "No source was asked yet.",
        "Nothing was hashed yet.",
        "What each tracker gets is rendered once",
    ):
        assert sentence in text


def test_a_ready_release_without_drafts_says_what_to_do(look, book):
    assert "set up a tracker, then prepare again" in look("viewer", url_of(book))


def test_a_failed_preparation_is_no_matter_of_trackers(look, book):
    book.state = ReleaseState.FAILED
    book.save()

    page = look("viewer", url_of(book))

    assert "since the preparation failed" in page
    assert "set up a tracker" not in page


def test_decisions_and_their_end_are_in_the_history(look, book, people, drafts):
    Approval.objects.create(
        release=book,
        actor=people["approver"],
        decision="approved",
        note="Good one",
        void_at=book.created_at,
        void_reason="A file was changed.",
    )

    text = look("viewer", url_of(book))

    assert "Good one" in text
    assert "A file was changed." in text


def test_quiet_workers_are_pointed_out_only_while_something_waits(
    look, book, trackers, awake
):
    make_draft(book, trackers[0], status="pending")
    busy = look("viewer", url_of(book))
    awake.delete()
    quiet = look("viewer", url_of(book))

    assert "manage.py worker" not in busy
    assert "manage.py worker" in quiet


def test_files_left_out_say_why(look, book):
    book.files.update(included=False, note="A hidden file.")

    text = look("viewer", url_of(book))

    assert "left out" in text
    assert "A hidden file." in text


def test_an_unknown_release_leads_to_the_list(client, people):
    client.force_login(people["viewer"])

    answer = client.get("/admin/releases/release/999/change/", follow=True)

    assert answer.redirect_chain[-1][0] == "/admin/releases/release/"
    assert "There is no release 999" in str(next(iter(answer.context["messages"])))


def test_the_page_takes_no_form(client, people, book):
    client.force_login(people["admin"])

    answer = client.post(url_of(book), {"title": "Changed"})

    assert answer.status_code == 405
    book.refresh_from_db()
    assert book.title == "A Book"


def test_somebody_without_any_role_sees_nothing(client, book):
    client.force_login(factories.UserFactory())

    assert client.get(url_of(book)).status_code == 403


def test_the_page_costs_the_same_however_many_trackers(client, people, book):
    client.force_login(people["admin"])

    def cost():
        with CaptureQueriesContext(connection) as seen:
            client.get(url_of(book))
        return len(seen)

    make_draft(book, factories.TrackerFactory())
    one = cost()
    for _ in range(5):
        make_draft(book, factories.TrackerFactory())

    assert cost() == one
    assert one <= 20


def test_a_site_whose_markup_is_unknown_shows_the_text_as_sent(look, book):
    make_draft(book, factories.TrackerFactory(options={}))

    text = look("viewer", url_of(book))

    assert "[b]Bold words[/b]" in text
    assert "<b>Bold words</b>" not in text
