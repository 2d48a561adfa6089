"""Templates in the admin: versions, differences, and an editor that loses nothing."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.people.models import Preferences
from tests import factories
from tests.unit.trackers.admin.templates import form, make, url
from trackers.models import Template, TemplateChoice, TemplateVersion
from trackers.services.templates import template_save

pytestmark = pytest.mark.django_db


# --- who ---------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["viewer", "preparer", "approver"])
def test_who_may_only_look_reads_and_does_not_write(client, people, template, role):
    client.force_login(people[role])
    page = client.get(url("change", template.pk)).content.decode()
    assert "By {{ authors }}" in page
    assert url("edit", template.pk) not in page
    assert client.get(url("edit", template.pk)).status_code == 403
    assert client.post(url("edit", template.pk), form()).status_code == 403
    assert client.get(url("add")).status_code == 403
    assert template.versions.count() == 1


def test_nobody_deletes_a_template(client, people, template):
    client.force_login(people["root"])
    assert client.post(url("delete", template.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", ["add", "change", "delete"])
def test_nobody_adds_changes_or_deletes_a_version(client, people, template, name):
    version = template.current
    args = [] if name == "add" else [version.pk]
    client.force_login(people["root"])
    answer = client.post(
        reverse(f"admin:trackers_templateversion_{name}", args=args), {"post": "yes"}
    )
    assert answer.status_code in (302, 403)
    kept = TemplateVersion.objects.get()
    assert (kept.pk, dict(kept.fields)) == (version.pk, dict(version.fields))


# --- pages -------------------------------------------------------------------------
def test_the_list_dates_versions_in_the_persons_zone(client, people, template):
    at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    TemplateVersion.objects.update(created_at=at)
    Preferences.objects.create(user=people["viewer"], time_zone="Asia/Tokyo")
    client.force_login(people["viewer"])
    assert b"v1, 2 Mar 2026" in client.get(url("changelist")).content


def test_a_link_to_a_version_leads_to_its_templates_page(client, people, template):
    client.force_login(people["viewer"])
    name = "admin:trackers_templateversion_change"
    answer = client.get(reverse(name, args=[template.current.pk]))
    assert answer.url == url("version", template.pk, 1)
    page = client.get(answer.url).content.decode()
    assert template.current.checksum in page
    assert "first" in page


def test_the_page_says_who_uses_it_and_what_the_layout_supplies(
    client, people, template, child
):
    tracker = factories.TrackerFactory()
    TemplateChoice.objects.create(tracker=tracker, kind="audiobook", template=child)
    client.force_login(people["viewer"])
    page = client.get(url("change", child.pk)).content.decode()
    assert tracker.name in page
    assert "from the layout" in page
    assert "Own words" in page
    assert child.name in client.get(url("change", template.pk)).content.decode()


def test_the_page_says_that_the_layout_has_changed_since(
    client, people, template, child
):
    client.force_login(people["admin"])
    assert b"layout has changed" not in client.get(url("change", child.pk)).content
    template_save(template, fields={"title": "New {{ title }}"})
    assert b"layout has changed" in client.get(url("change", child.pk)).content


def test_a_template_without_text_says_so(client, people):
    row = make(fields={})
    client.force_login(people["admin"])
    assert b"has no text yet" in client.get(url("change", row.pk)).content
    assert b"No text yet" in client.get(url("changelist")).content


def test_the_difference_of_two_versions_is_shown_line_by_line(client, people, template):
    template_save(template, fields={"title": "{{ title }}!", "tags": "x"})
    client.force_login(people["viewer"])
    page = client.get(url("diff", template.pk), {"before": 1, "after": 2})
    text = page.content.decode()
    assert '<span class="ht-del">-{{ title }}</span>' in text
    assert '<span class="ht-add">+{{ title }}!</span>' in text
    same = client.get(url("diff", template.pk), {"before": 1, "after": 1})
    assert b"say the same" in same.content
    assert client.get(url("diff", template.pk)).status_code == 404
    gone = client.get(url("diff", template.pk), {"before": 1, "after": 9})
    assert gone.status_code == 404


def test_what_a_template_says_is_never_markup_of_the_page(client, people):
    row = make(fields={"title": "<script>alert(1)</script>"})
    template_save(row, fields={"title": "<img src=x onerror=alert(1)>"})
    client.force_login(people["admin"])
    pages = (
        url("change", row.pk),
        url("edit", row.pk),
        url("version", row.pk, 1),
        url("diff", row.pk) + "?before=1&after=2",
    )
    for page in pages:
        text = client.get(page).content.decode()
        assert "<script>alert(1)" not in text
        assert "<img src=x" not in text


# --- name, kind and layout -----------------------------------------------------------
def test_a_new_template_leads_to_its_editor(client, people, template):
    client.force_login(people["admin"])
    given = {
        "name": "Mine",
        "slug": "mine",
        "kind": "audiobook",
        "family": "gazelle",
        "layout": str(template.pk),
    }
    answer = client.post(url("add"), given)
    made = Template.objects.get(slug="mine")
    assert answer.url == url("edit", made.pk)
    assert made.layout == template


def test_settings_are_saved_and_lead_back(client, people, template):
    client.force_login(people["admin"])
    given = {"name": "N", "slug": "n", "kind": "music", "family": "gazelle"}
    answer = client.post(url("settings", template.pk), {**given, "layout": ""})
    assert answer.url == url("change", template.pk)
    template.refresh_from_db()
    assert (template.name, template.kind) == ("N", "music")


def test_a_layout_cannot_have_a_layout(client, people, template, child):
    other = make("other")
    client.force_login(people["admin"])
    given = {"name": "N", "slug": "n", "kind": "audiobook", "family": "gazelle"}
    page = client.post(url("settings", template.pk), {**given, "layout": str(other.pk)})
    assert b"take this one as their layout" in page.content


def test_a_layout_of_another_family_is_refused(client, people, template):
    Template.objects.filter(pk=template.pk).update(family="elsewhere")
    client.force_login(people["admin"])
    given = {"name": "N", "slug": "n", "kind": "audiobook", "family": "gazelle"}
    page = client.post(url("add"), {**given, "layout": str(template.pk)})
    assert b"is for elsewhere sites" in page.content


def test_a_builtin_template_keeps_its_slug(client, people, template):
    Template.objects.filter(pk=template.pk).update(is_builtin=True)
    client.force_login(people["admin"])
    given = {"name": "N", "slug": "n", "kind": "audiobook", "family": "gazelle"}
    client.post(url("settings", template.pk), {**given, "layout": ""})
    template.refresh_from_db()
    assert (template.name, template.slug) == ("N", "book")


def test_a_template_in_use_keeps_its_kind(client, people, template):
    template.choices.create(tracker=factories.TrackerFactory(), kind="audiobook")
    client.force_login(people["admin"])
    given = {"name": "N", "slug": "n", "kind": "music", "family": "gazelle"}
    page = client.post(url("settings", template.pk), {**given, "layout": ""})
    assert b"Trackers use it for this kind." in page.content
    template.refresh_from_db()
    assert (template.kind, template.name) == ("audiobook", "book")


def test_a_template_that_is_gone_leads_back_to_the_list(client, people):
    client.force_login(people["admin"])
    assert client.get(url("change", 4711)).url == url("changelist")
    assert client.get(url("edit", 4711)).status_code == 404


def test_the_list_asks_as_much_for_one_row_as_for_eight(client, people):
    client.force_login(people["admin"])
    client.get(url("changelist"))
    tracker = factories.TrackerFactory()

    def queries(names):
        for name in names:
            row = make(name)
            TemplateChoice.objects.create(tracker=tracker, kind=name, template=row)
        with CaptureQueriesContext(connection) as seen:
            client.get(url("changelist"))
        return len(seen)

    assert queries(["one"]) == queries([f"more{n}" for n in range(7)])
