"""Database models of the app."""

from uploads.models.approval import Approval
from uploads.models.attempt import UploadAttempt
from uploads.models.event import UploadEvent
from uploads.models.heartbeat import Heartbeat
from uploads.models.notification import (
    EventCursor,
    Notification,
    NotificationTarget,
)
from uploads.models.rule import ApprovalRule, RuleCheck, RuleEvent
from uploads.models.trouble import Trouble
from uploads.models.upload import Upload

__all__ = [
    "Approval",
    "ApprovalRule",
    "EventCursor",
    "Heartbeat",
    "Notification",
    "NotificationTarget",
    "RuleCheck",
    "RuleEvent",
    "Trouble",
    "Upload",
    "UploadAttempt",
    "UploadEvent",
]
