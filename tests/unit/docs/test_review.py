"""docs/review.md and the table behind the question mark name the same keys."""

import re

import pytest

from releases.admin.keys import INBOX, REVIEW
from tests.unit.docs.reading import document

ROW = re.compile(r"\| (`.+?`(?: or `.+?`)*) \| (.+?) \|")


def tables():
    """The rows of each table of keys: ((keys, what they do), …)."""
    found = document("docs/review.md").split("| Key | What it does |")[1:]
    return [
        [
            (tuple(re.findall("`(.+?)`", keys)), does)
            for keys, does in ROW.findall(text.split("\n\n")[0])
        ]
        for text in found
    ]


@pytest.mark.parametrize(("number", "keys"), [(0, INBOX), (1, REVIEW)])
def test_the_document_has_the_keys_of_the_page(number, keys):
    assert len(tables()) == 2
    assert tables()[number] == [(one.keys, str(one.does)) for one in keys]
