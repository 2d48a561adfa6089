"""What people may be told of, and in which words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_noop

MOST_LINES = 8
LONGEST_LINE = 300
LONGEST_TITLE = 200

# The names are stored with each target and never change. Messages are English; the form
# translates what they are about.
EVENTS: dict[str, str] = {
    "release_ready": gettext_noop("A release waits for approval"),
    "rule_approved": gettext_noop("A rule approved a release"),
    "release_failed": gettext_noop("Preparing a release failed"),
    "upload_failed": gettext_noop("An upload failed"),
    "question": gettext_noop("Nobody knows whether an upload arrived"),
    "published": gettext_noop("A release is on every tracker"),
    "not_seeding": gettext_noop("An upload does not seed"),
    "trouble": gettext_noop("Something keeps Herald from working"),
    "trouble_over": gettext_noop("What kept Herald from working is over"),
}
_MANY: dict[str, str] = {
    "release_ready": "{} releases wait for approval",
    "rule_approved": "Rules approved {} releases",
    "release_failed": "Preparing {} releases failed",
    "upload_failed": "{} uploads failed",
    "question": "{} uploads nobody knows about",
    "published": "{} releases are on every tracker",
    "not_seeding": "{} uploads do not seed",
    "trouble": "{} things keep Herald from working",
    "trouble_over": "{} troubles are over",
}


# How services colour and sort a message; what is not here is information.
TYPES: dict[str, str] = {
    "trouble": "failure",
    "release_failed": "failure",
    "upload_failed": "failure",
    "question": "warning",
    "not_seeding": "warning",
    "published": "success",
    "trouble_over": "success",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that happened: to what, why, and where to look (a path, or "")."""

    event: str
    subject: str
    reason: str = ""
    path: str = ""


def message(event: str, notices: Sequence[Notice], *, base: str) -> tuple[str, str]:
    """Title and body of one message about one or many of a kind.

    The body of one does not say again what its title says. `base` is this Herald's
    address, "" when it has none: then there are no links.
    """
    first = notices[0]
    if len(notices) == 1:
        # What is over is quoted: it reads as if it were still so.
        about = f"“{first.subject}”" if event == "trouble_over" else first.subject
        title = f"{EVENTS[event]}: {about}"[:LONGEST_TITLE]
        rest = _line(replace(first, subject=""), base=base)
        return title, rest or first.subject[:LONGEST_LINE]
    title = _MANY[event].format(len(notices))
    lines = [_line(one, base=base) for one in notices[:MOST_LINES]]
    if len(notices) > MOST_LINES:
        lines.append(f"… and {len(notices) - MOST_LINES} more.")
    return title[:LONGEST_TITLE], "\n".join(lines)


def _line(notice: Notice, *, base: str) -> str:
    joint = " " if notice.subject.endswith((".", "!", "?")) else ": "
    text = joint.join(filter(None, (notice.subject, notice.reason)))
    link = f"{base.rstrip('/')}{notice.path}" if base and notice.path else ""
    return " ".join(filter(None, (text[:LONGEST_LINE], link)))
