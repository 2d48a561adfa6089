"""The list of known sites is complete, consistent, and holds no secret."""

import pytest

from common.http import build_session
from tests.payloads import PASSKEY
from trackers.models import Tracker
from trackers.registry import families, get_adapter_class
from trackers.seeds import load_seeds
from trackers.types import TrackerSite


def test_slugs_are_unique():
    slugs = [seed.slug for seed in load_seeds()]
    assert len(slugs) == len(set(slugs))


@pytest.mark.parametrize("seed", load_seeds(), ids=lambda seed: seed.slug)
def test_seed_fits_its_family(seed):
    assert seed.family in families()
    assert seed.base_url.startswith("https://")
    assert not seed.base_url.endswith("/")
    assert seed.announce_url.count("{passkey}") == 1
    assert seed.budget_requests > 0
    assert seed.budget_seconds > 0
    assert seed.kinds
    options = get_adapter_class(seed.family).option_fields
    assert set(seed.options) == {option.name for option in options}
    for option in options:
        assert seed.options[option.name] in option.choices


@pytest.mark.parametrize("seed", load_seeds(), ids=lambda seed: seed.slug)
def test_announce_url_of_a_seed_is_finished_by_its_adapter(seed):
    site = TrackerSite(
        slug=seed.slug,
        name=seed.name,
        base_url=seed.base_url,
        announce_url=seed.announce_url,
        source_flag=seed.source_flag,
        options=seed.options,
    )
    adapter_class = get_adapter_class(seed.family)
    with adapter_class(site, {"passkey": PASSKEY}, build_session()) as adapter:
        assert adapter.announce_url().count(PASSKEY) == 1


def test_a_trackers_rules_reach_its_adapter():
    rules = {"max_path_chars": 99}
    assert Tracker(slug="x", torrent_rules=rules).site.torrent_rules == rules


def test_reading_the_seeds_twice_gives_the_same():
    load_seeds.cache_clear()
    first = load_seeds()
    load_seeds.cache_clear()
    assert load_seeds() == first
