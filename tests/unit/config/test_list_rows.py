"""The rows of the admin's lists are unfold's, made with less."""

import re

import pytest
from django.contrib import admin
from django.test import RequestFactory
from unfold.templatetags.unfold_list import result_list

from config.templatetags.herald_rows import rows_context
from releases.models import Release
from tests.admin_pages import rows_of_everything
from uploads.models import UploadAttempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(tmp_path, people):
    """A list by its model, as somebody sees it who may do everything."""
    rows_of_everything(tmp_path, people["root"])

    def see(model, query=""):
        request = RequestFactory().get(f"/?{query}")
        request.user = people["root"]
        found = admin.site._registry[model].get_changelist_instance(request)
        found.formset = None  # as the page sets it
        return request, found

    return see


def lines(context):
    return [[str(cell) for cell in row] for row in context["results"]]


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda m: m._meta.label)
def test_the_rows_are_those_of_unfold(seen, model):
    request, found = seen(model)
    ours = rows_context({"request": request}, found)
    theirs = result_list({"request": request}, found)
    assert lines(ours) == lines(theirs)
    for name in ("num_sorted_fields", "result_hidden_fields", "has_add_permission"):
        assert ours[name] == theirs[name], name


def test_links_of_a_row_keep_the_filters(seen):
    request, found = seen(UploadAttempt, "tracker__id__exact=1&o=1")
    ours = rows_context({"request": request}, found)
    assert lines(ours) == lines(result_list({"request": request}, found))


def test_a_pop_up_is_unfolds(seen):
    request, found = seen(Release, "_popup=1")
    assert lines(rows_context({"request": request}, found)) == lines(
        result_list({"request": request}, found)
    )


def test_a_list_shows_its_rows_once(client, people, seen):
    client.force_login(people["root"])
    text = client.get("/admin/trackers/tracker/").content.decode()
    assert text.count('id="result_list"') == 1
    assert len(re.findall(r'<tr class="data-row', text)) >= 1
