"""docs/configuration.md names every variable with its default, and no other."""

import re

from tests.unit.docs.reading import ROOT, document, first_cells, section
from tests.unit.docs.settings_read import settings_read

PAGE = "docs/configuration.md"
OTHERS = "## Command line, demo and tests"
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", re.MULTILINE)


def rows():
    return {name: (default, meaning) for name, default, meaning in rows_of(PAGE)}


def rows_of(page):
    return ROW.findall(document(page))


def test_every_setting_is_documented():
    assert set(settings_read()) - set(rows()) == set()


def test_every_documented_setting_is_read():
    settings = set(rows()) - set(first_cells(section(PAGE, OTHERS)))
    assert settings - set(settings_read()) == set()


def test_defaults_are_as_documented():
    wrong = {}
    for setting in settings_read().values():
        told, _ = rows()[setting.name]
        if setting.default is None:
            continue
        wanted = f"`{setting.default}`" if setting.default else "empty"
        if told != wanted:
            wrong[setting.name] = (told, wanted)
    assert wrong == {}


def test_every_variable_that_takes_a_file_says_so():
    for setting in settings_read().values():
        _, meaning = rows()[setting.name]
        says_so = f"`{setting.name}_FILE`" in meaning
        assert says_so == setting.takes_file, setting.name


def test_every_other_variable_is_used_somewhere():
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("config", "uploads", "scripts", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if "docs" not in path.parts
    )
    for name in first_cells(section(PAGE, OTHERS)):
        assert name in code, name


def test_the_search_for_settings_finds_some():
    assert settings_read()["HERALD_WORKERS"].default == "4"
    assert settings_read()["HERALD_SECRET_KEY"].takes_file
