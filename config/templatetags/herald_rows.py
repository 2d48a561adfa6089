"""The rows of the admin's lists: unfold's, with what they have in common made once.

unfold makes the heads of all columns anew for every row, which takes longer than all
else about a list.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import (  # type: ignore[attr-defined]
    _coerce_field_name,  # unfold's columns are named by it
)
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.templatetags.base import InclusionAdminNode
from django.contrib.admin.utils import lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.template.base import Parser, Token
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.templatetags.unfold_list import (
    CHECKBOX_CLASSES,
    LINK_CLASSES,
    ROW_CLASSES,
    UnfoldResultList,
    result_headers,
    result_list,
)
from unfold.utils import display_for_field, display_for_value

register = template.Library()


@register.tag
def herald_rows(parser: Parser, token: Token) -> InclusionAdminNode:
    """The table of a list, in unfold's template: `{% herald_rows cl %}`."""
    found: Any = InclusionAdminNode  # typed as in a later Django
    node: InclusionAdminNode = found(
        parser, token, func=rows_context, template_name="change_list_results.html"
    )
    return node


def rows_context(context: Mapping[str, Any], cl: Any) -> dict[str, Any]:
    """What that template shows. Lists of a form or in a pop-up stay unfold's."""
    if cl.formset or cl.is_popup:
        found: dict[str, Any] = result_list(context, cl)
        return found
    headers = list(result_headers(cl))
    columns = [
        Column(cl, place, header["text"]) for place, header in enumerate(headers)
    ]
    return {
        "cl": cl,
        "result_hidden_fields": [],
        "result_headers": headers,
        "num_sorted_fields": sum(
            1 for one in headers if one["sortable"] and one["sorted"]
        ),
        "results": [
            UnfoldResultList(row, None, [column.cell(row) for column in columns])
            for row in cl.result_list
        ],
        "actions_row": context.get("actions_row"),
        "has_add_permission": cl.model_admin.has_add_permission(context["request"]),
    }


class Column:
    """One column of a list; `place` is its number, `label` its head."""

    def __init__(self, cl: Any, place: int, label: Any) -> None:
        self._cl, self._admin = cl, cl.model_admin
        self._name = cl.list_display[place]
        self._empty = self._admin.get_empty_value_display()
        links = cl.list_display_links
        self._is_link = links is not None and self._name in links
        is_first = self._is_link and not any(
            name in links for name in cl.list_display[:place]
        )
        self._tag = "th" if is_first else "td"
        self._label = label if place or self._is_link else _("Select record")
        classes = [f"field-{_coerce_field_name(self._name, place)}", *ROW_CLASSES]
        if self._name == "action_checkbox":
            classes = CHECKBOX_CLASSES
        self._open = self._opening(classes)
        self._open_moment = self._opening([*classes, "nowrap"])

    def _opening(self, classes: list[str]) -> SafeString:
        return format_html(
            '<{} class="{}" data-label="{}">', self._tag, " ".join(classes), self._label
        )

    def cell(self, row: models.Model) -> SafeString:
        """The row's cell in this column."""
        text, is_moment = self._text(row)
        if self._is_link:
            text = self._link(row, text)
        opening = self._open_moment if is_moment else self._open
        return format_html("{}{}</{}>", opening, text, self._tag)

    def _text(self, row: models.Model) -> tuple[Any, bool]:
        """What stands in the cell, and whether it is kept on one line."""
        try:
            field, attr, value = lookup_field(self._name, row, self._admin)
        except ObjectDoesNotExist:
            return self._empty, False
        empty = getattr(attr, "empty_value_display", self._empty)
        if field is None or field.auto_created:
            shown = display_for_value(value, empty, getattr(attr, "boolean", False))
            return shown, isinstance(value, datetime.date | datetime.time)
        if isinstance(field.remote_field, models.ManyToOneRel):
            value = getattr(row, field.name)
            return empty if value is None else value, True
        shown = display_for_field(value, field, empty)
        return shown, isinstance(field, models.DateField | models.TimeField)

    def _link(self, row: models.Model, text: Any) -> SafeString:
        kept = {
            "preserved_filters": self._cl.preserved_filters,
            "opts": self._cl.opts,
        }
        url = add_preserved_filters(kept, self._cl.url_for_result(row))
        return format_html(
            '<a href="{}" class="{}" >{}</a>', url, " ".join(LINK_CLASSES), text
        )
