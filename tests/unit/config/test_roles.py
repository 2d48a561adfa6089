"""Who may do what: the four groups, written out."""

from itertools import pairwise

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from config.roles import RECORDS, ROLES, write_roles
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

# Permission → the roles that have it.
MATRIX = {
    "releases.view_release": "viewer preparer approver admin",
    "releases.add_release": "preparer approver admin",
    "releases.change_release": "preparer approver admin",
    "releases.prepare_release": "preparer approver admin",
    "releases.delete_release": "admin",
    "releases.change_library": "admin",
    "releases.change_torrentclient": "admin",
    "trackers.view_tracker": "viewer preparer approver admin",
    "trackers.change_tracker": "admin",
    "trackers.view_credential": "viewer preparer approver admin",
    "trackers.add_credential": "admin",
    "trackers.change_credential": "admin",
    "trackers.own_credential": "preparer approver admin",
    "people.view_personevent": "admin",
    "axes.delete_accessattempt": "admin",
    "trackers.change_template": "admin",
    "uploads.view_upload": "viewer preparer approver admin",
    "uploads.approve_upload": "approver admin",
    "uploads.drive_upload": "approver admin",
    "uploads.view_uploadattempt": "viewer preparer approver admin",
    "uploads.change_uploadattempt": "",
    "uploads.delete_uploadattempt": "",
    "uploads.delete_approval": "",
    "uploads.add_uploadevent": "",
    "releases.change_metadatarecord": "",
    "auth.change_user": "admin",
    "knox.delete_authtoken": "admin",
    "django_q.delete_ormq": "",
    "uploads.view_webhook": "admin",
    "uploads.change_webhook": "admin",
    "uploads.view_delivery": "admin",
    "uploads.delete_delivery": "",
}


@pytest.mark.parametrize("role", ROLES)
def test_the_matrix(role):
    person = UserFactory(role=role)
    for permission, roles in MATRIX.items():
        assert person.has_perm(permission) == (role in roles.split()), permission


def test_whoever_has_no_role_may_do_nothing():
    person = UserFactory()
    assert not any(person.has_perm(permission) for permission in MATRIX)


def test_every_role_may_do_what_the_one_before_may():
    allowed = [
        set(Group.objects.get(name=name).permissions.values_list("pk", flat=True))
        for name in ("viewer", "preparer", "approver", "admin")
    ]
    for less, more in pairwise(allowed):
        assert less < more


def test_records_are_changed_by_nobody():
    changing = Permission.objects.filter(content_type__model__in=RECORDS).exclude(
        codename__startswith="view_"
    )
    assert changing.count() == 3 * len(RECORDS)
    assert not changing.filter(group__isnull=False).exists()


def test_writing_the_roles_again_keeps_members_and_takes_back_what_was_added():
    person = UserFactory(role="viewer")
    group = Group.objects.get(name="viewer")
    group.permissions.add(Permission.objects.get(codename="approve_upload"))
    write_roles()
    assert person.groups.get() == group
    assert not group.permissions.filter(codename="approve_upload").exists()


def test_a_migration_writes_the_roles():
    Group.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)
