"""Users, groups, tokens and the queue in the admin."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django_q.brokers.orm import ORM
from django_q.models import OrmQ
from django_q.tasks import async_task
from knox.models import AuthToken

from tests import factories

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def form(user, **changes):
    values = {
        "username": user.username,
        "first_name": "",
        "last_name": "",
        "email": "",
        "is_active": "on",
        "is_staff": "on",
    }
    return {**values, **changes}


def test_an_admin_gives_a_role(client, people):
    person, group = factories.UserFactory(), Group.objects.get(name="approver")
    client.force_login(people["admin"])
    change = url("auth_user_change", person.pk)
    assert client.post(change, form(person, groups=[group.pk])).status_code == 302
    assert person.has_perm("uploads.approve_upload")
    assert b"approver" in client.get(url("auth_user_changelist")).content


def test_an_admin_makes_nobody_a_superuser(client, people):
    person = factories.UserFactory()
    client.force_login(people["admin"])
    client.post(url("auth_user_change", person.pk), form(person, is_superuser="on"))
    person.refresh_from_db()
    assert not person.is_superuser


def test_a_superuser_makes_a_superuser(client, people):
    person = factories.UserFactory()
    client.force_login(people["root"])
    client.post(url("auth_user_change", person.pk), form(person, is_superuser="on"))
    person.refresh_from_db()
    assert person.is_superuser


@pytest.mark.parametrize("name", ["auth_user_change", "auth_user_delete"])
def test_an_admin_does_not_touch_a_superuser(client, people, name):
    root = people["root"]
    client.force_login(people["admin"])
    answer = client.post(url(name, root.pk), form(root, username="taken"))
    assert answer.status_code == 403
    root.refresh_from_db()
    assert root.username != "taken"
    assert client.get(url("auth_user_change", root.pk)).status_code == 200


def test_an_admin_does_not_set_a_superusers_password(client, people):
    client.force_login(people["admin"])
    answer = client.get(url("auth_user_password_change", people["root"].pk))
    assert answer.status_code == 403
    own = client.get(url("auth_user_password_change", people["viewer"].pk))
    assert own.status_code == 200


def test_a_new_person_is_added_and_has_no_role_yet(client, people):
    client.force_login(people["admin"])
    given = {
        "username": "newcomer",
        "usable_password": "true",
        "password1": "long enough 77",
        "password2": "long enough 77",
    }
    assert client.post(url("auth_user_add"), given).status_code == 302
    assert User.objects.get(username="newcomer").groups.count() == 0


def test_groups_say_how_many_they_are(client, people):
    client.force_login(people["admin"])
    rows = client.get(url("auth_group_changelist")).context["cl"].result_list
    assert {row.name: row.member_count for row in rows}["viewer"] == 1


def test_a_token_is_listed_without_anything_of_it_and_can_be_revoked(client, people):
    row, token = AuthToken.objects.create(people["viewer"])
    client.force_login(people["admin"])
    pages = [
        client.get(url("knox_authtoken_changelist")),
        client.get(url("knox_authtoken_change", row.pk)),
    ]
    for page in pages:
        assert people["viewer"].username in page.content.decode()
        assert token not in page.content.decode()
        assert row.token_key not in page.content.decode()
    assert client.get(url("knox_authtoken_add")).status_code == 403
    client.post(url("knox_authtoken_delete", row.pk), {"post": "yes"})
    assert not AuthToken.objects.exists()


def test_the_queue_is_only_looked_at(client, people):
    # By the database's own broker, whichever one this run sends its nudges by.
    async_task("uploads.tasks.heartbeat", broker=ORM("herald"))
    row = OrmQ.objects.get()
    for person in (people["admin"], people["root"]):
        client.force_login(person)
        page = client.get(url("django_q_ormq_changelist"))
        assert b"uploads.tasks.heartbeat" in page.content
        change = url("django_q_ormq_change", row.pk)
        assert client.get(change).status_code == 200
        assert client.post(change, {}).status_code == 403
        answer = client.post(url("django_q_ormq_delete", row.pk), {"post": "yes"})
        assert answer.status_code == 403


@pytest.mark.parametrize("role", ["viewer", "preparer", "approver"])
def test_the_queue_is_not_for_other_roles(client, people, role):
    client.force_login(people[role])
    assert client.get(url("django_q_ormq_changelist")).status_code == 403
