"""Marks that whole files of tests bear, kept in one place.

`anywhere`: what such tests look at is the same on every database, so one is enough.
Services, models, claims, migrations, lists, filters and counts of queries never are.
`unmeasured`: ways through code that quicker tests measure line by line. Coverage
nearly doubles what a test costs.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ANYWHERE = (
    # Who may do what, and how an answer is put into words.
    "unit/api/test_errors.py",
    "unit/api/test_permissions.py",
    "unit/api/test_schema.py",
    "unit/api/test_schemathesis.py",
    "unit/config/people/test_addresses.py",
    "unit/config/people/test_second_factor.py",
    "unit/config/test_account.py",
    "unit/config/test_admin_look.py",
    "unit/config/test_bare_texts.py",
    "unit/config/test_languages.py",
    # Pages about one row, behind which are the services.
    "unit/releases/admin/test_client_and_library_admin.py",
    "unit/releases/admin/test_field_text.py",
    "unit/releases/admin/test_release_adding.py",
    "unit/releases/admin/test_release_correcting.py",
    "unit/releases/admin/test_release_cover.py",
    "unit/releases/admin/test_release_editing.py",
    "unit/releases/admin/test_release_preparing.py",
    "unit/trackers/admin/test_credential_admin.py",
    "unit/trackers/admin/test_credential_secrets.py",
    "unit/trackers/admin/test_own_accounts.py",
    "unit/trackers/admin/test_template_editor.py",
    "unit/trackers/admin/test_tracker_addresses.py",
    "unit/uploads/admin/test_health.py",
    "unit/uploads/admin/test_notification_admin.py",
    "unit/uploads/admin/test_release_deciding.py",
    "unit/uploads/admin/test_rule_pages.py",
    "unit/uploads/admin/test_template_preview.py",
    "unit/uploads/admin/test_upload_driving.py",
    # Programs that speak to the API and hold no rows.
    "real/test_publish_example.py",
    "real/test_run_on_completion.py",
    "unit/cli/test_remote.py",
    "unit/cli/test_remote_refused.py",
)
UNMEASURED = (
    "browser",
    "real/test_chaos.py",
    "real/test_faulted_batch.py",
    "real/test_publishing_flow.py",
    "real/test_two_hosts.py",
    "unit/api/test_hostile_input.py",
    "unit/api/test_permissions.py",
    "unit/api/test_schemathesis.py",
    "unit/config/test_migrations.py",
)


MARKS = {"anywhere": ANYWHERE, "unmeasured": UNMEASURED}


def mark(items: Iterable[pytest.Item]) -> None:
    """Give each test the marks of its file or folder."""
    for item in items:
        for name in _marks_of(item.path):
            item.add_marker(name)


@cache
def _marks_of(file: Path) -> list[str]:
    return [
        name
        for name, places in MARKS.items()
        if any(file.is_relative_to(HERE / place) for place in places)
    ]
