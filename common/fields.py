"""A model field whose JSON object is encrypted in the database."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

from django.core import checks
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext as _

from common import vault
from common.errors import AppError

MASK = "[secret]"


class SecretDict(Mapping[str, Any]):
    """A read-only JSON object, decrypted when it is first looked into.

    Its repr and str are masked; a copy or a pickle of it holds the token only. To
    change it, assign a new mapping: `row.secrets = {**row.secrets, "api_key": new}`.
    Looking into one whose key is missing raises a VaultError; showing, copying and
    saving it does not. `remember` as in the vault.
    """

    __slots__ = ("_context", "_remember", "_token", "_value")

    def __init__(
        self, value: Mapping[str, Any], *, context: str, remember: bool = True
    ) -> None:
        self._value: dict[str, Any] | None = dict(value)
        self._token: str | None = None
        self._context = context
        self._remember = remember

    @classmethod
    def from_token(cls, token: str, context: str, remember: bool = True) -> Self:
        """The object in a token of the vault; nothing is decrypted yet."""
        new = cls({}, context=context, remember=remember)
        new._value, new._token = None, token
        return new

    @property
    def context(self) -> str:
        """What the token is bound to: `app.model.field`."""
        return self._context

    @property
    def token(self) -> str:
        """The encrypted form; made once, with the ring's first key."""
        if self._token is None:
            self._token = vault.encrypt_json(
                self._open(), context=self._context, remember=self._remember
            )
        return self._token

    @property
    def readable(self) -> bool:
        """Whether it can be decrypted now. For pages that must never fail."""
        try:
            self._open()
        except AppError:
            return False
        return True

    def _open(self) -> dict[str, Any]:
        if self._value is None:
            self._value = vault.decrypt_json(
                self.token, context=self._context, remember=self._remember
            )
        return self._value

    def __getitem__(self, key: str) -> Any:
        return self._open()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._open())

    def __len__(self) -> int:
        return len(self._open())

    def __repr__(self) -> str:
        return MASK

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self).from_token, (self.token, self._context, self._remember))


class SecretAttribute(DeferredAttribute):
    """Wraps what is assigned, so that no row ever shows a secret in its repr."""

    field: "EncryptedJSONField"

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.wrap(value)


if TYPE_CHECKING:
    _JSONObjectField = models.Field[Mapping[str, Any], SecretDict]
else:
    _JSONObjectField = models.Field


class EncryptedJSONField(_JSONObjectField):
    """A JSON object, stored as one encrypted text; None needs `null=True`.

    Reads give a `SecretDict`. Every lookup but `isnull` is refused. `context` binds
    the token and defaults to `app.model.field`: set it to the old one when the model
    or the field is renamed. There is no form field: secrets are write-only, each form
    decides how to take them. `remember`: False where the texts in it are no secrets each,
    such as a site's whole answer, and may well stand elsewhere.
    """

    description = "Encrypted JSON object"
    descriptor_class = SecretAttribute
    # Comparing with {} would decrypt; `validate` says what may be empty.
    empty_values = [None]

    def __init__(
        self, *args: Any, context: str = "", remember: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._given_context = context
        self._remember = remember  # the column is the same: no migration knows it

    @property
    def context(self) -> str:
        """What tokens of this field are bound to."""
        return self._given_context or f"{self.model._meta.label_lower}.{self.name}"

    def wrap(self, value: Any) -> Any:
        """Mappings and tokens become a SecretDict; all else stays what it is."""
        if isinstance(value, SecretDict) and value.context == self.context:
            return value
        if isinstance(value, Mapping):
            return SecretDict(value, context=self.context, remember=self._remember)
        if isinstance(value, str) and value.startswith(vault.PREFIX):
            return SecretDict.from_token(value, self.context, self._remember)
        return value

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self._given_context:
            kwargs["context"] = self._given_context
        return name, path, args, kwargs

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if self.unique or self.db_index:  # type: ignore[attr-defined]
            found.append(
                checks.Error(
                    "An encrypted field cannot be unique or indexed.",
                    hint="Equal secrets have different tokens; keep a plain column.",
                    obj=self,
                    id="common.E001",
                )
            )
        return found

    def get_internal_type(self) -> str:
        return "TextField"

    def from_db_value(self, value: str | None, *_: Any) -> SecretDict | None:
        if value is None:
            return None
        return SecretDict.from_token(value, self.context, self._remember)

    def to_python(self, value: Any) -> Any:
        value = self.wrap(value)
        if value is None or isinstance(value, SecretDict):
            return value
        raise ValidationError(_("Enter a JSON object."), code="invalid")

    def get_prep_value(self, value: Any) -> Any:
        value = self.wrap(super().get_prep_value(value))
        if isinstance(value, SecretDict):
            return value.token
        if value is None or hasattr(value, "resolve_expression"):
            return value
        raise TypeError(f"{self.context} takes a mapping or None, nothing else.")

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        # An unread token is not looked into: a row whose key is missing stays valid.
        if value is None:
            super().validate(value, model_instance)
        elif not self.blank and value.readable and not value:
            raise ValidationError(self.error_messages["blank"], code="blank")

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.get_prep_value(self.value_from_object(obj)))

    def formfield(self, *_: Any, **__: Any) -> None:
        return None

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(
            f"{self.context} is encrypted and cannot be searched by {lookup_name!r}; "
            "only isnull works."
        )
