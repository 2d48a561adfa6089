"""Each person's own ways to be told, with Test. An address goes in and never out."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
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
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from common.admin import KEEP, STYLES, SecretInput, chip
from common.errors import AppError
from common.spoken import spoken
from uploads.models import NotificationTarget
from uploads.notices import EVENTS
from uploads.services.notifying import check_address, target_test


class TargetForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where to, and what about. A blank address keeps what is stored."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2000,
        required=False,
        widget=SecretInput(),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Tell me when"),
        choices=[(name, gettext_lazy(text)) for name, text in EVENTS.items()],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        error_messages={
            "required": gettext_lazy("Choose at least one thing to be told of.")
        },
    )

    class Meta:
        model = NotificationTarget
        fields = ("name", "is_active", "events")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("Of any service that apprise knows, such as ntfy://host/topic.")
        stored = self.instance.pk is not None
        self.fields["url"].help_text = f"{KEEP} {hint}" if stored else hint
        self.fields["url"].required = not stored

    def clean_url(self) -> str:
        """An address whose service is known."""
        url: str = self.cleaned_data["url"].strip()
        if url:
            try:
                check_address(url)
            except AppError as exc:
                raise forms.ValidationError(exc.message) from exc
        return url

    def clean_name(self) -> str:
        """One name once per person."""
        name: str = self.cleaned_data["name"]
        same = NotificationTarget.objects.filter(user=self.instance.user, name=name)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                _("You have one of this name already. Choose another name.")
            )
        return name


@admin.register(NotificationTarget)
class NotificationTargetAdmin(ModelAdmin):
    """Everybody with a role has their own, and sees no one else's."""

    form = TargetForm
    list_display = ("name", "state_cell", "events_cell", "last_sent_at", "is_active")
    ordering = ("name",)
    fields = ("name", "url", "events", "is_active")
    change_form_outer_before_template = "admin/uploads/notification/top.html"

    class Media:
        css = {"all": [STYLES, "admin/herald/trackers.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[NotificationTarget]:
        """One's own."""
        rows: QuerySet[NotificationTarget] = super().get_queryset(request)
        return rows.filter(user_id=request.user.pk or 0)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Everybody who may look at uploads may be told of them."""
        return request.user.has_perm("uploads.view_upload")

    def has_view_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """One's own."""
        return self.has_module_permission(request)

    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        """For oneself."""
        return self.has_module_permission(request)

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        """The form of a new row already knows whose it will be."""
        form = super().get_form(request, obj, change, **kwargs)

        class Own(form):  # type: ignore[misc,valid-type]
            def __init__(self, *args: Any, **more: Any) -> None:
                if more.get("instance") is None:
                    more["instance"] = NotificationTarget(user_id=request.user.pk or 0)
                super().__init__(*args, **more)

        return Own

    @method_decorator(sensitive_post_parameters())
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """What is posted holds an address, so no error report shows it."""
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(
        self, request: HttpRequest, obj: NotificationTarget, form: Any, change: bool
    ) -> None:
        """The address only where one was given."""
        if url := form.cleaned_data["url"]:
            obj.address = {"url": url}
            obj.last_error = ""
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("State"))
    def state_cell(self, target: NotificationTarget) -> SafeString:
        """Whether the last message arrived."""
        if not target.is_active:
            return chip(_("Off"))
        if target.last_error:
            return chip(_("Failed"), "bad", title=spoken(target.last_error))
        if target.last_sent_at is None:
            return chip(_("Not tested"), "info", title=_("Press Test on its page."))
        return chip(_("Works"), "good")

    @admin.display(description=gettext_lazy("Events"))
    def events_cell(self, target: NotificationTarget) -> str:
        """How many of them."""
        numbers = {"n": len(target.events), "all": len(EVENTS)}
        return _("%(n)s of %(all)s") % numbers

    def get_urls(self) -> list[URLPattern]:
        """Also the button's target."""
        view = self.admin_site.admin_view(require_POST(self.test_view))
        return [
            path("<int:pk>/test/", view, name="uploads_notificationtarget_test"),
            *super().get_urls(),
        ]

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a message now, and say whether the service took it."""
        if not self.has_module_permission(request):
            raise PermissionDenied
        target = get_object_or_404(self.get_queryset(request), pk=pk)
        error = target_test(target)
        if error:
            messages.error(request, f"{target}: {spoken(error)}")
        else:
            sent = _("sent. Look whether it arrived.")
            messages.success(request, f"{target}: {sent}")
        return HttpResponseRedirect(
            reverse("admin:uploads_notificationtarget_change", args=[pk])
        )
