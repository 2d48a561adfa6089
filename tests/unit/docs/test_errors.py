"""docs/errors.md names every code there is, once, and no other."""

from rest_framework import exceptions

from tests.unit.docs.codes import check_ids, codes
from tests.unit.docs.reading import document, first_cells
from uploads.states import Outcome

# Raised by the framework, answered by config.api.
FRAMEWORK = (
    exceptions.AuthenticationFailed,
    exceptions.MethodNotAllowed,
    exceptions.NotAcceptable,
    exceptions.NotAuthenticated,
    exceptions.NotFound,
    exceptions.ParseError,
    exceptions.PermissionDenied,
    exceptions.Throttled,
    exceptions.UnsupportedMediaType,
)


def documented():
    return first_cells(document("docs/errors.md"))


def known():
    return {
        **{str(outcome): "uploads/states.py" for outcome in Outcome},
        **{str(kind.default_code): "rest_framework" for kind in FRAMEWORK},
        **check_ids(),
        **codes(),
    }


def test_every_code_is_documented():
    there = set(documented())
    assert {code: place for code, place in known().items() if code not in there} == {}


def test_every_documented_code_exists():
    assert set(documented()) - set(known()) == set()


def test_no_code_is_documented_twice():
    rows = documented()
    assert sorted(code for code in set(rows) if rows.count(code) > 1) == []


def test_codes_are_found_wherever_they_are_written():
    """One of each way of writing a code, so that the search itself can fail."""
    assert {
        "tracker_auth",  # a class's own
        "path_outside",  # a keyword
        "worker_died",  # a keyword of another name
        "chapters_negative",  # handed to a function that takes a code
        "mixed_codecs",  # a column of a table that is looped over
        "torrent_unfit",  # a dictionary
        "bad_<name>",  # made from a field's name
        "internal",  # a default
    } <= set(codes())
