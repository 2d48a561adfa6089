"""Forms on releases."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from common.errors import AppError
from releases.ingest.errors import IngestError
from releases.models import Release
from releases.torrents.errors import TorrentError

LARGEST_TORRENT = 32 * 2**20


class ReleaseAddForm(forms.Form):
    """What a new release needs; only the path must be given."""

    path = forms.CharField(
        label=gettext_lazy("Path"),
        max_length=3000,
        strip=False,
        widget=UnfoldAdminTextInputWidget({"autofocus": True, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Absolute path of the folder, or of the single file, on the machine that "
            "Herald runs on. It must lie in one of the libraries."
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("Find out from the files")), *Release.Kind.choices],
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )
    asin = forms.CharField(
        label="ASIN",
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy(
            "Finds the book at the metadata service. Empty: taken from the tags or the "
            "name."
        ),
    )
    trackers = forms.MultipleChoiceField(
        label=gettext_lazy("Trackers"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=gettext_lazy(
            "None chosen: every active tracker that takes this kind."
        ),
    )
    torrent_file = forms.FileField(
        label=gettext_lazy("Torrent of the same files"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(),
        help_text=gettext_lazy(
            "Optional: its pieces save the hashing, after a check that they fit."
        ),
    )

    def __init__(
        self, *args: Any, trackers: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        """`trackers` are the slugs and names to choose from."""
        super().__init__(*args, **kwargs)
        if trackers:
            choose = self.fields["trackers"]
            assert isinstance(choose, forms.MultipleChoiceField)  # noqa: S101 - typing
            choose.choices = list(trackers)
        else:
            del self.fields["trackers"]

    def clean_torrent_file(self) -> bytes | None:
        """The file's bytes, or None."""
        file = self.cleaned_data.get("torrent_file")
        if not file:
            return None
        if file.size > LARGEST_TORRENT:
            raise forms.ValidationError(
                _(
                    "No torrent is as large as this file. Choose the .torrent file, "
                    "not what it describes."
                )
            )
        content: bytes = file.read()
        return content

    def refuse(self, error: AppError) -> None:
        """Show a service's sentence at the field it is about."""
        self.add_error(_field_of(error), error.message)


class ReleaseCorrectForm(forms.Form):
    """What was said about a release when it was added, to be said anew."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=Release.Kind.choices,
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )
    trackers = forms.MultipleChoiceField(
        label=gettext_lazy("Trackers"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=gettext_lazy(
            "None chosen: every active tracker that takes this kind."
        ),
    )

    def __init__(
        self,
        *args: Any,
        release: Release,
        trackers: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        """`trackers` are the slugs and names to choose from."""
        super().__init__(*args, **kwargs)
        self.initial.update(kind=release.kind, trackers=release.targets)
        choose = self.fields["trackers"]
        assert isinstance(choose, forms.MultipleChoiceField)  # noqa: S101 - typing
        choose.choices = list(trackers)


def _field_of(error: AppError) -> str | None:
    if isinstance(error, IngestError) or error.code == "release_exists":
        return "path"
    if isinstance(error, TorrentError):
        return "torrent_file"
    return {"asin_invalid": "asin", "kind_unknown": "kind"}.get(error.code)
