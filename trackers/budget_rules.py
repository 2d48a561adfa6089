"""Budgets of single actions, beside the one for all requests. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trackers.types import Action

MOST_REQUESTS: Final = 10_000
LONGEST_WINDOW: Final = 86_400
ACTIONS: Final = ", ".join(action.value for action in Action)
_LINE = re.compile(
    r"(?P<action>\w+)\s*:\s*(?P<requests>\d{1,9})\s+in\s+(?P<seconds>\d{1,9})"
)


class Window(NamedTuple):
    """At most so many requests in any so many seconds."""

    requests: int
    seconds: int

    @property
    def aside(self) -> "Window":
        """What of it work may use that is done aside: its last slots are for uploads.

        A quarter is kept free, and at least one, unless there is only one.
        """
        kept = min(max(self.requests // 4, 1), self.requests - 1)
        return self._replace(requests=self.requests - kept)


def check_action_budgets(value: Any) -> None:
    """Raise ValidationError unless it is {action: [requests, seconds]}."""
    if not isinstance(value, Mapping):
        raise ValidationError(_("Give each action its [requests, seconds]."))
    for action, window in value.items():
        if action not in list(Action):
            raise ValidationError(
                _("%(action)s is no action. There are: %(actions)s.")
                % {"action": action, "actions": ACTIONS}
            )
        numbers = isinstance(window, list | tuple) and len(window) == 2
        if not numbers or not all(type(one) is int for one in window):
            raise ValidationError(
                _("%(action)s: give [requests, seconds], two numbers.")
                % {"action": action}
            )
        if not (1 <= window[0] <= MOST_REQUESTS and 1 <= window[1] <= LONGEST_WINDOW):
            raise ValidationError(
                _(
                    "%(action)s: from 1 to %(requests)d requests in 1 to %(seconds)d "
                    "seconds."
                )
                % {
                    "action": action,
                    "requests": MOST_REQUESTS,
                    "seconds": LONGEST_WINDOW,
                }
            )


def budgets_text(value: Mapping[str, Any]) -> str:
    """The budgets as a person edits them, a line for each."""
    return "\n".join(
        f"{action}: {window[0]} in {window[1]}" for action, window in value.items()
    )


def read_budgets(text: str) -> dict[str, list[int]]:
    """What a person typed as {action: [requests, seconds]}.

    Raises ValidationError that names the line.
    """
    budgets: dict[str, list[int]] = {}
    for number, line in enumerate(text.strip().splitlines(), start=1):
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise ValidationError(
                _(
                    "Line %(line)d is not of the form “action: requests in seconds”, "
                    "such as “search: 5 in 10”."
                )
                % {"line": number}
            )
        if match["action"] in budgets:
            raise ValidationError(
                _("Line %(line)d: %(action)s is there twice.")
                % {"line": number, "action": match["action"]}
            )
        budgets[match["action"]] = [int(match["requests"]), int(match["seconds"])]
    check_action_budgets(budgets)
    return budgets
