"""Every page, button and action of the admin by every role, against one table."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client, RequestFactory

from tests import factories
from tests.admin_pages import address, routes, rows_of_everything

pytestmark = pytest.mark.django_db
RANKS = ("anonymous", "none", "viewer", "preparer", "approver", "admin", "nobody")


def look_only(model, seen="viewer"):
    """What services write: lists, pages and histories, and nothing to press."""
    return {
        f"{model}_changelist": (seen, seen),
        f"{model}_add": ("nobody", "nobody"),
        f"{model}_change": (seen, "nobody"),
        f"{model}_delete": ("nobody", "nobody"),
        f"{model}_history": (seen, seen),
    }


def edited(model, seen="viewer", by="admin"):
    """What people add, change and delete."""
    return {
        f"{model}_changelist": (seen, seen),
        f"{model}_add": (by, by),
        f"{model}_change": (seen, by),
        f"{model}_delete": (by, by),
        f"{model}_history": (seen, seen),
    }


def button(by):
    """What is pressed, and opened by nobody."""
    return ("nobody", by)


# URL name → the least role that may look (GET), and the least that may do (POST). The
# accounts, notification targets and sessions of others are for nobody: theirs are rows of
# somebody else.
TABLE = {
    "index": ("none", "none"),
    "login": ("anonymous", "anonymous"),
    "login_code": ("nobody", "nobody"),  # the first step comes before
    "logout": ("nobody", "none"),
    "search": ("none", "none"),
    "autocomplete": ("nobody", "nobody"),
    "jsi18n": ("none", "nobody"),
    "view_on_site": ("nobody", "nobody"),
    "app_list": ("viewer", "viewer"),
    "account": ("none", "nobody"),
    "account_password": button("none"),
    "account_preferences": button("none"),
    "account_sessions_end": button("none"),
    "account_tokens": ("none", "none"),
    "account_token_revoke": button("none"),
    "second_factor": ("none", "none"),
    "second_factor_off": ("none", "none"),
    "second_factor_codes": ("none", "none"),
    "password_change": ("none", "none"),
    "password_change_done": ("none", "none"),
    "analytics": ("viewer", "viewer"),
    "queue": ("viewer", "nobody"),
    "queue_act": button("viewer"),  # each deed asks for the role itself
    "first_steps": ("viewer", "nobody"),
    "first_steps_account": button("admin"),
    "first_steps_client": button("admin"),
    "first_steps_later": button("viewer"),
    "first_steps_library": button("admin"),
    "first_steps_look": ("admin", "nobody"),
    "first_steps_release": button("preparer"),
    "first_steps_sites": button("admin"),
    **look_only("releases_releaseevent"),
    **look_only("releases_releasefile"),
    **look_only("releases_metadatarecord"),
    "releases_metadatarecord_raw": ("viewer", "viewer"),
    **look_only("releases_provideranswer"),
    **look_only("releases_torrent"),
    **edited("releases_library"),
    **edited("releases_watchfolder"),
    **look_only("releases_candidate"),
    **edited("releases_torrentclient"),
    "releases_torrentclient_test": button("admin"),
    **edited("releases_release"),
    "releases_release_add": ("preparer", "preparer"),
    "releases_release_change": ("viewer", "nobody"),  # each field has its own button
    "releases_release_rows": ("viewer", "nobody"),
    "releases_release_uploads": ("viewer", "nobody"),
    "releases_release_progress": ("viewer", "nobody"),
    "releases_release_cover": ("nobody", "nobody"),  # there is none
    "releases_release_field": button("preparer"),
    "releases_release_correct": button("preparer"),
    "releases_release_prepare": button("preparer"),
    "releases_release_cancel": button("preparer"),
    "releases_release_approve": button("approver"),
    "releases_release_reject": button("approver"),
    "releases_release_reopen": button("approver"),
    "releases_release_add_many": ("preparer", "preparer"),
    "releases_release_approve_chosen": button("approver"),
    "releases_release_choose_cover": button("preparer"),
    "releases_release_fetched": ("viewer", "nobody"),
    "releases_release_picture": ("nobody", "nobody"),  # there is none
    "releases_release_refetch": button("preparer"),
    "releases_release_reject_one": button("approver"),
    "releases_release_undo": button("preparer"),
    "releases_release_view_delete": button("viewer"),
    "releases_release_view_rename": button("viewer"),
    "releases_release_view_save": button("viewer"),
    **edited("trackers_tracker"),
    "trackers_tracker_test": button("admin"),
    **edited("trackers_credential"),
    "trackers_credential_add": ("preparer", "preparer"),
    "trackers_credential_test": button("admin"),
    "trackers_credential_pause": button("admin"),
    "trackers_credential_resume": button("admin"),
    **look_only("trackers_requestbudget"),
    **look_only("trackers_templateversion"),
    "trackers_templateversion_change": ("viewer", "viewer"),  # leads to its template
    **edited("trackers_template"),
    "trackers_template_change": ("viewer", "viewer"),  # a page without a form
    "trackers_template_delete": ("nobody", "nobody"),  # its versions stay
    "trackers_template_preview": ("viewer", "admin"),
    "trackers_template_edit": ("admin", "admin"),
    "trackers_template_settings": ("admin", "admin"),
    "trackers_template_version": ("viewer", "viewer"),
    "trackers_template_diff": ("nobody", "nobody"),  # of no two versions
    **look_only("uploads_upload"),
    "uploads_upload_torrent": ("viewer", "nobody"),
    "uploads_upload_retry": button("approver"),
    "uploads_upload_cancel": button("approver"),
    "uploads_upload_there": button("approver"),
    "uploads_upload_again": ("approver", "approver"),
    "uploads_upload_seeding": button("approver"),
    "uploads_upload_prioritise": button("approver"),
    "uploads_upload_duplicates": ("viewer", "nobody"),
    "uploads_upload_request": ("viewer", "nobody"),
    **edited("uploads_approvalrule"),
    **edited("uploads_webhook", seen="admin"),
    "uploads_webhook_rotate": button("admin"),
    "uploads_webhook_test": button("admin"),
    **look_only("uploads_delivery", seen="admin"),
    "uploads_delivery_again": button("admin"),
    **look_only("uploads_uploadattempt"),
    **look_only("uploads_uploadevent"),
    **look_only("uploads_approval"),
    **look_only("uploads_heartbeat"),
    **look_only("uploads_trouble"),
    "uploads_notificationtarget_changelist": ("viewer", "viewer"),
    "uploads_notificationtarget_add": ("viewer", "viewer"),
    "uploads_notificationtarget_change": ("nobody", "nobody"),
    "uploads_notificationtarget_delete": ("nobody", "nobody"),
    "uploads_notificationtarget_history": ("nobody", "nobody"),
    "uploads_notificationtarget_test": ("nobody", "nobody"),
    **edited("auth_user", seen="admin"),
    "auth_user_password_change": ("admin", "admin"),
    "auth_user_signin": ("admin", "nobody"),
    "auth_user_reset_factor": button("admin"),
    "auth_user_end_sessions": button("admin"),
    **edited("auth_group", seen="admin"),
    **look_only("knox_authtoken", seen="admin"),
    "knox_authtoken_delete": ("admin", "admin"),
    **look_only("axes_accessattempt", seen="admin"),
    **look_only("django_q_success", seen="admin"),
    **look_only("django_q_failure", seen="admin"),
    **look_only("django_q_schedule", seen="admin"),
    **look_only("django_q_ormq", seen="admin"),
}
# Model and action → the least role that finds it in the list.
ACTIONS = {
    "releases.release prepare_again": "preparer",
    "releases.release approve_chosen": "approver",
    "releases.release reject_chosen": "approver",
    "uploads.upload retry_chosen": "approver",
    "uploads.upload cancel_chosen": "approver",
    "uploads.upload prioritise_chosen": "approver",
    "uploads.upload check_seeding": "approver",
    "axes.accessattempt unlock_selected": "admin",
    "knox.authtoken delete_selected": "admin",
    "auth.group delete_selected": "admin",
    "releases.torrentclient delete_selected": "admin",
    "releases.library delete_selected": "admin",
    "releases.release delete_selected": "admin",
    "trackers.tracker delete_selected": "admin",
    "releases.candidate look_again": "preparer",
    "releases.watchfolder delete_selected": "admin",
    "uploads.approvalrule delete_selected": "admin",
    "uploads.webhook delete_selected": "admin",
    "trackers.credential delete_selected": "admin",
    "uploads.notificationtarget delete_selected": "viewer",
}


@pytest.fixture
def rows(tmp_path, db):
    return rows_of_everything(tmp_path, factories.UserFactory(is_superuser=True))


@pytest.fixture
def persons(db):
    found = {
        role: factories.UserFactory(role="" if role == "none" else role)
        for role in RANKS[1:-1]
    }
    return {"anonymous": None, **found}


@pytest.fixture
def clients(persons):
    found: dict[str, Any] = {}
    for role, person in persons.items():
        found[role] = Client()
        if person is not None:
            found[role].force_login(person)
    return found


def is_refused(answer, url):
    """Not for this person; what answers with a sentence of its own is for them."""
    if answer.status_code == 302:
        said = [str(message) for message in get_messages(answer.wsgi_request)]
        if answer.url.startswith("/admin/login/"):
            return True
        if answer.url == "/admin/" and url != "/admin/login/":  # it is not there
            return True
        return any("Your role does not allow" in text for text in said)
    if answer.status_code in (403, 404, 405):
        return True
    return b"Your role does not allow" in b"".join(answer)


def least(clients, method, url):
    """The first role that is let in, and each after it; "nobody" when there is none."""
    allowed = []
    for client in clients.values():
        with transaction.atomic():
            answer = getattr(client, method)(url)
            allowed.append(not is_refused(answer, url))
            transaction.set_rollback(True)
        client.cookies.pop("messages", None)  # each page only tells its own
    first = [*allowed, True].index(True)
    assert all(allowed[first:]), f"{method} {url}: a higher role is refused {allowed}"
    return RANKS[first]


def test_the_table_names_every_page_and_no_other():
    assert set(routes()) == set(TABLE)


@pytest.mark.parametrize("app", sorted({name.partition("_")[0] for name in TABLE}))
def test_every_page_is_for_its_roles(app, clients, rows):
    names = [name for name in TABLE if name.partition("_")[0] == app]
    found = {
        name: tuple(
            least(clients, method, address(name, rows)) for method in ("get", "post")
        )
        for name in names
    }
    assert found == {name: TABLE[name] for name in names}


def test_every_action_is_for_its_roles(persons):
    found: dict[str, Any] = {}
    for role, person in persons.items():
        if person is None:
            continue
        request = RequestFactory().get("/")
        request.user = person
        for model, page in admin.site._registry.items():
            for action in page.get_actions(request):
                found.setdefault(f"{model._meta.label_lower} {action}", role)
    assert found == ACTIONS
