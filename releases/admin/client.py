"""Torrent clients: their password goes in and never comes out."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldAdminURLInputWidget

from common.addresses import MOVED
from common.admin import KEEP, STYLES, SecretInput, chip
from common.errors import AppError
from common.spoken import spoken
from releases.models import TorrentClient
from releases.services.clients import client_password, client_save, client_test

LOGIN = ("username", "password")


class ClientForm(forms.ModelForm):  # type: ignore[type-arg]
    """A client and its login. A blank password keeps what is stored."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=500,
        required=False,
        strip=False,
        widget=SecretInput(),
    )

    class Meta:
        model = TorrentClient
        fields = ("name", "url", "username", "category", "tags", "is_active")
        widgets = {
            "url": UnfoldAdminURLInputWidget(),
            "username": UnfoldAdminTextInputWidget({"autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        empty = _("Leave blank where the Web UI asks for no login.")
        self.fields["password"].help_text = (
            KEEP if password_stored(self.instance) else empty
        )


def password_stored(client: TorrentClient) -> bool:
    """Whether a password is there; False too when it cannot be read."""
    if client.pk is None or not client.login.readable:
        return False
    return bool(client.login.get("password"))


@admin.register(TorrentClient)
class TorrentClientAdmin(ModelAdmin):
    """qBittorrent programs that seed, and Test."""

    form = ClientForm
    list_display = ("name", "url", "state_cell", "checked_at", "category", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "url")
    ordering = ("name",)
    change_form_outer_before_template = "admin/releases/torrentclient/top.html"

    class Media:
        css = {"all": [STYLES, "admin/herald/trackers.css"]}

    def get_fieldsets(
        self, request: HttpRequest, obj: TorrentClient | None = None
    ) -> Any:
        """Nobody who may only look sees the login's fields."""
        facts: list[Any] = [(None, {"fields": ("name", "url", "is_active")})]
        may_edit = (
            self.has_change_permission(request, obj)
            if obj
            else self.has_add_permission(request)
        )
        if may_edit:
            facts.append((_("Login"), {"fields": LOGIN}))
        facts.append((_("Given to each torrent"), {"fields": ("category", "tags")}))
        return facts

    @admin.display(description=gettext_lazy("State"), ordering="check_ok")
    def state_cell(self, client: TorrentClient) -> SafeString:
        """What the last test said."""
        return state_chip(client)

    @method_decorator(sensitive_post_parameters())
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Also the state and the Test button, above the form."""
        extra = dict(extra_context or {})
        row = self.get_object(request, object_id) if object_id else None
        if row is not None:
            extra |= {
                "state": state_chip(row),
                "password_there": password_stored(row),
                "readable": row.login.readable,
                "may_test": self.has_change_permission(request, row),
                "libraries": row.libraries.all(),
            }
        return super().changeform_view(request, object_id, form_url, extra)

    def save_model(
        self, request: HttpRequest, obj: TorrentClient, form: Any, change: bool
    ) -> None:
        """The row, and its password by the service that encrypts it."""
        if client_save(obj) and not form.cleaned_data["password"]:
            messages.warning(request, _(MOVED))
        try:
            client_password(obj, form.cleaned_data["password"])
        except AppError as exc:
            messages.error(
                request,
                _("The password was not stored. %(why)s") % {"why": exc.message},
            )

    def get_urls(self) -> list[URLPattern]:
        """Also the button's target."""
        view = self.admin_site.admin_view(require_POST(self.test_view))
        return [
            path("<int:pk>/test/", view, name="releases_torrentclient_test"),
            *super().get_urls(),
        ]

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the client who it is, and say what it answered."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        client = get_object_or_404(TorrentClient, pk=pk)
        try:
            check = client_test(client)
        except AppError as exc:
            messages.error(request, f"{client}: {spoken(exc.message)}")
        else:
            say = messages.success if check.ok else messages.error
            say(request, f"{client}: {spoken(check.message)}")
            for warning in check.warnings:
                messages.warning(request, f"{client}: {spoken(warning)}")
        return HttpResponseRedirect(
            reverse("admin:releases_torrentclient_change", args=[pk])
        )


def state_chip(client: TorrentClient) -> SafeString:
    """Whether it is used, and what the last test said."""
    if not client.is_active:
        return chip(_("Off"), title=_("Switched off: nothing is handed to it."))
    if client.check_ok is None:
        return chip(_("Not tested"), "info", title=_("Press Test on its page."))
    if not client.check_ok:
        return chip(_("Test failed"), "bad", title=spoken(client.check_message))
    return chip(_("Works"), "good", title=spoken(client.check_message))
