"""Database models of the app."""

from config.people.models.event import PersonEvent
from config.people.models.preferences import Preferences
from config.people.models.second_factor import BackupCode, SecondFactor
from config.people.models.session import Session

__all__ = ["BackupCode", "PersonEvent", "Preferences", "SecondFactor", "Session"]
