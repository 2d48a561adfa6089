"""Keys of the list and of the review page; docs/review.md has the same tables."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class Key:
    """What to press, and what it does."""

    keys: tuple[str, ...]
    does: str | Promise


LEAVE = Key(keys=("Esc",), does=_("Leaves the field you type in"))
HELP = Key(keys=("?",), does=_("Shows this table; Esc closes it"))
INBOX: tuple[Key, ...] = (
    Key(keys=("j",), does=_("Next release")),
    Key(keys=("k",), does=_("Previous release")),
    Key(keys=("x",), does=_("Chooses the release, or no longer")),
    Key(keys=("X",), does=_("Chooses all on the page, or none")),
    Key(keys=("o", "Enter"), does=_("Opens the release")),
    Key(keys=("a",), does=_("Approves the chosen releases, or this one; asks first")),
    Key(keys=("r",), does=_("Rejects the chosen releases, or this one; asks first")),
    Key(keys=("/",), does=_("Goes to the search")),
    LEAVE,
    HELP,
)
REVIEW: tuple[Key, ...] = (
    Key(keys=("j",), does=_("Next release of the list")),
    Key(keys=("k",), does=_("Previous release of the list")),
    Key(keys=("u",), does=_("Back to the list")),
    Key(keys=("a",), does=_("Goes to the approve button")),
    Key(keys=("r",), does=_("Goes to the reject button")),
    Key(keys=("z",), does=_("Goes to the undo button")),
    Key(keys=("←", "→"), does=_("In a row of tabs: the tab before, the tab after")),
    LEAVE,
    HELP,
)
