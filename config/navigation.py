"""The admin's side bar: the order of the work, and only what a role may open."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

# Title, icon, URL name, and the permission that shows it ("" shows it to everybody).
# Titles are looked up when a page is made.
Entry = tuple[Any, str, str, str]
WORK: tuple[Entry, ...] = (
    (_("Dashboard"), "dashboard", "admin:index", ""),
    (
        _("Releases"),
        "library_music",
        "admin:releases_release_changelist",
        "releases.view_release",
    ),
    (_("Queue"), "list_alt", "admin:queue", "uploads.view_upload"),
    (_("Uploads"), "upload", "admin:uploads_upload_changelist", "uploads.view_upload"),
    (_("Analytics"), "bar_chart", "admin:analytics", "uploads.view_upload"),
)
SITES: tuple[Entry, ...] = (
    (
        _("Trackers"),
        "hub",
        "admin:trackers_tracker_changelist",
        "trackers.view_tracker",
    ),
    (
        _("Credentials"),
        "key",
        "admin:trackers_credential_changelist",
        "trackers.view_credential",
    ),
    (
        _("Templates"),
        "article",
        "admin:trackers_template_changelist",
        "trackers.view_template",
    ),
)
PLACES: tuple[Entry, ...] = (
    (
        _("Approval rules"),
        "rule",
        "admin:uploads_approvalrule_changelist",
        "uploads.view_approvalrule",
    ),
    (
        _("Libraries"),
        "folder_open",
        "admin:releases_library_changelist",
        "releases.view_library",
    ),
    (
        _("Watch folders"),
        "folder_eye",
        "admin:releases_watchfolder_changelist",
        "releases.view_watchfolder",
    ),
    (
        _("Candidates"),
        "preview",
        "admin:releases_candidate_changelist",
        "releases.view_candidate",
    ),
    (
        _("Torrent clients"),
        "cloud_sync",
        "admin:releases_torrentclient_changelist",
        "releases.view_torrentclient",
    ),
    (
        _("Webhooks"),
        "webhook",
        "admin:uploads_webhook_changelist",
        "uploads.view_webhook",
    ),
)
PEOPLE: tuple[Entry, ...] = (
    (_("My account"), "account_circle", "admin:account", ""),
    (
        _("My notifications"),
        "notifications",
        "admin:uploads_notificationtarget_changelist",
        "uploads.view_upload",
    ),
    (_("Users"), "person", "admin:auth_user_changelist", "auth.view_user"),
    (_("Groups"), "group", "admin:auth_group_changelist", "auth.view_group"),
    (
        _("API tokens"),
        "vpn_key",
        "admin:knox_authtoken_changelist",
        "knox.view_authtoken",
    ),
    (
        _("Locked logins"),
        "lock_clock",
        "admin:axes_accessattempt_changelist",
        "axes.view_accessattempt",
    ),
)
SYSTEM: tuple[Entry, ...] = (
    (
        _("Troubles"),
        "warning",
        "admin:uploads_trouble_changelist",
        "uploads.view_trouble",
    ),
    (
        _("Attempts"),
        "history",
        "admin:uploads_uploadattempt_changelist",
        "uploads.view_uploadattempt",
    ),
    (
        _("Deliveries"),
        "outgoing_mail",
        "admin:uploads_delivery_changelist",
        "uploads.view_delivery",
    ),
    (
        _("Approvals"),
        "fact_check",
        "admin:uploads_approval_changelist",
        "uploads.view_approval",
    ),
    (
        _("Metadata answers"),
        "dataset",
        "admin:releases_metadatarecord_changelist",
        "releases.view_metadatarecord",
    ),
    (_("Nudges"), "list_alt", "admin:django_q_ormq_changelist", "django_q.view_ormq"),
    (
        _("Schedules"),
        "schedule",
        "admin:django_q_schedule_changelist",
        "django_q.view_schedule",
    ),
    (
        _("Failed tasks"),
        "error",
        "admin:django_q_failure_changelist",
        "django_q.view_failure",
    ),
    (_("API documentation"), "api", "api:docs", ""),
)
GROUPS: tuple[tuple[Any, tuple[Entry, ...], bool], ...] = (
    ("", WORK, False),
    (_("Sites"), SITES, False),
    (_("Places"), PLACES, False),
    (_("People"), PEOPLE, True),
    (_("System"), SYSTEM, True),
)


@cache
def _address(url: str, prefix: str) -> str:
    """Every page has all of them, and each is looked at several times."""
    return reverse(url)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups that this person sees; a group without entries is left out."""
    groups, prefix = [], get_script_prefix()
    for title, entries, collapsible in GROUPS:
        items = [
            {"title": name, "icon": icon, "link": _address(url, prefix)}
            for name, icon, url, permission in entries
            if not permission or request.user.has_perm(permission)
        ]
        if items:
            groups.append({"title": title, "collapsible": collapsible, "items": items})
    return groups
