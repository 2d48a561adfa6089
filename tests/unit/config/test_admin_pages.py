"""Every page of the admin, opened by each role."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests import factories
from trackers.models import RequestBudget, Template
from trackers.services.seeds import trackers_seed

pytestmark = pytest.mark.django_db
LISTS = [
    f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    for model in admin.site._registry
]
VIEWER_APPS = ("releases", "trackers", "uploads")
ADMINS_ONLY = (
    "admin:uploads_webhook_changelist",
    "admin:uploads_delivery_changelist",
)


@pytest.fixture
def rows(tmp_path):
    library = factories.LibraryFactory(path=str(tmp_path))
    release = factories.ReleaseFactory(library=library)
    upload = factories.UploadFactory(release=release)
    credential = factories.CredentialFactory(tracker=upload.tracker)
    RequestBudget.objects.create(credential=credential)
    return upload


@pytest.mark.parametrize("name", LISTS)
def test_an_admin_opens_every_list(client, people, rows, name):
    client.force_login(people["admin"])
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_a_viewer_opens_the_lists_of_the_apps_and_no_other(client, people, rows, name):
    client.force_login(people["viewer"])
    app = name.removeprefix("admin:").partition("_")[0]
    expected = 200 if app in VIEWER_APPS and name not in ADMINS_ONLY else 403
    assert client.get(reverse(name)).status_code == expected


@pytest.mark.parametrize("name", LISTS)
def test_a_person_without_staff_status_is_sent_to_the_login(client, people, name):
    client.force_login(people["stranger"])
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("role", ["viewer", "preparer", "approver", "admin", "root"])
def test_every_role_opens_the_page_of_every_row(client, people, rows, role):
    client.force_login(people[role])
    for model in admin.site._registry:
        meta = model._meta
        if meta.app_label not in VIEWER_APPS:
            continue
        row = model._default_manager.first()
        if row is None:
            continue
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
        answer = client.get(url, follow=True)
        assert answer.status_code == 200, url
        assert str(row)[:20].encode() in answer.content or model is RequestBudget, url


@pytest.mark.parametrize("name", ["page", "edit", "preview", "settings"])
def test_the_pages_of_a_shipped_template_open(client, people, name):
    trackers_seed()
    client.force_login(people["admin"])
    template = Template.objects.get(slug="audiobook-red")
    view = "change" if name == "page" else name
    answer = client.get(reverse(f"admin:trackers_template_{view}", args=[template.pk]))
    assert answer.status_code == 200
    assert b"Audiobook on RED" in answer.content
