"""What style and script do for people: whole texts on a telephone, ticks that follow."""

from playwright.sync_api import expect

from tests import factories
from tests.unit.trackers.admin.templates import make
from uploads.models import Trouble

WORDS = "It refuses the login that is stored here, since it has another by now. " * 4
CUT = "cell => cell.scrollHeight > cell.clientHeight + 1"


def test_a_long_trouble_is_shown_whole_on_a_telephone(visitor):
    Trouble.objects.create(code="client_down", message=WORDS, remedy="Start it.")
    visitor.enter(factories.UserFactory(is_superuser=True))
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    visitor.open("uploads/trouble/")
    cell = visitor.page.locator("#result_list .field-message_cell").first
    expect(cell).to_contain_text("It refuses the login")
    assert not cell.evaluate(CUT)


def test_changing_a_text_takes_the_layouts_tick_away(visitor):
    layout = make("layout", fields={"title": "{{ title }}", "description": "Words"})
    child = make("child", fields={"description": "Mine"}, layout=layout)
    visitor.enter(factories.UserFactory(is_superuser=True))
    visitor.open(f"trackers/template/{child.pk}/edit/")
    page = visitor.page
    tick = page.locator("input[name='drop-title']")
    assert tick.is_checked()
    page.locator("summary", has_text="title").click()
    page.locator("textarea[name='field-title']").fill("My {{ title }}")
    assert not tick.is_checked()
    page.get_by_role("button", name="Save new version").click()
    expect(page.locator("body")).to_contain_text("is saved")
    assert dict(child.current.fields) == {
        "description": "Mine",
        "title": "My {{ title }}",
    }
