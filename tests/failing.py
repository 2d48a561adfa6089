"""A worker whose code raises an error with a given text at one named place, once.

The text may name what the function was called with, as `{name.attribute}`.

FAILING_TEXT=… python -m tests.failing EVENT MODULE.FUNCTION
"""

import os
import sys
import threading
from types import FrameType
from typing import Any

import django
from django.core.management import call_command


def watch(event: str, place: str, text: str) -> None:
    """Raise ValueError when `place` is called or returns, in any process."""
    module, _, function = place.rpartition(".")

    def look(frame: FrameType, what: str, argument: Any) -> None:
        if what != event or frame.f_code.co_name != function:
            return
        if frame.f_globals.get("__name__") == module:
            sys.setprofile(None)
            raise ValueError(text.format(**frame.f_locals))

    sys.setprofile(look)
    threading.setprofile(look)


def tell(*, credential_id: int) -> None:
    """A task that fails with a credential's secrets in its error."""
    from trackers.models import Credential

    raise ValueError(str(dict(Credential.objects.get(pk=credential_id).values)))


if __name__ == "__main__":
    django.setup()
    watch(sys.argv[1], sys.argv[2], os.environ["FAILING_TEXT"])
    call_command("worker")
