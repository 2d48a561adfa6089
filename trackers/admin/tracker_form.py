"""The form for a tracker: options and torrent rules as fields, never as JSON."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from common.figures import size_text
from trackers.addresses import check_announce_url, check_base_url
from trackers.budget_rules import ACTIONS, budgets_text, read_budgets
from trackers.kinds import KINDS
from trackers.models import Tracker
from trackers.registry import families, get_adapter_class
from trackers.types import OptionField

OPTION: Final = "option_"
RULE: Final = "rule_"
NUMBER_RULES: Final = ("max_piece_length", "max_torrent_bytes", "max_path_chars")
SMALLEST_PIECE, LARGEST_PIECE = 2**14, 2**26
PIECE_LENGTHS: Final = tuple(
    2**power
    for power in range(SMALLEST_PIECE.bit_length() - 1, LARGEST_PIECE.bit_length())
)
_LINE = re.compile(r"(?P<upto>[0-9]{1,15}|any)\s*:\s*(?P<length>[0-9]{1,9})")


class TrackerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Everything about a site. `tracker_form` adds the family's options."""

    option_fields: tuple[OptionField, ...] = ()

    family = forms.ChoiceField(
        label=gettext_lazy("Family"),
        widget=UnfoldAdminSelectWidget(),
        help_text=gettext_lazy("The software that the site runs."),
    )
    base_url = forms.CharField(
        label=gettext_lazy("Base URL"),
        max_length=300,
        validators=[check_base_url],
        widget=UnfoldAdminURLInputWidget(),
        help_text=gettext_lazy(
            "Where the site is, such as https://site.example; with a path only where "
            "the site has one."
        ),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds"),
        choices=KINDS,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=gettext_lazy("Kinds of release that it takes. None chosen: all."),
    )
    rule_max_piece_length = forms.TypedChoiceField(
        label=gettext_lazy("Largest piece length"),
        choices=[
            ("", gettext_lazy("Not known")),
            *((n, size_text(n)) for n in PIECE_LENGTHS),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )
    rule_max_torrent_bytes = forms.IntegerField(
        label=gettext_lazy("Largest .torrent file"),
        min_value=1,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=gettext_lazy("Bytes. Empty: not known."),
    )
    rule_max_path_chars = forms.IntegerField(
        label=gettext_lazy("Longest path"),
        min_value=1,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=gettext_lazy(
            "Characters of folder and file name together. Empty: not known."
        ),
    )
    rule_piece_table = forms.CharField(
        label=gettext_lazy("Piece length by size"),
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One line each, in bytes: content size, a colon, piece length; the last "
            "line may begin with “any”. Empty: Herald chooses."
        ),
    )
    narrow_budgets = forms.CharField(
        label=gettext_lazy("Of single actions"),
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 2, "spellcheck": "false"}),
    )

    class Meta:
        model = Tracker
        fields = (
            *("name", "slug", "family", "is_active", "base_url", "announce_url"),
            *("source_flag", "kinds", "budget_requests", "budget_seconds"),
            "concurrency",
        )
        labels = {
            "budget_requests": gettext_lazy("Requests"),
            "budget_seconds": gettext_lazy("in seconds"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        family = self.fields["family"]
        assert isinstance(family, forms.ChoiceField)  # noqa: S101 - for the type
        family.choices = [(one, get_adapter_class(one).label) for one in families()]
        self.fields["narrow_budgets"].help_text = _(
            "One line each, such as “search: 5 in 10” (requests in seconds), within "
            "the budget above. Actions: %(actions)s. Empty: none is narrower."
        ) % {"actions": ACTIONS}
        row = self.instance
        if row.pk:
            # Credentials belong to the family; releases name trackers by slug.
            for name in ("family", "slug"):
                self.fields[name].disabled = True
        self.initial["kinds"] = row.kinds
        for option in self.option_fields:
            self.initial[OPTION + option.name] = row.options.get(
                option.name, option.default
            )
        for name in NUMBER_RULES:
            self.initial[RULE + name] = row.torrent_rules.get(name)
        self.initial["narrow_budgets"] = budgets_text(row.action_budgets)
        self.initial["rule_piece_table"] = table_text(row.torrent_rules)

    def clean(self) -> dict[str, Any]:
        """The announce URL is a shape, which depends on the family."""
        cleaned: dict[str, Any] = super().clean() or {}
        url, family = cleaned.get("announce_url"), cleaned.get("family")
        if url and family:
            try:
                check_announce_url(url, family)
            except forms.ValidationError as exc:
                self.add_error("announce_url", exc)
        return cleaned

    def clean_rule_piece_table(self) -> list[list[int | None]]:
        """[[content bytes or None, piece length], …]."""
        return read_table(self.cleaned_data["rule_piece_table"])

    def clean_narrow_budgets(self) -> dict[str, list[int]]:
        """{action: [requests, seconds]}."""
        return read_budgets(self.cleaned_data["narrow_budgets"])

    def save(self, commit: bool = True) -> Any:
        """Put options and rules back into their JSON; unknown entries stay."""
        row = self.instance
        row.kinds = self.cleaned_data["kinds"]
        row.action_budgets = self.cleaned_data["narrow_budgets"]
        row.options = _merged(
            row.options,
            {o.name: self.cleaned_data[OPTION + o.name] for o in self.option_fields},
        )
        rules = {name: self.cleaned_data[RULE + name] for name in NUMBER_RULES}
        rules["piece_table"] = self.cleaned_data["rule_piece_table"]
        row.torrent_rules = _merged(row.torrent_rules, rules)
        return super().save(commit)


def tracker_form(family: str) -> type[TrackerForm]:
    """The form with the options of a family's adapter as fields of their own."""
    options = get_adapter_class(family).option_fields
    fields: dict[str, Any] = {
        OPTION + option.name: _option(option) for option in options
    }
    return type(
        "FamilyTrackerForm", (TrackerForm,), {**fields, "option_fields": options}
    )


def _option(option: OptionField) -> forms.Field:
    if option.choices:
        return forms.ChoiceField(
            label=_(option.label),
            choices=[(one, one) for one in option.choices],
            help_text=_(option.help_text) if option.help_text else "",
            widget=UnfoldAdminSelectWidget(),
        )
    return forms.CharField(
        label=_(option.label),
        required=False,
        help_text=_(option.help_text) if option.help_text else "",
        widget=UnfoldAdminTextInputWidget(),
    )


def _merged(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Given values over the old ones; an empty one takes its entry away."""
    kept = {name: value for name, value in before.items() if name not in given}
    return kept | {name: v for name, v in given.items() if v not in ("", None, [])}


def table_text(rules: Mapping[str, Any]) -> str:
    """The piece table as a person edits it."""
    return "\n".join(
        f"{'any' if upto is None else upto}: {length}"
        for upto, length in rules.get("piece_table", ())
    )


def read_table(text: str) -> list[list[int | None]]:
    """What a person typed as [[content bytes or None, piece length], …].

    Raises ValidationError that names the line.
    """
    table: list[list[int | None]] = []
    for number, line in enumerate(text.strip().splitlines(), start=1):
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise forms.ValidationError(
                _(
                    "Line %(line)d is not of the form “size: piece length”, such as "
                    "“536870912: 262144” or “any: 1048576”."
                )
                % {"line": number}
            )
        length = int(match["length"])
        if length not in PIECE_LENGTHS:
            raise forms.ValidationError(
                _(
                    "Line %(line)d: a piece length is a power of two from "
                    "%(smallest)d to %(largest)d."
                )
                % {
                    "line": number,
                    "smallest": SMALLEST_PIECE,
                    "largest": LARGEST_PIECE,
                }
            )
        upto = None if match["upto"] == "any" else int(match["upto"])
        if table and (
            table[-1][0] is None or (upto is not None and upto <= table[-1][0])
        ):
            raise forms.ValidationError(
                _(
                    "Line %(line)d: the sizes must grow from line to line, with “any” "
                    "last."
                )
                % {"line": number}
            )
        table.append([upto, length])
    return table
