"""Admin pages of the app. Trackers and templates are registered by uploads/admin."""

from trackers.admin import budget, credential, version

__all__ = ["budget", "credential", "version"]
