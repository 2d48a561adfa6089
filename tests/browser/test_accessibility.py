"""axe-core finds nothing serious on any page: wide and narrow, light and dark.

Here by its address; pages in other states are in test_accessible_*.py.
"""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.admin_pages import address, routes
from tests.browser.seeing import Eye

# Buttons' targets: they answer by leading to a page, or by the page with its errors.
BUTTONS = frozenset(
    [
        *("account_password", "account_preferences", "account_sessions_end"),
        "account_token_revoke",
        *("auth_user_reset_factor", "auth_user_end_sessions", "logout"),
        *("first_steps_account", "first_steps_client", "first_steps_later"),
        *("first_steps_library", "first_steps_release", "first_steps_sites"),
        *("releases_release_approve", "releases_release_approve_chosen"),
        *("releases_release_cancel", "releases_release_choose_cover"),
        *("releases_release_correct", "releases_release_field"),
        *("releases_release_prepare", "releases_release_refetch"),
        *("releases_release_reject", "releases_release_reject_one"),
        *("releases_release_reopen", "releases_release_undo"),
        *("releases_release_view_delete", "releases_release_view_rename"),
        *("releases_release_view_save", "releases_torrentclient_test"),
        *("trackers_credential_pause", "trackers_credential_resume"),
        *("trackers_credential_test", "trackers_tracker_test"),
        *("uploads_delivery_again", "uploads_notificationtarget_test"),
        *("uploads_upload_cancel", "uploads_upload_prioritise"),
        *("uploads_upload_retry", "uploads_upload_seeding", "uploads_upload_there"),
        *("uploads_webhook_rotate", "uploads_webhook_test"),
    ]
)
# Parts of a page; each is looked at where it stands.
PARTS = frozenset(
    [
        *("first_steps_look", "queue_act", "search", "releases_metadatarecord_raw"),
        *("releases_release_fetched", "releases_release_progress"),
        *("releases_release_rows", "releases_release_uploads"),
        *("uploads_upload_duplicates", "uploads_upload_request"),
    ]
)
# Pictures, files and what only scripts read; and what leads elsewhere at once.
NO_PAGES = frozenset(
    [
        *("autocomplete", "jsi18n", "releases_release_cover", "view_on_site"),
        *("releases_release_picture", "uploads_upload_torrent"),
        *("login", "password_change", "password_change_done"),
        "trackers_templateversion_change",
    ]
)
# Looked at in the state in which they are one, in the other modules.
ELSEWHERE = frozenset(["login_code", "trackers_template_diff", "uploads_upload_again"])
LEFT_OUT = BUTTONS | PARTS | NO_PAGES | ELSEWHERE


def sections() -> dict[str, list[str]]:
    """The pages, by the app whose they are."""
    found: dict[str, list[str]] = {}
    for name, route in routes().items():
        if name not in LEFT_OUT:
            found.setdefault(route.split("/")[0] if "/" in route else "", []).append(
                name
            )
    return found


def test_what_is_left_out_exists():
    assert set(routes()) >= LEFT_OUT


@pytest.mark.timeout(900)
@pytest.mark.parametrize("section", sections())
def test_every_page_is_accessible(section, root, rows, eye: Eye):
    for name in sections()[section]:
        answer = root.page.goto(root.origin + address(name, rows))
        assert answer is not None
        if answer.status == 403:  # nobody may, such as adding an event
            continue
        assert answer.status == 200, (name, answer.status)
        assert answer.request.redirected_from is None, name
        eye.look(name)


def test_the_keyboard_alone_reaches_the_content_the_menu_and_the_account(visitor, rows):
    visitor.login(User.objects.get(username="owner"))
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
    menu = page.locator("#nav-sidebar [role=button]", has_text="owner")
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="My account").last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()


def test_focus_can_be_seen(visitor, rows):
    visitor.login(User.objects.get(username="owner"))
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
