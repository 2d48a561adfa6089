"""Webhooks and their deliveries: an admin's, with Test, New secret and Deliver again."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from common.admin import STYLES, chip
from common.spoken import spoken
from releases.admin.readonly import ReadOnlyAdmin, page_link
from uploads.hooks import HOOK_EVENTS, PING
from uploads.models import Delivery, Webhook
from uploads.services.hooking import (
    check_hook_address,
    delivery_again,
    webhook_secret,
    webhook_test,
)

CSS = {"all": [STYLES, "admin/herald/trackers.css"]}


def event_text(event: str) -> str:
    """What happened, in words; a ping comes from the button Test."""
    return _("Test") if event == PING else _(HOOK_EVENTS.get(event, event))


class WebhookForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where to, and what about. The secret is made by Herald."""

    events = forms.MultipleChoiceField(
        label=gettext_lazy("Tell it when"),
        choices=[(name, gettext_lazy(text)) for name, text in HOOK_EVENTS.items()],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        error_messages={
            "required": gettext_lazy("Choose at least one thing to be told of.")
        },
    )

    class Meta:
        model = Webhook
        fields = ("name", "url", "events", "is_active")
        help_texts = {
            "url": gettext_lazy(
                "Where Herald posts to: http:// or https://. The secret that signs "
                "each delivery is shown once, after you save."
            )
        }

    def clean_url(self) -> str:
        """An address that can be posted to."""
        url: str = self.cleaned_data["url"].strip()
        check_hook_address(url)
        return url


@admin.register(Webhook)
class WebhookAdmin(ModelAdmin):
    """The programs that are told what happened."""

    form = WebhookForm
    list_display = (
        "name",
        "host_cell",
        "state_cell",
        "events_cell",
        "last_delivered_at",
    )
    search_fields = ("name", "url")
    ordering = ("name",)
    fields = ("name", "url", "events", "is_active")
    change_form_outer_before_template = "admin/uploads/webhook/top.html"

    class Media:
        css = CSS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        """Without the secrets."""
        rows: QuerySet[Webhook] = super().get_queryset(request)
        return rows.defer("signing")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """It takes its deliveries along, which nobody may delete by themselves."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        own = {Delivery._meta.verbose_name}
        return found, counts, lacking - own, protected

    def save_model(
        self, request: HttpRequest, obj: Webhook, form: Any, change: bool
    ) -> None:
        """A new one belongs to whoever makes it."""
        if not change:
            obj.owner_id = request.user.pk
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: Webhook, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Its page shows the secret, this once; a message would keep it."""
        return self._shown_once(request, obj)

    def _shown_once(self, request: HttpRequest, webhook: Webhook) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Signing secret of %(name)s") % {"name": webhook},
            "webhook": webhook,
            "secret": webhook_secret(webhook),
        }
        return TemplateResponse(request, "admin/uploads/webhook/secret.html", context)

    @admin.display(description=gettext_lazy("Host"), ordering="url")
    def host_cell(self, webhook: Webhook) -> str:
        """Where it leads; the whole address is on its page."""
        return urlsplit(webhook.url).netloc

    @admin.display(description=gettext_lazy("State"))
    def state_cell(self, webhook: Webhook) -> SafeString:
        """Whether the last delivery was taken."""
        if not webhook.is_active:
            return chip(_("Off"))
        if webhook.last_error:
            return chip(_("Failed"), "bad", title=spoken(webhook.last_error))
        if webhook.last_delivered_at is None:
            return chip(_("Not tested"), "info", title=_("Press Test on its page."))
        return chip(_("Works"), "good")

    @admin.display(description=gettext_lazy("Events"))
    def events_cell(self, webhook: Webhook) -> SafeString:
        """How many of them; pointing there tells which."""
        numbers = {"n": len(webhook.events), "all": len(HOOK_EVENTS)}
        told = "\n".join(map(event_text, webhook.events))
        return format_html(
            '<span title="{}">{}</span>', told, _("%(n)s of %(all)s") % numbers
        )

    def get_urls(self) -> list[URLPattern]:
        """Also the buttons' targets."""
        return [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"uploads_webhook_{name}",
            )
            for name, view in (("test", self.test_view), ("rotate", self.rotate_view))
        ] + list(super().get_urls())

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Deliver a ping now, and say how it went."""
        webhook = self._asked(request, pk)
        delivery = webhook_test(webhook)
        if delivery.error:
            messages.error(request, f"{webhook}: {spoken(delivery.error)}")
        else:
            taken = _("taken, with status %(status)s in %(ms)s ms.")
            values = {"status": delivery.status, "ms": delivery.duration_ms}
            messages.success(request, f"{webhook}: {taken % values}")
        return HttpResponseRedirect(
            reverse("admin:uploads_webhook_change", args=[webhook.pk])
        )

    def rotate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a new secret and show it, this once."""
        return self._shown_once(request, self._asked(request, pk))

    def _asked(self, request: HttpRequest, pk: int) -> Webhook:
        webhook = get_object_or_404(Webhook, pk=pk)
        if not self.has_change_permission(request, webhook):
            raise PermissionDenied
        return webhook


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What programs were told, and what they answered."""

    list_display = (
        *("number_cell", "webhook_cell", "event_cell", "outcome_cell", "status"),
        *("duration_cell", "tries", "created_at"),
    )
    list_filter = ("webhook", "event")
    search_fields = ("number", "error")
    list_select_related = ("webhook",)
    ordering = ("-pk",)
    deferred = ("body", "answer", "webhook__signing")
    fields = (
        *("number", "webhook_cell", "event_cell", "outcome_cell", "error", "status"),
        *("duration_cell", "answer_cell", "body_cell", "tries", "created_at"),
        *("tried_at", "not_before", "delivered_at", "given_up_at"),
    )
    change_form_outer_before_template = "admin/uploads/webhook/again.html"

    class Media:
        css = CSS

    @admin.display(description=gettext_lazy("Number"), ordering="pk")
    def number_cell(self, delivery: Delivery) -> str:
        """Its beginning; the whole is on its page."""
        return Truncator(delivery.number).chars(14)

    @admin.display(description=gettext_lazy("Took"), empty_value="—")
    def duration_cell(self, delivery: Delivery) -> str | None:
        """The last try's time."""
        return None if delivery.duration_ms is None else f"{delivery.duration_ms} ms"

    @admin.display(description=gettext_lazy("Event"), ordering="event")
    def event_cell(self, delivery: Delivery) -> str:
        """What happened; the name that the program gets is in the body."""
        return event_text(delivery.event)

    @admin.display(description=gettext_lazy("Webhook"), ordering="webhook__name")
    def webhook_cell(self, delivery: Delivery) -> SafeString:
        """To whom."""
        return page_link(delivery.webhook)

    @admin.display(description=gettext_lazy("Outcome"))
    def outcome_cell(self, delivery: Delivery) -> SafeString:
        """How it stands."""
        if delivery.delivered_at:
            return chip(_("Taken"), "good")
        if delivery.given_up_at:
            return chip(_("Given up"), "bad", title=spoken(delivery.error))
        if delivery.tries:
            return chip(_("Tries again later"), "warn", title=spoken(delivery.error))
        return chip(_("Waiting"), "info")

    @admin.display(description=gettext_lazy("Answer, redacted"))
    def answer_cell(self, delivery: Delivery) -> SafeString:
        """What the program said."""
        return format_html('<pre class="hd-pre">{}</pre>', delivery.answer or "—")

    @admin.display(description=gettext_lazy("Body"))
    def body_cell(self, delivery: Delivery) -> SafeString:
        """What it was told."""
        return format_html('<pre class="hd-pre">{}</pre>', delivery.body)

    def get_urls(self) -> list[URLPattern]:
        """Also the button's target."""
        view = self.admin_site.admin_view(require_POST(self.again_view))
        return [
            path("<int:pk>/again/", view, name="uploads_delivery_again"),
            *super().get_urls(),
        ]

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Deliver it once more."""
        if not request.user.has_perm("uploads.change_webhook"):
            raise PermissionDenied
        delivery = get_object_or_404(Delivery, pk=pk)
        delivery_again(delivery)
        messages.success(request, _("It is delivered again within seconds."))
        return HttpResponseRedirect(reverse("admin:uploads_delivery_change", args=[pk]))
