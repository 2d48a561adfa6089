"""What the documents point at exists, and what needs a document has one."""

import re

import pytest

from tests.unit.docs.reading import ROOT, document
from trackers.registry import FAMILIES

LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)(?:#[^)]*)?\)")
PICTURE = re.compile(r"""(?:src|srcset)="(?!https?://)([^"\s]+)""")
PATH = re.compile(
    r"`((?:docs|tests|scripts|benchmarks|config|common|releases|trackers"
    r"|uploads)/[\w./-]+\.(?:md|py|toml|json|yaml))`"
)
DOCUMENTS = sorted(
    path.relative_to(ROOT)
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
)


@pytest.mark.parametrize("name", DOCUMENTS, ids=str)
def test_links_and_pictures_lead_somewhere(name):
    text = document(str(name))
    for target in LINK.findall(text) + PICTURE.findall(text):
        assert (ROOT / name.parent / target).exists(), target


@pytest.mark.parametrize("name", DOCUMENTS, ids=str)
def test_files_that_are_named_exist(name):
    for target in PATH.findall(document(str(name))):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_a_page(family):
    page = f"docs/trackers/{family}.md"
    assert (ROOT / page).exists()
    assert family in document("docs/architecture.md")


def test_every_decision_is_listed_in_order():
    found = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [int(path.name[:4]) for path in found]
    assert numbers == list(range(1, len(found) + 1))
    index = document("docs/decisions/README.md")
    for path in found:
        assert f"]({path.name})" in index
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        for part in ("## Context", "## Choice", "## Consequence"):
            assert f"\n{part}\n" in text, f"{path.name} lacks {part}"


def test_every_document_can_be_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        text = page.read_text(encoding="utf-8")
        waiting += [(page.parent / target).resolve() for target in LINK.findall(text)]
    everything = {ROOT / page for page in DOCUMENTS}
    lost = {str(path.relative_to(ROOT)) for path in everything - reached}
    assert lost - {"tests/recordings/audnexus/README.md"} == set()
