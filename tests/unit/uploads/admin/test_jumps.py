"""A problem leads to where it is mended."""

import re

import pytest

from tests.release_pages import page
from tests.unit.uploads.admin.conftest import make_draft
from uploads.admin.jumps import jump


@pytest.mark.parametrize(
    ("field", "anchor"),
    [
        ("year", "field-year"),
        ("image", "field-cover_url"),
        ("torrent", "files"),
        ("dryrun", ""),
        ("", ""),
    ],
)
def test_a_problem_leads_to_where_it_is_mended(field, anchor):
    assert jump(field) == anchor


def test_the_jump_is_a_link_to_a_field_that_is_there(look, book, trackers):
    make_draft(book, trackers[0], problems=[("error", "No year.")])
    text = page(look, book)
    assert 'href="#field-year"' in text
    assert len(re.findall(r'id="field-year"', text)) == 1
    assert len(re.findall(r'id="field-chapters"', text)) == 1


def test_a_template_that_fails_leads_to_the_template(look, book, trackers):
    upload = make_draft(book, trackers[0], problems=[("error", "No filter.")])
    upload.problems[0] |= {"code": "template_failed", "field": "odd"}
    upload.save()
    assert "Open the template" not in page(look, book)
