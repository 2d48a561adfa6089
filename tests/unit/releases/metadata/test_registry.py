"""Metadata sources are found by name, and say what they cannot do."""

import pytest
import requests

from releases.metadata.base import (
    MetadataProvider,
    NoCache,
    ProviderDisabled,
    ProviderRefused,
    ProviderResult,
)
from releases.metadata.registry import PROVIDERS, get_provider_class


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_registered_source_is_a_provider_of_that_name(name):
    provider = get_provider_class(name)
    assert issubclass(provider, MetadataProvider)
    assert provider.name == name
    assert provider.label
    assert provider.docs_url.startswith("https://")


def test_unknown_source_is_answered_with_the_known_ones():
    with pytest.raises(ProviderDisabled, match=r"'audible'.*audnexus"):
        get_provider_class("audible")


def test_source_without_search_says_so():
    class Minimal(MetadataProvider):
        name = "minimal"
        label = "Minimal"

        def fetch(self, asin, *, region="", refresh=False):
            return ProviderResult(source=self.name, fields={})

    provider = Minimal(base_url="https://e.com", session=requests.Session())
    assert isinstance(provider.cache, NoCache)
    assert provider.fetch("B017V4IM1G").raw == {}
    with pytest.raises(ProviderRefused, match="Minimal cannot search"):
        provider.search("x")
