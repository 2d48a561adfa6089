"""What a credential's values must be like."""

import pytest

from trackers.credential_rules import misfit_text
from trackers.types import CredentialField

FIELD = CredentialField(name="api_key", label="API key")


@pytest.mark.parametrize("value", ["", "abc-123", "~!/+="])
def test_what_can_be_a_key_is_let_through(value):
    assert misfit_text(FIELD, value) == ""


@pytest.mark.parametrize("value", ["a b", "line\nbreak", "clé", "z\u200bw"])
def test_what_cannot_is_told_by_the_fields_label_without_being_quoted(value):
    told = misfit_text(FIELD, value)
    assert told.startswith("API key has a space, a line break")
    assert value not in told
