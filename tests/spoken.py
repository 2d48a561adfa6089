"""A German that has a word for everything, to see what goes through gettext."""

import pytest
from django.utils.translation import trans_real

from common.spoken import _spoken


@pytest.fixture
def any_german(monkeypatch):
    """Pages in German say «the English text» of whatever is looked up, and only of it."""
    _spoken.cache_clear()
    german = trans_real.translation("de")
    monkeypatch.setattr(german, "gettext", lambda text: f"«{text}»")
    monkeypatch.setattr(
        german, "ngettext", lambda one, many, n: f"«{one if n == 1 else many}»"
    )
    yield
    _spoken.cache_clear()
