"""What a template makes of a release, seen before anything is drafted or saved."""

import pytest
from django.urls import reverse

from tests import factories
from trackers.models import Template, TemplateChoice
from trackers.services.seeds import trackers_seed
from trackers.services.templates import template_save

pytestmark = pytest.mark.django_db


def url(template):
    return reverse("admin:trackers_template_preview", args=[template.pk])


@pytest.fixture
def template():
    row = Template.objects.create(
        slug="t", name="T", kind="audiobook", family="gazelle"
    )
    template_save(
        row,
        fields={
            "title": "{{ title }} on {{ tracker.name }}",
            "description": "[b]{{ title | bbcode_escape }}[/b] {{ publisher }}",
        },
    )
    return row


@pytest.fixture
def tracker():
    return factories.TrackerFactory(name="Rehearsal")


@pytest.fixture
def release():
    entry = {"value": "A <b>Book</b>", "source": "person", "alternatives": []}
    return factories.ReleaseFactory(title="A Book", metadata={"title": entry})


@pytest.mark.parametrize("role", ["viewer", "preparer", "approver", "admin"])
def test_every_role_sees_fields_rendered_for_a_release(
    client, people, template, tracker, release, role
):
    client.force_login(people[role])
    page = client.get(url(template)).content.decode()
    assert "A &lt;b&gt;Book&lt;/b&gt; on Rehearsal" in page
    assert "<b>A &lt;b&gt;Book&lt;/b&gt;</b>" in page
    assert "A <b>Book</b>" not in page


def test_names_without_a_value_are_told_at_their_field(
    client, people, template, tracker, release
):
    client.force_login(people["viewer"])
    page = client.get(url(template)).content.decode()
    assert "there is no value for it: <code>publisher</code>" in page


def test_a_sample_stands_in_where_there_is_no_release(
    client, people, template, tracker
):
    client.force_login(people["viewer"])
    assert b"The Hill Road on Rehearsal" in client.get(url(template)).content


def test_the_sample_can_be_chosen_and_another_tracker(
    client, people, template, tracker, release
):
    other = factories.TrackerFactory(name="Elsewhere")
    client.force_login(people["viewer"])
    given = {"release": "sample", "tracker": other.slug}
    page = client.get(url(template), given)
    assert b"The Hill Road on Elsewhere" in page.content


def test_the_trackers_that_use_it_come_first(client, people, template, tracker):
    factories.TrackerFactory(name="A Site before")
    TemplateChoice.objects.create(tracker=tracker, kind="audiobook", template=template)
    client.force_login(people["viewer"])
    assert client.get(url(template)).context["preview"].tracker_slug == tracker.slug


def test_an_older_version_is_rendered_when_asked_for(client, people, template, tracker):
    template_save(template, fields={"title": "second"})
    client.force_login(people["viewer"])
    assert b">second<" in client.get(url(template)).content
    page = client.get(url(template), {"version": "1"}).content.decode()
    assert "The Hill Road on Rehearsal" in page
    assert 'name="version" value="1"' in page
    assert client.get(url(template), {"version": "x"}).status_code == 404
    assert client.get(url(template), {"version": "9"}).status_code == 404


def test_what_stands_in_the_editor_is_rendered_and_not_saved(
    client, people, template, tracker
):
    client.force_login(people["admin"])
    given = {"field-title": "Unsaved {{ title }}", "drop-description": "on"}
    page = client.post(url(template), given).content.decode()
    assert "Unsaved The Hill Road" in page
    assert "Unsaved {{ title }}" in page, "the text is carried to the next rendering"
    assert template.versions.count() == 1


def test_only_who_may_edit_renders_what_is_not_saved(client, people, template, tracker):
    client.force_login(people["approver"])
    given = {"field-title": "x", "field-description": "y"}
    assert client.post(url(template), given).status_code == 403


def test_errors_of_rendering_are_told_with_their_line(
    client, people, template, tracker
):
    client.force_login(people["admin"])
    given = {"field-title": "{% if %}", "field-description": "fine"}
    page = client.post(url(template), given).content.decode()
    assert "title, line 1" in page


def test_a_context_of_hostile_metadata_is_never_markup(
    client, people, template, tracker
):
    bad = "<script>alert(1)</script>[url=javascript:alert(2)]x[/url]"
    entry = {"value": bad, "source": "tags", "alternatives": []}
    factories.ReleaseFactory(title="x", metadata={"title": entry, "publisher": entry})
    client.force_login(people["viewer"])
    page = client.get(url(template)).content.decode()
    assert "<script>alert(1)" not in page
    assert 'href="javascript' not in page


def test_no_tracker_and_no_text_are_said(client, people, template):
    client.force_login(people["viewer"])
    assert b"There is no tracker of family gazelle" in client.get(url(template)).content
    factories.TrackerFactory()
    empty = Template.objects.create(slug="e", name="E", family="gazelle")
    assert b"has no text yet" in client.get(url(empty)).content


def test_a_tracker_without_a_known_dialect_shows_the_problem(client, people, template):
    factories.TrackerFactory(options={"dialect": "unheard of"})
    client.force_login(people["viewer"])
    preview = client.get(url(template)).context["preview"]
    assert preview.problems or all(one.html is None for one in preview.rendered)


def test_the_shipped_templates_make_something_of_the_sample(client, people):
    trackers_seed()
    client.force_login(people["viewer"])
    for row in Template.objects.exclude(layout=None):
        preview = client.get(url(row)).context["preview"]
        assert preview.problems == []
        texts = {one.name: one.text for one in preview.rendered}
        assert "The Hill Road" in texts["title"]
        assert "Ivo Example" in texts["description"]
        assert texts["tags"]
