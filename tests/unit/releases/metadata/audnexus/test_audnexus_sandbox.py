"""The provider against the sandbox's stand-in, as the demo uses it."""

import pytest

from common.http import build_session
from releases.metadata.base import MetadataNotFound
from releases.metadata.merge import merge, values
from releases.metadata.pacing import Pacer
from releases.metadata.providers.audnexus import AudnexusProvider


@pytest.fixture
def demo(sandbox):
    with build_session() as session:
        yield AudnexusProvider(
            base_url=sandbox.url("audnexus"), session=session, pacer=Pacer(interval=0)
        )


def test_demo_book_is_read_whole(demo):
    result = demo.fetch("B0HERALD01")
    fields = values(merge([("audnexus", result.fields)]))
    assert result.notices == ()
    assert result.raw["book"]["asin"] == "B0HERALD01"
    assert len(fields["chapters"]) == 15
    assert {"title", "authors", "narrators", "description_html", "cover_url"} <= (
        fields.keys()
    )


def test_unknown_book_is_not_found_anywhere(demo):
    with pytest.raises(MetadataNotFound, match="any region"):
        demo.fetch("B0NOTTHERE")
