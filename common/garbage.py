"""Looking for garbage after an answer has been sent, not in the middle of one.

Python looks through new objects whenever there are so many of them, which takes up to
30 ms. A web server has a better moment: when the visitor has all of the answer.
"""

import gc
from typing import Any

from django.core.signals import request_finished

NEW_OBJECTS = 20_000  # what a few pages leave behind
FULL_EVERY = 50  # looks at what is new, before one at everything
# Whoever never finishes an answer is not left without: Python's own number is 700.
NET = 500_000


class Tidier:
    """Counts the looks, and decides how far each one goes."""

    def __init__(self) -> None:
        self._looks = 0

    def tidy(self, **_: Any) -> None:
        """Look through what is new if there is much of it, and seldom through all."""
        if gc.get_count()[0] < NEW_OBJECTS:
            return
        self._looks += 1
        gc.collect(2 if self._looks % FULL_EVERY == 0 else 1)


def tidy_between_answers() -> None:
    """From now on, in this process. What is loaded already is never looked through."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NET)
    request_finished.connect(Tidier().tidy, weak=False, dispatch_uid="herald-garbage")
