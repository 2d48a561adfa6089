"""What people may change about themselves."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.forms import AdminOwnPasswordChangeForm
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from config.models import ROLE_CHOICES
from config.people.errors import LoginLocked
from config.people.services.signing_in import password_check

CLASSES = " ".join(INPUT_CLASSES)


class PreferencesForm(forms.Form):
    """Time zone and language; empty follows Herald."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text=_("All times on pages are shown in it."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text=_("Of all pages. What is stored stays English."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = _("Herald's own (%(zone)s)") % {"zone": settings.TIME_ZONE}
        zones = sorted(zoneinfo.available_timezones())
        own, languages = self._field("time_zone"), self._field("language")
        own.choices = [("", usual), *((name, name) for name in zones)]
        languages.choices = [("", _("As my browser says")), *settings.LANGUAGES]

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type
        return field


class TokenForm(forms.Form):
    """A new API token: what it is called, what it may, and for how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off"}),
        help_text=_("Which program it is for. Give each one a token of its own."),
    )
    scope = forms.ChoiceField(
        label=_("Scope"),
        choices=[("", _("All that I may")), *ROLE_CHOICES],
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text=_(
            "The role above which it may do nothing, and never more than you. Choose "
            "the least that will do."
        ),
    )
    days = forms.IntegerField(
        label=_("Days"),
        min_value=1,
        max_value=settings.TOKEN_MAX_DAYS,
        initial=settings.TOKEN_DAYS,
        widget=UnfoldAdminIntegerFieldWidget(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = settings.TOKEN_MAX_DAYS
        self.fields["days"].help_text = ngettext(
            "How long it is good for; %d day at most.",
            "How long it is good for; %d days at most.",
            most,
        ) % (most,)


class CodeForm(forms.Form):
    """A first code of the app."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": CLASSES,
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
            }
        ),
    )


class CountedPassword:
    """For forms that ask for a password again: wrong ones count as at the login."""

    locked = False

    def counted(
        self, request: HttpRequest, person: User, password: str, wrong: str
    ) -> str:
        """The password if it is right. Raises ValidationError: `wrong`, or locked."""
        try:
            is_right = password_check(request, person, password)
        except LoginLocked as exc:
            self.locked = True
            raise forms.ValidationError(exc.message) from exc
        if not is_right:
            raise forms.ValidationError(wrong)
        return password


class PasswordForm(CountedPassword, forms.Form):
    """The present password, for what must not be done by whoever passes by."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(
            attrs={"class": CLASSES, "autocomplete": "current-password"}
        ),
    )

    def __init__(self, request: HttpRequest, person: User) -> None:
        super().__init__(request.POST or None)
        self._request, self._person = request, person

    def clean_password(self) -> str:
        """It must be right."""
        password: str = self.cleaned_data["password"]
        wrong = str(_("This is not your password."))
        return self.counted(self._request, self._person, password, wrong)


class NewPasswordForm(CountedPassword, AdminOwnPasswordChangeForm):
    """A new password, for whoever knows the present one."""

    def __init__(self, request: HttpRequest, person: User, *args: Any) -> None:
        super().__init__(person, *args)
        self._request = request

    def clean_old_password(self) -> str:
        """Wrong ones are counted."""
        password: str = self.cleaned_data["old_password"]
        wrong = str(self.error_messages["password_incorrect"])
        return self.counted(self._request, self.user, password, wrong)
