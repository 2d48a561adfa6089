"""A question about an upload, and a person's word on it."""

from tests.driving import work
from uploads.services.answering import upload_mark_there
from uploads.services.moves import upload_move
from uploads.states import is_question


def ask(sandbox, upload, site, fault="drop-after"):
    """Lose the site's answer, and let nobody find out: a person is asked."""
    sandbox.fail(site, "upload", fault)
    work()
    reason = {"code": "outcome_unsettled", "message": "Nobody knows."}
    assert upload_move(
        upload(site).pk, "unknown", "failed", why="Could not ask.", reason=reason
    )
    asked = upload(site)
    assert is_question(asked.status, asked.reason)
    return asked


def there(asked, link, **more):
    upload_mark_there(upload_id=asked.pk, link=link, **more)
