"""Every page fits narrow and wide screens, in light and dark, without complaints.

Pictures of what was seen are left in the test's temporary folder.
"""

import pytest

from tests import factories
from tests.browser.conftest import Complaints, Visitor
from uploads.models import Upload
from uploads.services.approval import release_approve
from uploads.services.running import uploads_work

SCREENS = {"narrow": (390, 844), "wide": (1440, 900)}
LISTS = (
    "releases/release",
    "releases/library",
    "releases/torrentclient",
    "trackers/tracker",
    "trackers/credential",
    "trackers/template",
    "uploads/upload",
    "uploads/uploadattempt",
    "uploads/approval",
    "uploads/webhook",
    "uploads/delivery",
    "analytics",
)


@pytest.fixture
def published(shop):
    """One book that waits, and one that was sent."""
    shop.prepare("Time Machine")
    sent = shop.prepare("Two Cities")
    release_approve(release_id=sent.pk, actor_id=None)
    uploads_work()
    assert Upload.objects.filter(status="success").count() == 2
    return sent


def pages(sent):
    """Paths below /admin/, by a name for the picture."""
    first = sent.uploads.order_by("pk")[0]
    return {
        "dashboard": "",
        "release": f"releases/release/{sent.pk}/change/",
        "waiting": f"releases/release/{sent.pk - 1}/change/",
        "metadata": f"releases/release/{sent.pk}/change/#metadata",
        "chapters": f"releases/release/{sent.pk}/change/#chapters",
        "add": "releases/release/add/",
        "upload": f"uploads/upload/{first.pk}/change/",
        "tracker": f"trackers/tracker/{first.tracker_id}/change/",
        "credential": f"trackers/credential/{first.credential_id}/change/",
        "template": f"trackers/template/{first.template_version.template_id}/change/",
        **{name.replace("/", "-"): f"{name}/" for name in LISTS},
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_fits(screen, scheme, browser, live_server, published, tmp_path):
    width, height = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    found = Complaints()
    found.watch(context)
    visitor = Visitor(context.new_page(), live_server.url)
    visitor.enter(factories.UserFactory(is_superuser=True))
    too_wide = {}
    for name, path in pages(published).items():
        visitor.open(path)
        visitor.settle()
        visitor.page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        needed = visitor.page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            too_wide[name] = needed
        if name == "dashboard":
            dark = "document.documentElement.classList.contains('dark')"
            assert visitor.page.evaluate(dark) == (scheme == "dark")
    context.close()
    assert too_wide == {}
    assert found.lines == []
