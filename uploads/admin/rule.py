"""Rules that approve: their conditions, a dry run, and their history."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from common.admin import STYLES, chip
from releases.admin.acting import actor_id
from releases.admin.readonly import page_url
from trackers.selectors import tracker_choices
from uploads.models import ApprovalRule
from uploads.services.rules import Trial, rule_delete, rule_save, rule_trial

FIELDS = (
    *("name", "trackers", "kind", "library", "watch_folder", "made_by"),
    *("no_warnings", "is_active"),
)
MOST_LINES = 50


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """Conditions; none of them narrows by being left empty."""

    trackers = forms.MultipleChoiceField(
        label=gettext_lazy("Trackers"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=gettext_lazy("None chosen: every tracker."),
    )

    class Meta:
        model = ApprovalRule
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "trackers" not in self.fields:  # who only looks gets no fields
            return
        choose = self.fields["trackers"]
        assert isinstance(choose, forms.MultipleChoiceField)  # noqa: S101 - typing
        known = tracker_choices()
        slugs = [slug for slug, _name in known]
        lost = [slug for slug in self.instance.trackers if slug not in slugs]
        choose.choices = [*known, *((slug, slug) for slug in lost)]


@admin.register(ApprovalRule)
class ApprovalRuleAdmin(ModelAdmin):
    """Only admins make them; everybody sees what they do."""

    form = RuleForm
    list_display = (
        *("name", "state_cell", "conditions_cell", "used_cell", "updated_at"),
    )
    list_select_related = ("library", "watch_folder__library", "made_by")
    search_fields = ("name",)
    fields = FIELDS
    change_form_outer_after_template = "admin/uploads/approvalrule/after.html"

    class Media:
        css = {"all": [STYLES]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApprovalRule]:
        """Rules with how often each was used."""
        rows: QuerySet[ApprovalRule] = super().get_queryset(request)
        return rows.annotate(uses=Count("approval"))

    def save_model(
        self, request: HttpRequest, obj: ApprovalRule, form: Any, change: bool
    ) -> None:
        """By the service that keeps the history."""
        rule_save(obj, actor_id=actor_id(request))

    def delete_model(self, request: HttpRequest, obj: ApprovalRule) -> None:
        """By the service that keeps the history."""
        rule_delete(obj, actor_id=actor_id(request))

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[ApprovalRule]
    ) -> None:
        """One by one, for the history."""
        for rule in queryset:
            rule_delete(rule, actor_id=actor_id(request))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Also the dry run, and who changed it."""
        rule = self.get_object(request, object_id)
        context = {**(extra_context or {})}
        if rule is not None and request.method == "GET":
            now, past = rule_trial(rule)
            context |= {
                "trials": [
                    (_("What it would approve now"), *_shown(now)),
                    (
                        _("What it would have approved in the last 30 days"),
                        *_shown(past),
                    ),
                ],
                "rule_events": rule.events.select_related("actor")[:MOST_LINES],
            }
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=gettext_lazy("State"), ordering="is_active")
    def state_cell(self, rule: ApprovalRule) -> SafeString:
        """Whether it approves anything."""
        return chip(_("On"), "good") if rule.is_active else chip(_("Off"))

    @admin.display(description=gettext_lazy("Approves"))
    def conditions_cell(self, rule: ApprovalRule) -> str:
        """Its conditions in a line."""
        return conditions_text(rule.conditions)

    @admin.display(description=gettext_lazy("Used"), ordering="uses")
    def used_cell(self, rule: Any) -> str:
        """How many decisions were its own."""
        return str(rule.uses)


def conditions_text(conditions: dict[str, Any]) -> str:
    """A rule's conditions in a line."""
    words = [
        str(conditions.get("kind") or _("any kind")),
        ", ".join(conditions.get("trackers", ())) or _("every tracker"),
    ]
    for name, text in (
        ("library", _("library %s")),
        ("watch_folder", _("from %s")),
        ("made_by", _("by %s")),
    ):
        if conditions.get(name):
            words.append(text % conditions[name])
    if conditions.get("no_warnings"):
        words.append(_("no warnings"))
    return " · ".join(words)


def _shown(trials: list[Trial]) -> tuple[SafeString, int, int]:
    """The table of a dry run, how many it approves, and of how many."""
    rows = [
        {
            "release": one.upload.release,
            "url": page_url(one.upload.release),
            "tracker": one.upload.tracker.name,
            "objection": one.objection,
            "decided": one.decided,
        }
        for one in trials[:MOST_LINES]
    ]
    table = render_to_string(
        "admin/uploads/approvalrule/trial.html",
        {"rows": rows, "more": len(trials) - len(rows)},
    )
    good = sum(not one.objection for one in trials)
    return format_html("{}", table), good, len(trials)
