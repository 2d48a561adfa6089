"""Database models of the app."""

from trackers.models.budget import RequestBudget
from trackers.models.credential import Credential
from trackers.models.template import Template, TemplateChoice, TemplateVersion
from trackers.models.tracker import Tracker

__all__ = [
    "Credential",
    "RequestBudget",
    "Template",
    "TemplateChoice",
    "TemplateVersion",
    "Tracker",
]
