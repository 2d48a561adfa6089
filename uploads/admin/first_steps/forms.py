"""What each first step asks for: the admin's own forms, without what can wait."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from common.errors import AppError
from releases.admin.client import ClientForm
from releases.admin.library import LibraryForm
from releases.models import Library
from releases.services.browsing import Survey, folder_survey
from trackers.addresses import check_base_url
from trackers.admin.credential_form import CredentialForm
from trackers.services.rehearsal import sandbox_problem

SANDBOX = "http://127.0.0.1:8700"


class LibraryStepForm(LibraryForm):
    """The folder; its name is made from it where none is given."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("For the lists. Empty: the folder’s own name."),
    )
    field_order = ("path", "name")

    class Meta(LibraryForm.Meta):
        fields = ("name", "path")  # type: ignore[assignment]  # fewer than its parent
        labels = {"path": _("Folder")}
        widgets = {"path": UnfoldAdminTextInputWidget({"spellcheck": "false"})}
        help_texts = {"path": _("Absolute path on the machine that Herald runs on.")}

    survey: Survey | None = None

    def clean_path(self) -> str:
        """A folder that can be read now; what it holds is kept in `survey`."""
        path: str = self.cleaned_data["path"]
        try:
            self.survey = folder_survey(path)
        except AppError as exc:
            raise ValidationError(exc.message) from exc
        return path

    def clean(self) -> dict[str, Any]:
        """A name that no other library has."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("name") and cleaned.get("path"):
            cleaned["name"] = (Path(cleaned["path"]).name or _("Library"))[:100]
        if Library.objects.filter(name=cleaned.get("name")).exists():
            self.add_error("name", _("Another library has this name already."))
        return cleaned


class ClientStepForm(ClientForm):
    """Address and login, and what the client calls the library's folder."""

    client_path = forms.CharField(
        label=_("The library's folder, as qBittorrent names it"),
        max_length=1000,
        required=False,
        widget=UnfoldAdminTextInputWidget({"spellcheck": "false"}),
        help_text=_(
            "Leave it empty when both see the same path. In a container or on another "
            "machine it differs."
        ),
    )

    class Meta(ClientForm.Meta):
        fields = ("url", "username")  # type: ignore[assignment]
        widgets = {
            "url": UnfoldAdminTextInputWidget({"spellcheck": "false"}),
            "username": UnfoldAdminTextInputWidget({"autocomplete": "off"}),
        }

    def __init__(self, *args: Any, library: Library | None, **kwargs: Any) -> None:
        """`library` is the one whose folder is named; None: the field is left out."""
        super().__init__(*args, **kwargs)
        self.library = library
        if library is None:
            del self.fields["client_path"]

    def clean_client_path(self) -> str:
        """The whole path, as the library's own check wants it."""
        text: str = self.cleaned_data["client_path"]
        if text and self.library is not None:
            tried = Library(path=self.library.path, client_path=text)
            problem = tried.client_path_problem()
            if problem:
                raise ValidationError(problem)
        return text


class SitesStepForm(forms.Form):
    """Where the known sites are: the real ones, or their stand-ins."""

    REAL, REHEARSAL = "real", "sandbox"
    where = forms.ChoiceField(
        label=_("Where do you want to publish?"),
        choices=[
            (REAL, _("On the real sites")),
            (REHEARSAL, _("On the sandbox: stand-ins of the sites, to rehearse on")),
        ],
        widget=forms.RadioSelect(),
        initial=REAL,
    )
    address = forms.CharField(
        label=_("The sandbox's address"),
        max_length=200,
        required=False,
        initial=SANDBOX,
        widget=UnfoldAdminTextInputWidget({"spellcheck": "false"}),
        help_text=_("Start it with: manage.py sandbox. It prints its address."),
    )

    def clean(self) -> dict[str, Any]:
        """An address where one is needed, and a sandbox that answers there."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("where") == self.REHEARSAL:
            address = cleaned.get("address", "")
            try:
                check_base_url(address)
            except ValidationError as exc:
                self.add_error("address", exc)
            else:
                if problem := sandbox_problem(address):
                    self.add_error("address", problem)
        return cleaned

    @property
    def sandbox_url(self) -> str:
        """The address to rehearse at; "" for the real sites."""
        if self.cleaned_data["where"] == self.REAL:
            return ""
        return str(self.cleaned_data["address"])


class AccountStepForm(CredentialForm):
    """A label, and what the family of the tracker asks for."""

    class Meta(CredentialForm.Meta):
        fields = ("label",)  # type: ignore[assignment]


class ReleaseStepForm(forms.Form):
    """One of the library's folders: chosen from the list, or typed."""

    folder = forms.CharField(max_length=3000, strip=False, required=False)
    typed = forms.CharField(
        label=_("Or type its path"),
        max_length=3000,
        strip=False,
        required=False,
        widget=UnfoldAdminTextInputWidget({"spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """What was typed counts before what was chosen."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.path and not self.errors:
            self.add_error(None, _("Choose a folder in the list, or type its path."))
        return cleaned

    @property
    def path(self) -> str:
        """The path to make a release of."""
        given = self.cleaned_data
        return str(given.get("typed", "").strip() or given.get("folder", ""))

    def refuse(self, error: AppError) -> None:
        """Show a service's sentence at the field it is about."""
        typed = self.cleaned_data.get("typed", "").strip()
        self.add_error("typed" if typed else None, error.message)
