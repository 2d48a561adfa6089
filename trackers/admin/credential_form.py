"""The form for an account: what its family asks for. Secrets only ever go in."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from common.admin import KEEP, SecretInput
from trackers.credential_rules import misfit_text
from trackers.models import Credential
from trackers.registry import get_adapter_class
from trackers.types import CredentialField

PREFIX = "value_"
LONGEST_VALUE = 4000


def stored_names(credential: Credential) -> tuple[str, ...]:
    """The names of the values that are there; () too when they cannot be read."""
    if credential.pk is None or not credential.values.readable:
        return ()
    return tuple(sorted(name for name, value in credential.values.items() if value))


class CredentialForm(forms.ModelForm):  # type: ignore[type-arg]
    """Label, order and values of one account at `instance.tracker`."""

    class Meta:
        model = Credential
        fields = ("label", "priority", "takes_over", "is_active")
        widgets = {
            "label": UnfoldAdminTextInputWidget(),
            "priority": UnfoldAdminIntegerFieldWidget(),
            "takes_over": UnfoldBooleanSwitchWidget(),
            "is_active": UnfoldBooleanSwitchWidget(),
        }
        help_texts = {
            "priority": gettext_lazy("The account with the lowest number is used."),
            "is_active": gettext_lazy(
                "Switch it off to keep the account without using it."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        adapter = get_adapter_class(self.instance.tracker.family)
        self.family_fields = adapter.credential_fields
        stored = stored_names(self.instance)
        for known in self.family_fields:
            self.fields[PREFIX + known.name] = _field(known, known.name in stored)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        names = [PREFIX + known.name for known in self.family_fields]
        self.helper.layout = Layout(
            Fieldset(_("Account"), *self.Meta.fields),
            Fieldset(
                _("Values for %(family)s sites") % {"family": adapter.label}, *names
            ),
        )

    def clean_label(self) -> str:
        """One label once per tracker."""
        label: str = self.cleaned_data["label"]
        same = Credential.objects.filter(
            tracker=self.instance.tracker, owner=self.instance.owner_id, label=label
        )
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                _(
                    "This tracker already has an account with this label. Choose "
                    "another."
                )
            )
        return label

    def clean(self) -> dict[str, Any]:
        """Only values that can be what they are meant to be."""
        cleaned: dict[str, Any] = super().clean() or {}
        for known in self.family_fields:
            misfit = misfit_text(known, cleaned.get(PREFIX + known.name, ""))
            if misfit:
                self.add_error(PREFIX + known.name, misfit)
        return cleaned

    @property
    def given(self) -> dict[str, str]:
        """The values that were typed, by the adapter's names. They are secrets."""
        return {
            known.name: value
            for known in self.family_fields
            if (value := self.cleaned_data.get(PREFIX + known.name, ""))
        }

    @property
    def changed_labels(self) -> list[str]:
        """What the history may say: names of fields in English, never a value."""
        with translation.override(None):
            return [str(self.fields[name].label) for name in self.changed_data]


def _field(known: CredentialField, is_stored: bool) -> forms.CharField:
    hint = _(known.help_text) if known.help_text else ""
    return forms.CharField(
        # In the history it is kept in English.
        label=gettext_lazy(known.label),
        required=known.required and not is_stored,
        max_length=LONGEST_VALUE,
        widget=SecretInput() if known.secret else UnfoldAdminTextInputWidget(),
        help_text=f"{KEEP} {hint}".strip() if is_stored else hint,
        error_messages={
            "required": _("%(value)s is needed to use this account.")
            % {"value": _(known.label)}
        },
    )
