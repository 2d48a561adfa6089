"""Redirects are not followed, wherever they point."""

import pytest

from common.http import build_session
from tests.far_end import far_end, http_answer
from tests.payloads import make_adapter, make_payload
from trackers.errors import OutcomeUnknown, TrackerUnavailable
from trackers.types import UploadResult


@pytest.fixture
def session():
    with build_session() as made:
        yield made


NOWHERE = http_answer(b"", "302 Found", "Location: http://[\r\n")


def test_redirect_to_no_address_leaves_an_upload_unknown(session):
    with (
        far_end(lambda connection, *_: connection.sendall(NOWHERE)) as far,
        pytest.raises(OutcomeUnknown, match="redirects to another address"),
    ):
        make_adapter(session, "red", far.url).upload(make_payload())


@pytest.mark.parametrize("ask", ["check", "find_existing", "download_torrent"])
def test_redirect_to_no_address_is_no_answer_to_a_question(session, ask):
    values = {
        "find_existing": [make_payload()],
        "download_torrent": [UploadResult(remote_id="7", url="")],
    }
    with (
        far_end(lambda connection, *_: connection.sendall(NOWHERE)) as far,
        pytest.raises(TrackerUnavailable, match="redirects to another address"),
    ):
        getattr(make_adapter(session, "red", far.url), ask)(*values.get(ask, []))
