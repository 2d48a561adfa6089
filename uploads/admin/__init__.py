"""Admin pages of the app, and of releases, trackers and templates with their uploads."""

from uploads.admin import (
    approval,
    attempt,
    credential,
    notification,
    release,
    rule,
    template,
    tracker,
    trouble,
    upload,
    watch,
    webhook,
)

__all__ = [
    "approval",
    "attempt",
    "credential",
    "notification",
    "release",
    "rule",
    "template",
    "tracker",
    "trouble",
    "upload",
    "watch",
    "webhook",
]
