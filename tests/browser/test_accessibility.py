"""axe-core finds nothing serious on any page: wide and narrow, light and dark."""

from pathlib import Path

import axe_playwright_python
import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests import factories
from tests.admin_pages import address, routes, rows_of_everything
from tests.browser.conftest import Visitor

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
# Judged by what stands in the guidelines, levels A and AA.
RUN = """() => axe.run(document, {
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
})"""
SERIOUS = ("serious", "critical")
WIDE = ViewportSize(width=1440, height=900)
NARROW = ViewportSize(width=390, height=844)
# Targets of buttons, parts of pages, and what is no page.
NO_PAGES = frozenset(
    [
        *("search", "autocomplete", "jsi18n", "view_on_site", "logout", "login_code"),
        *("password_change", "password_change_done", "login"),
        *("account_password", "account_preferences", "account_sessions_end"),
        "account_token_revoke",
        *("auth_user_reset_factor", "auth_user_end_sessions"),
        *("releases_torrentclient_test", "releases_metadatarecord_raw"),
        *("trackers_credential_test", "trackers_credential_pause"),
        *("trackers_credential_resume", "trackers_tracker_test"),
        *("trackers_template_edit", "trackers_template_settings"),
        *("trackers_template_preview", "uploads_notificationtarget_test"),
        *("releases_release_uploads", "releases_release_correct"),
        *("releases_release_rows", "releases_release_cover"),
        *("releases_release_progress", "releases_release_prepare"),
        *("releases_release_cancel", "releases_release_reopen"),
        *("releases_release_approve", "releases_release_reject"),
        "trackers_template_diff",
        *("releases_release_field", "uploads_upload_torrent", "uploads_upload_retry"),
        *("uploads_upload_cancel", "uploads_upload_there", "uploads_upload_again"),
        *("uploads_upload_seeding", "uploads_upload_prioritise"),
        *("first_steps_account", "first_steps_client", "first_steps_later"),
        *("first_steps_library", "first_steps_look", "first_steps_release"),
        *("first_steps_sites", "queue_act", "releases_release_approve_chosen"),
        *("releases_release_choose_cover", "releases_release_fetched"),
        *("releases_release_picture", "releases_release_refetch"),
        *("releases_release_reject_one", "releases_release_undo"),
        *("releases_release_view_delete", "releases_release_view_rename"),
        *("releases_release_view_save", "uploads_upload_duplicates"),
        *("uploads_upload_request", "uploads_webhook_test", "uploads_webhook_rotate"),
        "uploads_delivery_again",
    ]
)


def serious(page: Page) -> list[str]:
    """What axe has to say about the page as it looks now."""
    found = page.evaluate(RUN)["violations"]
    return [
        f"{one['id']}: {node['html'][:300]} ({node['failureSummary'][-200:]})"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def in_every_look(page: Page) -> dict[str, list[str]]:
    """The page wide and narrow, light and dark; only what is wrong."""
    page.evaluate(AXE)
    wrong = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(
            "dark => document.documentElement.classList.toggle('dark', dark)",
            scheme == "dark",
        )
        for name, size in (("wide", WIDE), ("narrow", NARROW)):
            page.set_viewport_size(size)
            page.wait_for_timeout(120)  # colours change softly
            if found := serious(page):
                wrong[f"{name}, {scheme}"] = found
    return wrong


def told(wrong: dict[str, dict[str, list[str]]]) -> str:
    """All that is wrong, a line each."""
    return "\n".join(
        f"{name}, {look}: {' '.join(line.split())}"
        for name, looks in wrong.items()
        for look, lines in looks.items()
        for line in lines
    )


@pytest.fixture
def rows(transactional_db, tmp_path):
    owner = factories.UserFactory(username="root", is_superuser=True)
    return rows_of_everything(tmp_path, owner)


def sections() -> dict[str, list[str]]:
    """The pages, by the app whose they are."""
    found: dict[str, list[str]] = {}
    for name, route in routes().items():
        if name not in NO_PAGES:
            found.setdefault(route.split("/")[0] if "/" in route else "", []).append(
                name
            )
    return found


def test_what_is_left_out_exists():
    assert set(routes()) >= NO_PAGES


@pytest.mark.timeout(600)
@pytest.mark.parametrize("section", sections())
def test_every_page_is_accessible(section, browser: Browser, live_server, rows):
    context = browser.new_context(viewport=WIDE)
    context.set_default_timeout(30_000)
    visitor = Visitor(context.new_page(), live_server.url)
    visitor.login(User.objects.get(username="root"))
    wrong = {}
    for name in sections()[section]:
        answer = visitor.page.goto(live_server.url + address(name, rows))
        assert answer is not None
        if answer.status == 403:  # nobody may, such as adding an event
            continue
        assert answer.status == 200, (name, answer.status)
        visitor.page.wait_for_load_state("networkidle")
        if found := in_every_look(visitor.page):
            wrong[name] = found
        visitor.page.set_viewport_size(WIDE)
    context.close()
    assert not wrong, told(wrong)


def test_the_login_and_errors_are_accessible(page: Page, live_server, rows):
    wrong = {}
    for name in ("/admin/login/", "/nothing/"):
        page.goto(live_server.url + name)
        wrong[name] = in_every_look(page)
    page.goto(f"{live_server.url}/admin/login/")
    page.get_by_label("Username").fill("root")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Please enter the correct username")).to_be_visible()
    wrong["refused"] = in_every_look(page)
    assert not any(wrong.values()), told(wrong)


def test_the_keyboard_alone_reaches_the_content_the_menu_and_the_account(visitor, rows):
    visitor.login(User.objects.get(username="root"))
    page = visitor.page
    visitor.open("uploads/upload/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="To the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    # What the theme made for mice only.
    side_bar = page.get_by_role("button", name="Side bar").locator("visible=true")
    side_bar.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#nav-sidebar")).to_be_hidden()
    page.keyboard.press(" ")
    expect(page.locator("#nav-sidebar")).to_be_visible()
    menu = page.locator("#nav-sidebar [role=button]", has_text="root")
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="My account").last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()


def test_focus_can_be_seen(visitor, rows):
    visitor.login(User.objects.get(username="root"))
    visitor.open("account/")
    unseen = []
    for _step in range(25):
        visitor.page.keyboard.press("Tab")
        seen = visitor.page.evaluate(
            """() => {
              const one = document.activeElement, style = getComputedStyle(one);
              const outline = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
              return outline || style.boxShadow !== "none" || one === document.body
                ? "" : one.outerHTML.slice(0, 120);
            }"""
        )
        if seen:
            unseen.append(seen)
    assert unseen == []
