"""The editor of templates: it loses nothing and says what is wrong where."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages

from tests.unit.trackers.admin.templates import form, make, url
from trackers.services.templates import template_save, version_fields

pytestmark = pytest.mark.django_db


def said(answer):
    return " ".join(map(str, get_messages(answer.wsgi_request)))


def test_saving_makes_a_version_with_author_note_and_new_field(
    client, people, template
):
    client.force_login(people["admin"])
    given = form(
        **{"field-title": "Book: {{ title }}\r\nline two"},
        new_name="tags",
        new_source="{{ tags | tagify }}",
    )
    answer = client.post(url("edit", template.pk), given)
    assert answer.url == url("change", template.pk)
    version = template.current
    assert (version.number, version.note, version.author) == (2, "why", people["admin"])
    assert version.fields["title"] == "Book: {{ title }}\nline two"
    assert version.fields["tags"] == "{{ tags | tagify }}"
    assert LogEntry.objects.get().get_change_message() == "Saved version 2."


def test_what_is_shown_saves_as_it_was(client, people):
    fields = {"title": "\n\n{{ title }}  \n", "description": "a\n\n b"}
    row = make(fields=fields)
    client.force_login(people["admin"])
    shown = client.get(url("edit", row.pk)).context["form"]
    given = {f"field-{name}": shown[f"field-{name}"].value() for name in fields}
    answer = client.post(url("edit", row.pk), {**given, "note": ""})
    assert "Nothing changed" in said(answer)
    assert row.versions.count() == 1


def test_a_first_line_break_survives_the_browser(client, people):
    row = make(fields={"title": "\n{{ title }}"})
    client.force_login(people["admin"])
    page = client.get(url("edit", row.pk)).content.decode()
    # A browser drops the first line break after the tag, and Django writes one.
    assert ">\n\n{{ title }}</textarea>" in page


def test_an_error_of_syntax_stands_at_its_field_with_its_line(client, people, template):
    client.force_login(people["admin"])
    given = form(**{"field-description": "fine\n{{ title | no_such }}"}, note="keep me")
    page = client.post(url("edit", template.pk), given)
    shown = page.context["form"]
    assert list(shown.errors) == ["field-description"]
    assert shown.errors["field-description"][0].startswith("Line 2: ")
    text = page.content.decode()
    assert "{{ title | no_such }}" in text
    assert "keep me" in text
    assert template.versions.count() == 1


def test_an_error_in_the_new_field_stands_there(client, people, template):
    client.force_login(people["admin"])
    given = form(new_name="tags", new_source="{{ tags | no_such_filter }}")
    shown = client.post(url("edit", template.pk), given).context["form"]
    assert "no_such_filter" in shown.errors["new_source"][0]


def test_a_template_that_is_too_long_is_refused_with_the_sentence(
    client, people, template
):
    client.force_login(people["admin"])
    given = form(**{"field-title": "x" * 200_001})
    shown = client.post(url("edit", template.pk), given).context["form"]
    assert "bytes long" in shown.non_field_errors()[0]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"new_name": "Bad Name"}, "new_name", "small letters"),
        ({"new_name": "title"}, "new_name", "field of this name already"),
        ({"new_source": "text"}, "new_name", "Give the new field a name"),
        (
            {"drop-title": "on", "drop-description": "on"},
            "__all__",
            "at least one field",
        ),
    ],
)
def test_what_the_editor_refuses(client, people, template, changes, field, sentence):
    client.force_login(people["admin"])
    shown = client.post(url("edit", template.pk), form(**changes)).context["form"]
    assert sentence in shown.errors[field][0]
    assert template.versions.count() == 1


def test_a_field_is_removed(client, people, template):
    client.force_login(people["admin"])
    client.post(url("edit", template.pk), form(**{"drop-description": "on"}))
    assert dict(template.current.fields) == {"title": "{{ title }}"}


def test_a_field_of_the_layout_stays_there_until_its_tick_is_taken_away(
    client, people, child
):
    client.force_login(people["admin"])
    given = form(**{"drop-title": "on", "field-description": "Other words"})
    client.post(url("edit", child.pk), given)
    assert dict(child.current.fields) == {"description": "Other words"}
    given = form(**{"field-title": "", "drop-description": "on"})
    client.post(url("edit", child.pk), given)
    assert dict(child.current.fields) == {"title": ""}
    assert version_fields(child.current) == {
        "title": "",
        "description": "By {{ authors }}",
    }


def test_a_changed_text_is_not_dropped_for_a_tick(client, people, child):
    client.force_login(people["admin"])
    given = form(**{"drop-title": "on", "field-title": "My {{ title }}"})
    page = client.post(url("edit", child.pk), given).content.decode()
    assert "“From the layout” is ticked. Take the tick away" in page
    assert "My {{ title }}" in page
    assert child.versions.count() == 1


def test_an_old_version_is_brought_back_by_editing_from_it(client, people, template):
    template_save(template, fields={"title": "second"})
    client.force_login(people["admin"])
    page = client.get(url("edit", template.pk), {"from": "1"})
    assert page.context["form"].own == {
        "title": "{{ title }}",
        "description": "By {{ authors }}",
    }
    client.post(url("edit", template.pk) + "?from=1", form())
    assert (template.current.number, template.current.checksum) == (
        3,
        template.versions.get(number=1).checksum,
    )
