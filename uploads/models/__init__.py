"""Database models of the app."""

from uploads.models.approval import Approval
from uploads.models.attempt import UploadAttempt
from uploads.models.duplicate_search import DuplicateSearch
from uploads.models.event import UploadEvent
from uploads.models.heartbeat import Heartbeat
from uploads.models.notification import (
    EventCursor,
    Notification,
    NotificationTarget,
)
from uploads.models.rule import ApprovalRule, RuleCheck, RuleEvent
from uploads.models.tally import ErrorTally, Tally
from uploads.models.trouble import Trouble
from uploads.models.upload import Upload
from uploads.models.webhook import Delivery, Webhook

__all__ = [
    "Approval",
    "ApprovalRule",
    "Delivery",
    "DuplicateSearch",
    "ErrorTally",
    "EventCursor",
    "Heartbeat",
    "Notification",
    "NotificationTarget",
    "RuleCheck",
    "RuleEvent",
    "Tally",
    "Trouble",
    "Upload",
    "UploadAttempt",
    "UploadEvent",
    "Webhook",
]
