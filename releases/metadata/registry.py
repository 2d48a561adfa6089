"""Which providers of metadata exist: name → dotted path, imported on first use."""

from importlib import import_module

from releases.metadata.base import MetadataProvider, ProviderDisabled

PROVIDERS: dict[str, str] = {
    "audnexus": "releases.metadata.providers.audnexus.AudnexusProvider",
}


def get_provider_class(name: str) -> type[MetadataProvider]:
    """The class registered under this name; ProviderDisabled when there is none."""
    path = PROVIDERS.get(name)
    if path is None:
        known = ", ".join(sorted(PROVIDERS))
        raise ProviderDisabled(
            f"There is no metadata source named {name!r}: choose one of {known}."
        )
    module, _, attribute = path.rpartition(".")
    provider: type[MetadataProvider] = getattr(import_module(module), attribute)
    return provider
