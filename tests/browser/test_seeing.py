"""The eye that looks at every page finds what is wrong in one way of looking only."""

import pytest

from tests.browser.seeing import Eye

PAGE = """<!doctype html><html lang="en"><head><title>A page</title><style>
  body { color: #000; background: #fff; }
  .dark body { color: #fff; background: #111; }
  .dark .pale { color: #333; }
  .when-dark, .when-narrow { display: none; }
  .dark .when-dark { display: block; }
  @media (max-width: 500px) { .when-narrow { display: block; } }
  .slow { transition: color 20s; }
</style></head><body><main><h1>A page</h1>%s</main></body></html>"""


@pytest.mark.parametrize(
    ("content", "rule", "ways"),
    [
        ('<p class="pale">Words</p>', "color-contrast", ["wide, dark", "narrow, dark"]),
        ('<p class="pale slow">Words</p>', "color-contrast", ["wide, dark"]),
        (
            '<div class="when-dark"><button></button></div>',
            "button-name",
            ["wide, dark", "narrow, dark"],
        ),
        (
            '<div class="when-narrow"><button></button></div>',
            "button-name",
            ["narrow, light"],
        ),
        ("<button></button>", "button-name", ["wide, light", "narrow, light"]),
        (
            '<p style="width: 1350px">Words</p>',
            "scrolls sideways",
            ["narrow, light", "narrow, dark", "middling"],
        ),
    ],
)
def test_what_is_wrong_in_one_way_of_looking_is_found(page, content, rule, ways):
    eye = Eye(page)
    page.set_content(PAGE % content)
    eye.look("page")
    for way in ways:
        assert any(rule in line for line in eye.wrong[f"page, {way}"]), way


def test_a_sound_page_is_sound(page):
    eye = Eye(page)
    page.set_content(PAGE % "<p>Words</p><details><summary>More</summary>x</details>")
    eye.look("page")
    assert eye.wrong == {}
