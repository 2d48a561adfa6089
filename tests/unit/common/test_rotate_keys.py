"""What `manage.py rotate_keys` tells, and when it fails."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.factories import TrackerFactory
from trackers.models import Credential


def run_command(**options):
    out, err = StringIO(), StringIO()
    try:
        call_command("rotate_keys", stdout=out, stderr=err, **options)
    except CommandError as exc:
        return out.getvalue(), err.getvalue(), str(exc)
    return out.getvalue(), err.getvalue(), ""


@pytest.fixture
def credential(db, keys):
    keys("old")
    made = Credential.objects.create(
        tracker=TrackerFactory(), label="me", values={"api_key": "planted-key"}
    )
    keys("new", "old")
    return made


def test_the_command_tells_counts_and_what_can_be_removed(credential):
    out, err, failed = run_command(dry_run=True)
    assert "1 secrets: 1 would be re-encrypted, 0 unreadable." in out
    assert "Key old: 1 secrets." in out
    assert "any more" not in out
    assert (err, failed) == ("", "")
    out, err, failed = run_command()
    assert "1 secrets: 1 re-encrypted, 0 unreadable." in out
    assert "Key new: 1 secrets." in out
    assert "No stored secret needs old any more." in out
    assert (err, failed) == ("", "")
    credential.refresh_from_db()
    assert credential.values == {"api_key": "planted-key"}


def test_the_command_fails_when_a_secret_stays_behind(credential, keys):
    keys("new")
    out, err, failed = run_command()
    assert "0 re-encrypted, 1 unreadable." in out
    assert f"trackers.Credential {credential.pk}, values: " in err
    assert "with key old, which is not in the key ring" in err
    assert "1 secrets are not under key new" in failed
    assert "planted" not in out + err + failed


def test_the_command_fails_without_keys(db, settings):
    settings.HERALD_KEYS = {}
    assert "manage.py generate_key" in run_command()[2]
