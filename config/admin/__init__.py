"""Admin pages of what Django and its libraries bring along."""

from config.admin import people, system

__all__ = ["people", "system"]
