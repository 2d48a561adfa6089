"""What lists of the API can be asked for: whatever else is said is refused, not ignored.

A program that misspells a filter would otherwise work on rows that it never wanted.
Every refusal is `invalid`, with the parameter's name and what it may be.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import BooleanField, QuerySet
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.request import Request

TRUTHS: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}
LONGEST_NAME = 100


def refuse(name: str, sentence: str) -> ValidationError:
    """The error for one parameter."""
    return ValidationError({name[:LONGEST_NAME]: [sentence]})


def refuse_unknown(asked: Iterable[str], known: Iterable[str]) -> None:
    """Raise ValidationError for the names that nothing reads."""
    names = sorted(set(known))
    sentence = f"There is no such parameter here. Known are: {', '.join(names)}."
    unknown = [name[:LONGEST_NAME] for name in asked if name not in names]
    if unknown:
        raise ValidationError({name: [sentence] for name in unknown})


def page_size(asked: Mapping[str, str], *, usual: int, most: int) -> int:
    """How many rows a page has. Raises ValidationError for what is no number."""
    said = asked.get("page_size", "")
    if not said:
        return usual
    digits = said.lstrip("0") if said.isascii() and said.isdecimal() else ""
    if not digits:
        raise refuse(
            "page_size",
            f"Give a whole number from 1 to {most}, or leave it out for {usual}. More "
            f"than {most} are {most}.",
        )
    return most if len(digits) > len(str(most)) else min(int(digits), most)


def is_counted(asked: Mapping[str, str]) -> bool:
    """Whether all rows are to be counted. Raises ValidationError for odd words."""
    said = asked.get("count", "")
    if said not in ("", "true", "false"):
        raise refuse("count", "Say true to have all rows counted, or leave it out.")
    return said == "true"


class TruthField(forms.Field):
    """True or false as words; Django's own takes whatever else it reads for neither."""

    def to_python(self, value: Any) -> bool | None:
        """None when nothing was said. Raises ValidationError for another word."""
        text = str(value or "").lower()
        if text and text not in TRUTHS:
            raise forms.ValidationError("Say true or false.")
        return TRUTHS.get(text)


class TruthFilter(filters.BooleanFilter):  # type: ignore[misc]  # it has no types
    """Whether something is so."""

    field_class = TruthField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": forms.TextInput, **kwargs})


class ListFilters(filters.FilterSet):  # type: ignore[misc]  # it has no types
    """Filters that say what they could have been."""

    FILTER_DEFAULTS: Mapping[Any, Any] = {
        **filters.FilterSet.FILTER_DEFAULTS,
        BooleanField: {"filter_class": TruthFilter},
    }

    @property
    def form(self) -> forms.Form:
        """The fields that read what was said."""
        form: forms.Form = super().form
        for field in form.fields.values():
            field.error_messages.update(_hints(field))
        return form


def _hints(field: forms.Field) -> dict[str, str]:
    """What a refusal says that can be said better."""
    if isinstance(field, forms.ModelChoiceField):
        return {"invalid_choice": "There is none with this id."}
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        known = ", ".join(str(value) for value, _name in choices if value)
        return {"invalid_choice": f"It must be one of: {known}."}
    if isinstance(field, forms.DateTimeField):
        return {"invalid": "Give a time such as 2026-01-31T12:00:00Z."}
    return {}


class Filters(filters.DjangoFilterBackend):  # type: ignore[misc]  # it has no types
    """A list's own filters."""

    filterset_base = ListFilters

    def names(self, view: Any, queryset: QuerySet[Any]) -> list[str]:
        """The parameters that it reads."""
        found = self.get_filterset_class(view, queryset)
        return list(found.base_filters) if found else []


class Search(SearchFilter):
    """Words, where a list can be searched."""

    def names(self, view: Any, queryset: QuerySet[Any]) -> list[str]:
        """The parameters that it reads."""
        return [self.search_param] if getattr(view, "search_fields", None) else []

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """For the OpenAPI description."""
        if not self.names(view, view.queryset):
            return []
        return list(super().get_schema_operation_parameters(view))


class Ordering(OrderingFilter):
    """The columns that a list names, each with or without a minus before it."""

    def names(self, view: Any, queryset: QuerySet[Any]) -> list[str]:
        """The parameters that it reads."""
        return [self.ordering_param] if _columns(view) else []

    def remove_invalid_fields(
        self,
        queryset: QuerySet[Any],
        fields: Iterable[str],
        view: Any,
        request: Request,
    ) -> list[str]:
        """The columns as they were asked for. Raises ValidationError for another one."""
        columns = _columns(view)
        asked = [name for name in fields if name]
        if any(name.removeprefix("-") not in columns for name in asked):
            raise refuse(
                self.ordering_param,
                f"This list can be ordered by {', '.join(columns)}; a minus before a "
                "name turns it round, and commas separate several.",
            )
        return asked

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """For the OpenAPI description."""
        columns = "|".join(_columns(view))
        if not columns:
            return []
        (found,) = super().get_schema_operation_parameters(view)
        one = f"-?({columns})"
        found["schema"] = {"type": "string", "pattern": f"^{one}(,{one})*$"}
        return [found]


def _columns(view: Any) -> Sequence[str]:
    return getattr(view, "ordering_fields", None) or ()
