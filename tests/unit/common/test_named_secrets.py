"""Names that tell of a secret, and how long it takes to look for them."""

import pytest

from common.redact import is_secret_name, redact


@pytest.mark.parametrize(
    "piece",
    [
        "token: ",
        "token:",
        "api_key = ",
        'name="api_key"\r\n',
        "name='token'",
        '"token": ["',
        '"token":["x",',
        "<input name=token ",
        "<input value='",
        "<token>",
        "<token ",
        "token='\\",
        "-token",
        "secret_",
    ],
)
def test_no_text_takes_redaction_long(piece):
    """Were a pattern not linear, these would run into the time limit of every test."""
    text = piece * (400_000 // len(piece))
    assert redact(text)


@pytest.mark.parametrize("name", ["api_key", "X-Api-Key", "passKey", "auth", "x-auth"])
def test_secret_names(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["author", "compass", "key", "tokens_used", "title"])
def test_plain_names(name):
    assert not is_secret_name(name)
