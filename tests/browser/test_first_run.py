"""A new user: from a fresh install to a folder on two trackers, by what the pages say.

Pictures of every step, wide and narrow, light and dark, are left in the test's
temporary folder.
"""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from releases.models import Library, Release, TorrentClient
from tests import factories
from tests.publishing import DEMO
from tests.sandbox import SandboxControl
from trackers.models import Credential, Tracker
from uploads.models import Upload

pytestmark = [pytest.mark.qbittorrent]
SCREENS = {"wide": (1440, 900), "narrow": (390, 844)}


class Album:
    """Takes a picture of each step in every look, and minds that it fits."""

    def __init__(
        self, page: Page, folder: Path, too_wide: dict[str, int] | None = None
    ) -> None:
        """`too_wide` is given by an album that this one belongs to."""
        self.page, self.folder = page, folder
        self.too_wide = {} if too_wide is None else too_wide

    def take(self, name: str) -> None:
        for screen, (width, height) in SCREENS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                dark = "true" if scheme == "dark" else "false"
                self.page.emulate_media(color_scheme=scheme)
                self.page.evaluate(
                    f"document.documentElement.classList.toggle('dark', {dark})"
                )
                picture = self.folder / f"{name}-{screen}-{scheme}.png"
                self.page.screenshot(path=picture, full_page=True)
                needed = self.page.evaluate("document.documentElement.scrollWidth")
                if needed > width:
                    self.too_wide[picture.name] = needed
        self.page.emulate_media(color_scheme="light")
        self.page.evaluate("document.documentElement.classList.remove('dark')")
        self.page.set_viewport_size({"width": 1440, "height": 900})


@pytest.fixture
def album(page, tmp_path):
    found = Album(page, tmp_path)
    yield found
    assert found.too_wide == {}


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """The user's folder of audiobooks."""
    path = tmp_path / "audiobooks"
    shutil.copytree(DEMO, path)
    return path


def step(page: Page, name: str):
    return page.locator(f"#step-{name}")


def done(page: Page, name: str):
    expect(step(page, name).locator(".hf-name")).to_contain_text("done")


def test_from_a_fresh_install_to_a_folder_on_two_trackers(
    visitor, album, books, sandbox: SandboxControl, qbittorrent, workers
):
    page = visitor.page
    visitor.login(factories.UserFactory(username="owner", is_superuser=True))
    workers.start()

    # The first page greets with the steps; nothing is done yet.
    expect(page.get_by_role("heading", name="First steps")).to_be_visible()
    expect(page.locator(".hf-head")).to_contain_text("0 of 4 done")
    album.take("01-fresh")

    add_library(page, album, books)
    connect_client(page, album, qbittorrent)
    add_accounts(page, album, sandbox.origin)
    add_release(page, album, books)

    # The release's own page says what is next.
    approve = page.get_by_role("button", name="Approve Orpheus + Redacted")
    expect(approve).to_be_visible()
    album.take("12-review")
    approve.click()
    live = page.locator(".hd-live")
    expect(live.get_by_text("Success")).to_have_count(2)
    expect(live.get_by_text("Confirmed")).to_have_count(2)
    album.take("13-published")
    for site in ("red", "ops"):
        (stored,) = sandbox.uploads(site)
        assert stored["infohash"] == Upload.objects.get(tracker__slug=site).infohash

    visitor.open("")
    expect(page.get_by_role("heading", name="First steps")).to_have_count(0)
    album.take("14-dashboard")


def add_library(page, album, books):
    box = step(page, "library")
    box.get_by_label("Folder").fill("/nowhere/at/all")
    box.get_by_role("button", name="Use this folder").click()
    expect(box.locator(".hf-error")).to_contain_text("There is nothing at /nowhere")
    expect(box.get_by_label("Folder")).to_have_value("/nowhere/at/all")
    album.take("02-library-wrong")

    # It says what it sees as soon as the path is typed.
    box.get_by_label("Folder").fill(str(books))
    box.get_by_label("Folder").blur()
    expect(box.locator("#library-look")).to_contain_text("audio files")
    assert not Library.objects.exists()
    album.take("03-library-seen")
    box.get_by_role("button", name="Use this folder").click()
    done(page, "library")
    expect(box).to_contain_text("Herald can read it")
    assert Library.objects.get().name == "audiobooks"
    album.take("04-library-done")


def connect_client(page, album, qbittorrent):
    box = step(page, "client")
    box.get_by_label("URL").fill(qbittorrent.url)
    box.get_by_label("User name").fill(qbittorrent.username)
    box.get_by_label("Password").fill("wrong")
    box.get_by_role("button", name="Connect and test").click()
    expect(box.locator(".hd-alert--bad")).to_contain_text("Correct them here")
    expect(box.get_by_label("URL")).to_have_value(qbittorrent.url)
    assert not TorrentClient.objects.get().is_active
    album.take("05-client-refused")

    box.get_by_role("button", name="Later").click()
    expect(box.locator(".hf-name")).to_contain_text("later")
    box.get_by_role("button", name="Connect it now").click()
    box.get_by_label("Password").fill(qbittorrent.password)
    box.get_by_role("button", name="Connect and test").click()
    done(page, "client")
    expect(box).to_contain_text("Connected to qBittorrent")
    assert Library.objects.get().torrent_client == TorrentClient.objects.get()
    album.take("06-client-done")


def add_accounts(page, album, address):
    box = step(page, "tracker")
    box.get_by_label("On the sandbox").check()
    box.get_by_label("The sandbox's address").fill("somewhere")
    box.get_by_role("button", name="Add the known sites").click()
    expect(box.locator(".hf-error")).to_contain_text("no web address")
    expect(box.get_by_label("On the sandbox")).to_be_checked()
    box.get_by_label("The sandbox's address").fill(address)
    album.take("07-sites")
    box.get_by_role("button", name="Add the known sites").click()
    expect(box.locator(".hd-alert--good")).to_contain_text("added")

    choose(box, "Redacted")
    expect(box.get_by_role("heading", name="Your account at Redacted")).to_be_visible()
    box.get_by_label("API key").fill("no-such-key")
    album.take("08-account")
    box.get_by_role("button", name="Save and test").click()
    expect(box.locator(".hd-alert--bad")).to_contain_text("Redacted")
    album.take("09-account-refused")
    keys = [copy_key(page, album, "Redacted")]
    box.get_by_role("button", name="Save and test").click()
    done(page, "tracker")
    expect(box.locator(".hd-alert--good")).to_contain_text("rehearsal")

    choose(box, "Orpheus")
    keys.append(copy_key(page, album, "Orpheus"))
    box.get_by_role("button", name="Save and test").click()
    expect(box.locator(".hf-fact")).to_have_count(2)
    expect(box.locator(".hd-alert--good")).to_contain_text("Orpheus")
    album.take("10-accounts-done")
    assert Credential.objects.filter(check_ok=True).count() == 2
    text = page.content()
    assert all(key not in text for key in keys)


def copy_key(page, album, site):
    """From the sandbox's own page into the form, with the keyboard; gives the key."""
    form = page.get_by_role("heading", name=f"Your account at {site}").locator("..")
    with page.expect_popup() as opened:
        form.get_by_role("link", name="page of members and keys").click()
    shown = opened.value
    place = shown.get_by_role("region", name=site)
    field = place.get_by_label("Take this one")
    field.click()
    shown.keyboard.press("ControlOrMeta+a")
    shown.keyboard.press("ControlOrMeta+c")
    key = field.input_value()
    Album(shown, album.folder, album.too_wide).take(f"08-keys-{site}")
    shown.close()
    form.get_by_label("API key").fill("")
    form.get_by_label("API key").press("ControlOrMeta+v")
    assert form.get_by_label("API key").input_value() == key
    return key


def choose(box, name):
    if box.locator("summary").count() and not box.get_by_label("Tracker").is_visible():
        box.locator("summary").click()
    site = Tracker.objects.get(name=name)
    box.get_by_label("Tracker", exact=True).select_option(str(site.pk))
    box.get_by_role("button", name="Choose").click()
    expect(box.get_by_role("heading", name=f"Your account at {name}")).to_be_visible()


def add_release(page, album, books):
    box = step(page, "release")
    box.get_by_role("button", name="Add and prepare").click()
    expect(box.locator(".hf-error")).to_contain_text("Choose a folder")
    book = next(path.name for path in books.iterdir() if "Wells" in path.name)
    row = box.locator(".hf-entries li", has_text=book)
    row.get_by_role("link", name="Open").click()
    expect(box.locator(".hf-way")).to_contain_text(book)
    box.locator(".hf-way").get_by_role("link", name="audiobooks").click()
    box.get_by_role("radio", name=book).check()
    album.take("11-release")
    box.get_by_role("button", name="Add and prepare").click()
    page.wait_for_url("**/releases/release/*/change/**")
    assert Release.objects.get().name == book
