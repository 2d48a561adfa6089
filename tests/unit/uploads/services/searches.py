"""Drafts whose trackers are asked for duplicates."""

from dataclasses import replace

from tests.factories import ReleaseFactory
from trackers.models import Credential
from trackers.services.adapters import adapter_open
from uploads.models import DuplicateSearch, Upload
from uploads.payloads import payload_load
from uploads.services.searching import search_want, upload_search

ASKED_PER_SEARCH = ["browse", "browse", "browse"]


def want(draft):
    """Have a draft's tracker asked."""
    search_want(draft)
    return draft


def make_twin(tracker):
    """Another release's draft for the tracker, which says the same."""
    red = Upload.objects.get(tracker=tracker)
    red.pk, red.release = None, ReleaseFactory(title="Twin")
    red.save(force_insert=True)
    return want(Upload.objects.select_related("tracker").get(pk=red.pk))


def search(site):
    """One draft's search afresh."""
    rows = DuplicateSearch.objects.filter(tracker__slug=site)
    return rows.exclude(upload__release__title="Twin").get()


def ask(site="red"):
    """What a worker does that was nudged for the tracker's draft."""
    upload_search(search(site).upload_id)
    return search(site)


def publish(draft, sandbox, **changes):
    """Another member uploads the draft's content."""
    site = draft.tracker.slug
    member = sandbox.add_account(site, "neighbour")
    account = Credential(values={"api_key": member["key"]})
    payload = payload_load(draft.payload, bytes(draft.torrent_file))
    with adapter_open(draft.tracker, account) as adapter:
        return adapter.upload(replace(payload, **changes))


def asked(sandbox, site="red"):
    """What the site was asked, in its own words."""
    return [request["action"] for request in sandbox.requests(site)]


def searches_at_red():
    """All that RED is asked for."""
    return list(DuplicateSearch.objects.filter(tracker__slug="red"))
