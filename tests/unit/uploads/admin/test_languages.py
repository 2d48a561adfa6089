"""Pages in the person's language; files, messages and what is stored in English."""

import csv
import io
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from config.people.models import Preferences
from tests import factories
from tests.marking import OPEN
from tests.unit.uploads.admin.upload_pages import upload_url
from tests.unit.uploads.analytics.world import World
from uploads.admin import charts
from uploads.admin.analytics import cell_text
from uploads.admin.look import outcome_chip
from uploads.analytics.tables import Cell
from uploads.cli.views import UploadView
from uploads.models import Upload, UploadEvent
from uploads.notices import Notice, message
from uploads.states import SEEDING_WORDS

pytestmark = pytest.mark.django_db
NOBODY = "Nobody (a rule, or a person who is gone)"


@pytest.fixture
def german(client, people, marked_german):
    """Sign somebody in who reads the language in which looked up texts are marked."""

    def sign_in(role):
        Preferences.objects.create(user=people[role], language="de")
        client.force_login(people[role])
        return client

    return sign_in


def test_figures_are_german_on_the_page_and_english_in_files(german):
    World(11).fill(40)
    viewer, url, query = german("viewer"), reverse("admin:analytics"), {"period": "all"}

    page = viewer.get(url, query).content.decode()
    for text in (NOBODY, "Succeeded", "By tracker", "put off"):
        assert f"⟦{text}⟧" in page

    text = viewer.get(url, {**query, "format": "csv", "table": "people"})
    head, *rows = csv.reader(io.StringIO(text.content.decode()))
    assert head[:4] == ["person", "name", "attempts", "succeeded"]
    assert NOBODY in [row[1] for row in rows]
    for form in ("csv", "json"):
        whole = viewer.get(url, {**query, "format": form}).content.decode()
        assert NOBODY in whole
        assert OPEN not in whole


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["12,345", "12.5 %", "1,234.50 s", "—"]),
        ("de", ["12.345", "12,5 %", "1.234,50 s", "—"]),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(language, written):
    values = ((12_345, "count"), (0.125, "share"), (1234.5, "seconds"), (None, "count"))
    with override(language):
        shown = [cell_text(Cell(value=value), kind) for value, kind in values]
    assert shown == written


def test_failed_ones_are_told_by_cause_in_every_language(german):
    factories.UploadFactory(
        status="failed", tracker__name="Redsite", reason={"code": "x", "message": "No."}
    )
    page = german("viewer").get(reverse("admin:index")).content.decode()
    assert "⟦Failed⟧" in page
    assert "1 × Redsite" in page
    assert "⟦Worker⟧:" in page  # it is silent
    assert ">⟦Worker⟧</span>" in page


@pytest.mark.parametrize(("errors", "words"), [(1, "%s error"), (2, "%s errors")])
def test_counts_have_their_own_plural(german, errors, words):
    error = {"severity": "error", "message": "Say when.", "field": "", "code": "x"}
    upload = factories.UploadFactory(problems=[error] * errors)
    page = german("viewer").get(upload_url("change", upload)).content.decode()
    assert f"⟦Draft, {words % errors}⟧" in page


def test_what_people_do_is_kept_in_english(german, book, drafts):
    approver = german("approver")
    one = reverse("admin:releases_release_reject_one", args=[book.pk, drafts[0].pk])
    shown = {f"digest-{drafts[1].pk}": drafts[1].digest, "upload": drafts[1].pk}
    approver.post(one, {"note": "Too long."})
    approver.post(reverse("admin:releases_release_approve", args=[book.pk]), shown)
    for name in ("prioritise", "cancel"):
        approver.post(upload_url(name, drafts[1]), {"priority": "3"})
    told = [
        str(one) for one in approver.get(reverse("admin:queue")).context["messages"]
    ]
    assert len(told) == 4
    assert all(OPEN in sentence for sentence in told)

    rows = [
        str(row)
        for model in apps.get_app_config("uploads").get_models()
        for row in model._default_manager.values()
    ]
    for reason in ("Rejected for this tracker. Too long.", "Approved.", "Cancelled"):
        assert reason in "\n".join(rows)
    assert not [row for row in rows if OPEN in row]


def test_moves_are_told_in_words(german):
    upload = factories.UploadFactory()
    first = UploadEvent.objects.create(upload=upload, new="draft", reason="Drafted.")
    UploadEvent.objects.create(upload=upload, old="draft", new="pending")
    viewer, list_url = german("viewer"), "/admin/uploads/uploadevent/"
    listed = viewer.get(list_url).content.decode()
    assert "⟦pending⟧" in listed
    assert re.search(r">\s*-\s*</td>", listed)  # the first one had no state before
    page = viewer.get(f"{list_url}{first.pk}/change/").content.decode()
    assert " → ⟦draft⟧" in page


def test_messages_to_phones_and_the_command_line_are_english(marked_german):
    with override("de"):
        title, _body = message(
            "upload_failed", [Notice(event="x", subject="A")], base=""
        )
        line = UploadView(
            id=1,
            release=1,
            release_title="A",
            tracker="red",
            status="success",
            seeding="confirmed",
            seeding_message="",
            url="",
            reason={},
        )
        label = Upload(seeding="confirmed").get_seeding_display()
    assert title == "An upload failed: A"
    assert (line.seeding_words, label) == ("Confirmed", "⟦Confirmed⟧")


def test_the_command_line_and_pages_say_the_same_of_seeding():
    assert {state.value: words for state, words in SEEDING_WORDS.items()} == dict(
        Upload.SeedingState.choices
    )


def test_words_of_states_need_no_settings():
    code = "import uploads.cli.views, uploads.cli.remote"
    without = {**os.environ, "DJANGO_SETTINGS_MODULE": ""}
    subprocess.run([sys.executable, "-c", code], env=without, check=True)


def test_an_outcome_that_this_version_does_not_know_is_shown_as_it_is():
    assert ">rate limited<" in outcome_chip("rate_limited")
    assert ">strange<" in outcome_chip("strange")


def test_kept_charts_are_those_of_the_persons_own_days(client, people, monkeypatch):
    monkeypatch.setattr(charts, "MANY", 0)
    shown = {}
    for name, zone in (("viewer", "Pacific/Kiritimati"), ("admin", "Asia/Kolkata")):
        Preferences.objects.create(user=people[name], time_zone=zone)
        client.force_login(people[name])
        answer = client.get(reverse("admin:index"))
        shown[name] = answer.context["dashboard"].charts.weeks[0].query
    assert "%2B14%3A00" in shown["viewer"]
    assert "%2B05%3A30" in shown["admin"]


def test_times_of_lists_are_those_of_the_persons_zone(client, people):
    Preferences.objects.create(user=people["viewer"], time_zone="Asia/Kolkata")
    moment = timezone.now().replace(hour=12, minute=0, second=0) + timedelta(days=1)
    factories.UploadFactory(status="pending", not_before=moment)
    client.force_login(people["viewer"])
    page = client.get("/admin/uploads/upload/").content.decode()
    assert "17:30:00" in page
