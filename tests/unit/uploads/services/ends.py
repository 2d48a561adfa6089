"""How an upload must end, whatever went wrong on the way."""

from uploads.states import UploadStatus


def other(site):
    return "ops" if site == "red" else "red"


def in_the_end_one(sandbox, upload, site):
    (stored,) = sandbox.uploads(site)
    row = upload(site)
    assert row.status == UploadStatus.SUCCESS
    assert row.remote_id == str(stored["id"])
    assert row.remote_url.startswith(sandbox.url(site))
    assert row.site_infohash in (stored["infohash"], "")
    assert row.claimed_by == ""
    assert not row.attempts.filter(outcome="").exists()
