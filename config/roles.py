"""The four groups and what each may do; written after every migration."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

APPS = ("releases", "trackers", "uploads")
# Where programs are told is an admin's business.
HOOKS = Q(content_type__app_label="uploads", codename="view_webhook") | Q(
    content_type__app_label="uploads", codename="view_delivery"
)
VIEWER = Q(codename__startswith="view_", content_type__app_label__in=APPS) & ~HOOKS
PREPARER = (
    VIEWER
    | Q(
        content_type__app_label="releases",
        codename__in=("add_release", "change_release", "prepare_release"),
    )
    | Q(content_type__app_label="trackers", codename="own_credential")
)
APPROVER = PREPARER | Q(
    content_type__app_label="uploads", codename__in=("approve_upload", "drive_upload")
)
# The queue's own tables are only ever looked at.
ADMIN = (
    Q(content_type__app_label__in=(*APPS, "auth", "knox"))
    | Q(content_type__app_label="django_q", codename__startswith="view_")
    | Q(codename__in=("view_accessattempt", "delete_accessattempt"))
    | Q(codename="view_personevent")
)
ROLES: dict[str, Q] = {
    "viewer": VIEWER,
    "preparer": PREPARER,
    "approver": APPROVER,
    "admin": ADMIN,
}
# Rows that only services write: nobody changes them by hand, whatever the role.
RECORDS = (
    *("uploadattempt", "uploadevent", "releaseevent", "metadatarecord", "approval"),
    *("trouble", "notification", "eventcursor", "delivery", "duplicatesearch"),
    *("tally", "errortally", "releaseact", "candidate"),
    *("ruleevent", "rulecheck"),
)


def write_roles(**kwargs: Any) -> None:
    """Give each group its permissions; members stay as they are."""
    for name, wanted in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        allowed = Permission.objects.filter(wanted).exclude(
            Q(content_type__model__in=RECORDS) & ~Q(codename__startswith="view_")
        )
        group.permissions.set(allowed)
