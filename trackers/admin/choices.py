"""Which template a tracker uses for which kind, edited on the tracker's page."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import ForeignKey
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminSelectWidget

from trackers.kinds import KINDS
from trackers.models import TemplateChoice
from trackers.template_rules import check_choice, templates_with_text


def without_pop_ups(field: Any) -> Any:
    """A form field of related rows without its add, change and view buttons."""
    if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
        field.widget = field.widget.widget
    return field


class TemplateChoiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """One kind and its template."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=KINDS, widget=UnfoldAdminSelectWidget()
    )

    class Meta:
        model = TemplateChoice
        fields = ("kind", "template")


class TemplateChoices(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The choices of one tracker, which may be a new one."""

    def clean(self) -> None:
        """Each template must be made for its kind, and for sites of this family."""
        super().clean()
        for form in self.forms:
            given = getattr(form, "cleaned_data", {})
            if not given.get("template") or not given.get("kind"):
                continue
            try:
                check_choice(
                    given["template"], kind=given["kind"], family=self.instance.family
                )
            except forms.ValidationError as exc:
                form.add_error("template", exc)


class TemplateChoiceInline(TabularInline):
    """Templates per kind."""

    model = TemplateChoice
    form = TemplateChoiceForm
    formset = TemplateChoices
    extra = 0
    show_title = False
    if not hasattr(TabularInline, "show_title"):
        hide_title = True  # its name before unfold 0.104
    verbose_name = _("template")
    verbose_name_plural = _("Templates per kind")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With their templates, which each row names."""
        return super().get_queryset(request).select_related("template", "tracker")

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Only templates that have a text."""
        if db_field.name == "template":
            kwargs["queryset"] = templates_with_text()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Without the buttons for pop-ups: a template has pages of its own."""
        return without_pop_ups(
            super().formfield_for_dbfield(db_field, request, **kwargs)
        )
