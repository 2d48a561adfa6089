"""A template's name, kind, family and layout."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from trackers.kinds import KINDS
from trackers.models import Template
from trackers.registry import families, get_adapter_class
from trackers.template_rules import check_template, possible_layouts


class TemplateSettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Everything but the text, which is in versions."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=KINDS, widget=UnfoldAdminSelectWidget()
    )
    family = forms.ChoiceField(label=_("Family"), widget=UnfoldAdminSelectWidget())

    class Meta:
        model = Template
        fields = ("name", "slug", "kind", "family", "layout")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        family = self.fields["family"]
        assert isinstance(family, forms.ChoiceField)  # noqa: S101 - for the type
        family.choices = [(one, get_adapter_class(one).label) for one in families()]
        layout = self.fields["layout"]
        assert isinstance(layout, forms.ModelChoiceField)  # noqa: S101 - for the type
        layout.queryset = possible_layouts(self.instance)
        if self.instance.is_builtin:
            # The list of known templates finds its own by slug.
            self.fields["slug"].disabled = True

    def clean(self) -> dict[str, Any]:
        """The rules that the API has as well."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        stored = Template.objects.filter(pk=self.instance.pk).first()
        names = ("slug", "kind", "family", "layout")
        try:
            check_template(stored, **{name: cleaned[name] for name in names})
        except forms.ValidationError as exc:
            self.add_error(None, exc)
        return cleaned
