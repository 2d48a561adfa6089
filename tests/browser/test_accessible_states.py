"""Accessible as well: empty lists, refused forms, confirmations, menus, the sandbox."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from releases.models import Library, TorrentClient
from tests import factories
from tests.admin_pages import address, routes
from tests.duplicates import similar
from tests.unit.trackers.admin.templates import make as make_template
from tests.unit.uploads.admin.bulk import DOUBT
from tests.unit.uploads.admin.conftest import make_book, make_draft
from uploads.models import DuplicateSearch, Webhook
from uploads.services.approval import release_approve
from uploads.services.running import uploads_work

pytestmark = pytest.mark.timeout(600)
LISTS = sorted(name for name in routes() if name.endswith("_changelist"))
FORMS = sorted(name for name in routes() if name.endswith("_add"))


def act(visitor, path, action):
    """Run an action on all rows of a list."""
    visitor.open(path)
    visitor.page.locator("#action-toggle").check()
    visitor.page.locator("select[name=action]").select_option(action)
    visitor.page.locator("button[name=index]").click()
    visitor.settle()


# --- nothing there yet -----------------------------------------------------------------
@pytest.mark.parametrize("half", [0, 1])
def test_empty_lists_are_accessible(half, root, eye):
    for name in LISTS[half::2]:
        root.page.goto(root.origin + address(name, {}))
        if root.page.locator(".hd-none").count():
            eye.look(f"empty {name}")


def test_pages_without_anything_to_show_are_accessible(root, eye):
    for path in (
        "",
        "queue/",
        "analytics/",
        "first-steps/",
        "releases/release/add/",
        "releases/release/add-many/",
        "releases/release/?q=nothing",
        "trackers/credential/add/",
    ):
        root.open(path)
        eye.look(f"empty {path}")


# --- what was refused ------------------------------------------------------------------
@pytest.mark.parametrize("half", [0, 1])
def test_forms_that_were_refused_are_accessible(half, root, rows, eye):
    for name in FORMS[half::2]:
        answer = root.page.goto(root.origin + address(name, rows))
        save = root.page.locator("[name=_save], form.hd-card [type=submit]")
        if answer.status == 200 and save.count():
            save.last.click()
            eye.look(f"refused {name}")


def test_what_is_refused_with_a_sentence_is_accessible(root, rows, eye, tmp_path):
    page = root.page
    root.open(f"trackers/credential/add/?tracker={rows['trackers.tracker']}")
    root.press("Save")
    eye.look("credential refused")
    root.open(f"trackers/template/{rows['trackers.template']}/edit/")
    page.locator("textarea[name=field-title]").fill("{{ title")
    page.locator("textarea[name=note]").or_(page.locator("[name=note]")).first.fill("x")
    root.press("Save new version")
    eye.look("template refused")
    root.open("releases/release/add-many/")
    root.press("Look what is there")
    eye.look("many refused")
    (tmp_path / "Many" / "One").mkdir(parents=True)
    (tmp_path / "Many" / "One" / "1.mp3").write_bytes(b"sound")
    (tmp_path / "Many" / "notes.txt").write_text("words")
    Library.objects.create(name="Many", path=str(tmp_path / "Many"))
    root.open("releases/release/add-many/")
    page.get_by_label("Folder with releases in it").fill(str(tmp_path / "Many"))
    root.press("Look what is there")
    eye.look("many found")


def test_first_steps_that_were_refused_are_accessible(root, eye, tmp_path):
    page = root.page
    root.open("first-steps/")
    page.get_by_label("Folder").fill("/nowhere")
    root.press("Use this folder")
    eye.look("steps, no such folder")
    factories.LibraryFactory(name="books", path=str(tmp_path))
    factories.LibraryFactory(name="away", path="/proc/nowhere")
    factories.TrackerFactory(name="Bluebird")
    TorrentClient.objects.create(name="qBittorrent", url="http://127.0.0.1:9")
    root.open("first-steps/")
    root.press("Connect and test")
    root.press("Choose")
    eye.look("steps, client refused")
    root.press("Save and test")
    eye.look("steps, account refused")


# --- between a button and what it does -------------------------------------------------
def test_what_asks_before_it_deletes_is_accessible(root, rows, eye):
    factories.LibraryFactory(name="spare")
    Webhook.objects.create(name="spare", url="http://127.0.0.1:9/")
    for path in ("uploads/webhook/", "releases/library/", "uploads/approvalrule/"):
        act(root, path, "delete_selected")
        eye.look(f"delete chosen of {path}")


@pytest.fixture
def drafts(rows, tmp_path):
    """Drafts with all that a summary can say about them."""
    plain, doubted, odd = (
        make_book(tmp_path, name) for name in ("Plain", "Doubted", "Odd")
    )
    doubted.notices = [DOUBT]
    doubted.save()
    for name in ("Heron", "Wren"):
        tracker = factories.TrackerFactory(name=name)
        make_draft(plain, tracker)
        make_draft(doubted, tracker)
        warned = make_draft(odd, tracker, problems=[("warning", "Odd year.")])
        DuplicateSearch.objects.create(
            upload=warned,
            tracker=tracker,
            checked_at=timezone.now(),
            found=[similar(), similar("possible", "words", title="Another")],
        )


def test_deciding_about_many_is_accessible(root, drafts, eye):
    act(root, "releases/release/", "approve_chosen")
    eye.look("approve many")
    root.page.get_by_label("I have read the warnings").check()
    root.press("Approve 4")
    eye.look("approved")
    act(root, "releases/release/", "reject_chosen")
    eye.look("reject many")
    act(root, "uploads/upload/", "prioritise_chosen")
    eye.look("prioritise many")
    root.press("Set")
    eye.look("prioritised")


def test_secrets_that_are_shown_once_are_accessible(root, rows, eye):
    hook = rows["uploads.webhook"]
    root.open(f"uploads/webhook/{hook}/change/")
    root.press("New secret")
    eye.look("secret of a webhook")
    root.open(f"uploads/webhook/{hook}/change/")
    root.press("Test")
    eye.look("webhook tested")


def test_comparing_templates_is_accessible(root, rows, eye):
    layout = make_template("layout", fields={"title": "{{ title }}"})
    child = make_template("child", fields={"title": "Mine"}, layout=layout)
    pk = rows["trackers.template"]
    for path in (
        f"{pk}/diff/?before=1&after=2",
        f"{pk}/diff/?before=1&after=1",
        f"{pk}/preview/?version=1",
        f"{pk}/edit/?from=1",
        f"{child.pk}/edit/",
        f"{layout.pk}/change/",
    ):
        root.open(f"trackers/template/{path}")
        eye.look(path)


# --- menus ----------------------------------------------------------------------------
def test_the_menus_of_a_list_are_accessible(root, rows, eye):
    page = root.page
    for path in ("releases/release/", "uploads/upload/?status__exact=draft"):
        root.open(path)
        page.locator("#action-toggle").check()
        eye.every_way(f"{path}, chosen")
        page.get_by_role("button", name="Filters").click()
        eye.every_way(f"{path}, filters")
    root.open("releases/release/?q=book")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    eye.every_way("keys of the list")


def test_the_search_over_all_and_the_menu_of_a_telephone_are_accessible(
    root, rows, eye
):
    page = root.page
    root.open("")
    page.keyboard.press("Control+k")
    search = page.locator("#search-input-command")
    expect(search).to_be_visible()
    eye.every_way("search over all")
    search.press_sequentially("trackers")
    expect(page.locator("#command-results a").first).to_be_visible()
    eye.every_way("found over all")
    search.fill("")
    search.press_sequentially("nothing at all")
    page.wait_for_timeout(1500)
    eye.every_way("not found over all")
    root.open("")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Side bar").locator("visible=true").click()
    eye.every_way("menu of a telephone")


# --- beside the admin ------------------------------------------------------------------
def test_the_sandbox_is_accessible(shop, page, eye):
    def look(path):
        page.goto(f"{shop.sandbox.origin}/{path}")
        eye.look(f"sandbox /{path}")

    for path in ("", "red/", "red/login.php", "nothing"):
        look(path)
    release = shop.prepare("Two Cities")
    release_approve(release_id=release.pk, actor_id=None)
    shop.sandbox.fail("ops", "upload", "server-error")
    uploads_work()
    shop.sandbox.fail("red", "browse", "hide", times=0)
    (stored,) = shop.sandbox.uploads("red")
    for path in ("", "red/", f"red/torrents.php?torrentid={stored['id']}"):
        look(path)


def test_the_documentation_of_the_api_is_accessible(root, eye):
    root.page.goto(f"{root.origin}/api/docs/")
    expect(root.page.locator(".opblock").first).to_be_visible()
    eye.look("api docs")
    root.page.locator(".opblock-summary-control", has_text="/analytics/tr").click()
    root.page.get_by_role("button", name="Try it out").click()
    expect(root.page.locator("pre.example").first).to_be_visible()
    eye.look("api docs, one operation")
