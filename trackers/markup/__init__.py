"""BBCode as the gazelle sites read it, rendered to safe HTML for previews."""

from trackers.markup.dialects import DIALECTS, Dialect
from trackers.markup.html import MAX_CHARACTERS, render_bbcode

__all__ = ["DIALECTS", "MAX_CHARACTERS", "Dialect", "render_bbcode"]
