"""Accessible as well: signing in, one's account, errors, and a database in trouble."""

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from common.database import READ_ONLY
from config.people.services.second_factor import factor_begin
from config.writes import probe
from tests import factories
from tests.browser.conftest import PASSWORD, Visitor
from tests.database import read_only
from tests.unit.config.people.conftest import App, enrol

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def pat(transactional_db):
    """An approver."""
    return factories.UserFactory(username="pat", role="approver")


@pytest.fixture
def door(page, live_server):
    """A window before the login page."""
    page.goto(f"{live_server.url}/admin/login/")
    return Visitor(page, live_server.url)


def knock(page, name, password=PASSWORD):
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_both_steps_of_a_login_are_accessible(pat, door, eye):
    app, _codes = enrol(pat)
    page = door.page
    eye.look("login")
    knock(page, "pat", "wrong")
    expect(page.get_by_text("The username or the password is wrong")).to_be_visible()
    eye.look("login refused")
    knock(page, "pat")
    code = page.get_by_role("textbox", name="Code")
    expect(code).to_be_visible()
    eye.look("code")
    code.fill("000000")
    page.get_by_role("button", name="Log in").click()
    eye.look("code refused")
    code.fill(app.code())
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    page.locator("#nav-sidebar [role=button]", has_text="pat").click()
    eye.every_way("own menu")
    page.get_by_role("button", name="Log out").click()
    eye.look("logged out")


def test_setting_up_a_second_factor_is_accessible(pat, door, eye, settings):
    settings.REQUIRE_TOTP = "everybody"
    page = door.page
    knock(page, "pat")
    app = App(factor_begin(pat).secret["key"])
    code = page.get_by_role("textbox", name="Code")
    expect(code).to_be_visible()
    eye.look("set-up demanded")
    code.fill("000000")
    page.get_by_role("button", name="Switch it on").click()
    eye.look("set-up refused")
    code.fill(app.code())
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("link", name="I have kept them")).to_be_visible()
    eye.look("backup codes")


def test_one_s_account_with_its_errors_is_accessible(pat, root, eye):
    enrol(pat)
    page = root.page
    root.open(f"auth/user/{pat.pk}/sign-in/")
    eye.look("somebody's sign-in")
    root.open("account/")
    for name in ("old_password", "new_password1", "new_password2"):
        page.locator(f"[name={name}]").fill("1")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("was entered incorrectly")).to_be_visible()
    eye.look("password refused")
    page.get_by_role("button", name="Save").click()
    eye.look("saved")


def test_new_codes_and_switching_off_are_accessible(pat, door, eye):
    app, _codes = enrol(pat)
    page = door.page
    knock(page, "pat")
    page.get_by_role("textbox", name="Code").fill(app.code())
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    door.open("account/")
    eye.look("account with a second factor")
    for path, button in (("codes", "Make new codes"), ("off", "Switch it off")):
        door.open(f"account/second-factor/{path}/")
        eye.look(path)
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name=button).click()
        eye.look(f"{path} refused")
    door.open("account/second-factor/codes/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make new codes").click()
    eye.look("new codes")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing/", 404),
        ("/admin/releases/release/add/", 403),
        ("/admin/releases/release/rows/?ids=1%00", 400),
    ],
)
def test_an_error_s_page_is_accessible(path, status, page, live_server, people, eye):
    visitor = Visitor(page, live_server.url)
    visitor.enter(people["viewer"])
    answer = page.goto(live_server.url + path)
    assert answer is not None
    assert answer.status == status
    eye.look(path)


def test_a_form_without_its_cookie_is_refused_accessibly(pat, door, eye):
    page = door.page
    page.context.clear_cookies()
    with page.expect_navigation() as there:
        knock(page, "pat")
    assert there.value.status == 403
    expect(page.get_by_role("heading", name="Load the page again")).to_be_visible()
    eye.look("no cookie")


def test_what_is_said_of_errors_inside_is_accessible(page, transactional_db, eye):
    for name, values in (
        ("500.html", {}),
        ("503.html", {"trouble": READ_ONLY, "is_question": True}),
    ):
        page.set_content(render_to_string(name, values))
        eye.look(name)


def test_a_database_in_trouble_is_told_accessibly(root, page, eye):
    probe.forget()
    try:
        with read_only():
            for path in ("", "releases/release/", "releases/library/add/"):
                root.open(path)
                expect(page.get_by_text(READ_ONLY)).to_be_visible()
                eye.look(f"trouble, {path}")
            page.get_by_label("Name").fill("Books")
            page.locator("[name=path]").fill("/srv/books")
            page.get_by_role("button", name="Save", exact=True).click()
            expect(page.get_by_text("Nothing was saved").first).to_be_visible()
            eye.look("nothing saved")
            page.context.clear_cookies()
            page.goto(f"{root.origin}/admin/login/")
            expect(page.get_by_text("Nobody can log in until then.")).to_be_visible()
            eye.look("trouble, login")
    finally:
        probe.forget()
