"""Database models of the app."""

from people.models.event import PersonEvent
from people.models.preferences import Preferences
from people.models.second_factor import BackupCode, SecondFactor
from people.models.session import Session

__all__ = ["BackupCode", "PersonEvent", "Preferences", "SecondFactor", "Session"]
