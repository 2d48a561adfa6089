"""Admin pages of what Django and its libraries bring along."""

from config.admin import people, sign_in, system

__all__ = ["people", "sign_in", "system"]
