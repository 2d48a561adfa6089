"""What the scanner says to what cannot be a release."""

import pytest

from common.errors import AppError
from releases.ingest.scanner import scan


def refusal(path, root):
    with pytest.raises(AppError) as caught:
        scan(path, root)
    return caught.value.code, caught.value.message
