"""The editor of a template: one text area per field, usable without JavaScript."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import TEXTAREA_CLASSES, UnfoldAdminTextInputWidget

from trackers.models import Template, TemplateVersion
from trackers.services.templates import version_fields

SOURCE: Final = "field-"
DROP: Final = "drop-"
FIELD_NAME = re.compile(r"_?[a-z][a-z0-9_]{0,49}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorRow:
    """One field on the page: its text area, its check box, and where it comes from."""

    name: str
    source: forms.BoundField
    drop: forms.BoundField
    inherited: str | None
    is_own: bool

    @property
    def is_open(self) -> bool:
        """What comes from the layout is folded away until somebody wants it."""
        return self.is_own or self.inherited is None or bool(self.source.errors)


class Lines(forms.Textarea):
    """A text area for source: as high as its text, in one width, never wrapped."""

    def __init__(self, source: str = "", *, label: str = "") -> None:
        rows = min(max(source.count("\n") + 2, 3), 28)
        super().__init__(
            attrs={
                "class": " ".join([*TEXTAREA_CLASSES, "ht-code"]),
                "rows": rows,
                "spellcheck": "false",
                "wrap": "off",
                "data-code": "liquid",
                "aria-label": label or gettext_lazy("Text"),
            }
        )


class TemplateEditForm(forms.Form):
    """Every field of a template, those of its layout too, and a note."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("What changed and why; shown in the list of versions."),
    )
    new_name = forms.CharField(
        label=gettext_lazy("Name of a new field"),
        max_length=51,
        required=False,
        widget=UnfoldAdminTextInputWidget({"spellcheck": "false"}),
        help_text=gettext_lazy(
            "Small letters, digits and _. A field that begins with _ is a part that "
            "other fields render."
        ),
    )
    new_source = forms.CharField(
        label=gettext_lazy("Its text"), required=False, strip=False, widget=Lines()
    )

    def __init__(
        self, *args: Any, template: Template, version: TemplateVersion | None, **kw: Any
    ) -> None:
        """`version` is what is edited: the newest, or an older one to go back to."""
        super().__init__(*args, **kw)
        self.own: Mapping[str, str] = dict(version.fields) if version else {}
        layout = template.layout.current if template.layout else None
        self.inherited: Mapping[str, str] = version_fields(layout) if layout else {}
        self.names = list({**self.inherited, **self.own, **_posted(self.data)})
        for name in self.names:
            text = self.own.get(name, self.inherited.get(name, ""))
            self.fields[SOURCE + name] = forms.CharField(
                label=name,
                required=False,
                strip=False,
                initial=text,
                widget=Lines(text, label=_("Text of %(field)s") % {"field": name}),
            )
            self.fields[DROP + name] = forms.BooleanField(
                label=_("From the layout") if name in self.inherited else _("Remove"),
                required=False,
                initial=name in self.inherited and name not in self.own,
            )

    @property
    def rows(self) -> list[EditorRow]:
        """The fields in order, as the page needs them."""
        return [
            EditorRow(
                name=name,
                source=self[SOURCE + name],
                drop=self[DROP + name],
                inherited=self.inherited.get(name),
                is_own=name in self.own,
            )
            for name in self.names
        ]

    def clean_new_name(self) -> str:
        """A name that templates can use and that is not there yet."""
        name: str = self.cleaned_data["new_name"]
        if name and not FIELD_NAME.fullmatch(name):
            raise forms.ValidationError(
                _(
                    "A field's name has small letters, digits and _ only, and begins "
                    "with a letter or _."
                )
            )
        if name in self.names:
            raise forms.ValidationError(_("There is a field of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        """A new text needs a name, and something must be left."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, inherited in self.inherited.items():
            text = cleaned.get(SOURCE + name, "").replace("\r\n", "\n")
            shown = ("", inherited, self.own.get(name, ""))
            if cleaned.get(DROP + name) and text not in shown:
                self.add_error(
                    SOURCE + name,
                    _(
                        "The text was changed, and “From the layout” is ticked. Take "
                        "the tick away to keep your text, or put the old text back."
                    ),
                )
        if cleaned.get("new_source") and not self.data.get("new_name", "").strip():
            self.add_error("new_name", _("Give the new field a name."))
        if not self.errors and not self.sources and not self.inherited:
            self.add_error(None, _("A template needs at least one field."))
        return cleaned

    @property
    def sources(self) -> dict[str, str]:
        """The template's own fields as they would be saved, with \\n line ends."""
        found = {
            name: self.cleaned_data.get(SOURCE + name, "").replace("\r\n", "\n")
            for name in self.names
            if not self.cleaned_data.get(DROP + name)
        }
        if new := self.cleaned_data.get("new_name"):
            found[new] = self.cleaned_data.get("new_source", "").replace("\r\n", "\n")
        return found

    def refuse(self, errors: Iterable[Mapping[str, Any]], fallback: str) -> None:
        """Show each error of syntax at its field; `errors` are TemplateError's."""
        shown = False
        for error in errors:
            name = error["field"]
            target = SOURCE + name if SOURCE + name in self.fields else None
            if target is None and name and name == self.cleaned_data.get("new_name"):
                target = "new_source"
            text = error["message"]
            if error["line"]:
                text = _("Line %(line)d: %(problem)s") % {
                    "line": error["line"],
                    "problem": text,
                }
            # add_error drops the value, and the page shows what was typed all the same.
            self.add_error(target, text if target else f"{name}: {text}")
            shown = True
        if not shown:
            self.add_error(None, fallback)


def _posted(data: Mapping[str, Any]) -> dict[str, str]:
    """Fields that a page brought back, so that no edit is lost to a newer version."""
    return {
        key.removeprefix(SOURCE): ""
        for key in data
        if key.startswith(SOURCE) and FIELD_NAME.fullmatch(key.removeprefix(SOURCE))
    }


def numbered(source: str) -> Any:
    """A source with line numbers, for pages that only show it."""
    lines = source.split("\n")
    width = len(str(len(lines)))
    body = "\n".join(f"{n:>{width}}  {line}" for n, line in enumerate(lines, start=1))
    return format_html('<pre class="hd-pre ht-source">{}</pre>', body)
