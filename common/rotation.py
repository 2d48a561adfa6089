"""Re-encrypts every secret with the ring's first key.

Each row is its own small step: read the token, decrypt, encrypt, and write only if
the row still holds the token that was read. So it may be killed and started again at
any moment, and run beside people who edit.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models

from common import vault
from common.fields import EncryptedJSONField
from common.keys import key_ring

BATCH = 500
_TRIES = 5


@dataclass
class Rotation:
    """What a run found and did. Counts are stored values, not rows.

    `unreadable` names each value that could not be decrypted, as (model, primary key,
    field, sentence). `key_ids` counts the values by key as they are afterwards.
    """

    seen: int = 0
    rotated: int = 0
    unreadable: list[tuple[str, object, str, str]] = field(default_factory=list)
    key_ids: Counter[str] = field(default_factory=Counter)

    @property
    def removable(self) -> list[str]:
        """Keys of the ring that encrypt nothing in this database any more."""
        ring = key_ring()
        return [one for one in ring.ids[1:] if not self.key_ids[one]]

    @property
    def outstanding(self) -> int:
        """Values that some other key than the first still encrypts."""
        return self.key_ids.total() - self.key_ids[key_ring().first]


def encrypted_fields(
    tables: Iterable[type[models.Model]] | None = None,
) -> Iterator[EncryptedJSONField]:
    """Every encrypted field of the given models, or of all installed ones."""
    if tables is None:
        tables = apps.get_models(include_auto_created=True)
    for model in tables:
        if model._meta.proxy or not model._meta.managed:
            continue
        for one in model._meta.local_fields:
            if isinstance(one, EncryptedJSONField):
                yield one


def rotate(
    *, dry_run: bool = False, tables: Iterable[type[models.Model]] | None = None
) -> Rotation:
    """Re-encrypts what another key than the first encrypted; `dry_run` only counts.

    `tables` are the models to look through (None: all). KeyRingError without a key.
    """
    key_ring()
    result = Rotation()
    fields = list(encrypted_fields(tables))
    for one in fields:
        for pk, token in _tokens(one):
            result.seen += 1
            _rotate_value(one, pk, token, result, dry_run=dry_run)
    for one in fields:
        result.key_ids.update(_key_id(one, token) for _, token in _tokens(one))
    return result


def needed_keys() -> list[str]:
    """The ids of the keys that the stored secrets need, sorted."""
    return sorted(
        {_key_id(one, token) for one in encrypted_fields() for _, token in _tokens(one)}
    )


def _rotate_value(
    one: EncryptedJSONField, pk: object, token: str, result: Rotation, *, dry_run: bool
) -> None:
    """Brings one value under the first key, whatever happens to it meanwhile."""
    current: str | None = token
    for _ in range(_TRIES):
        if current is None or _key_id(one, current) == key_ring().first:
            return
        try:
            plaintext = vault.decrypt(current, context=one.context)
        except vault.VaultError as exc:
            name = one.model._meta.label
            result.unreadable.append((name, pk, one.name, exc.message))
            return
        fresh = vault.encrypt(plaintext, context=one.context)
        if dry_run or _swap(one, pk, current, fresh):
            result.rotated += 1
            return
        current = _rows(one).filter(pk=pk).values_list("_token", flat=True).first()


def _rows(one: EncryptedJSONField) -> models.QuerySet[models.Model]:
    """The table's rows with the raw token, which the field itself does not show."""
    raw = models.ExpressionWrapper(models.F(one.name), models.TextField())
    return one.model._base_manager.annotate(_token=raw).filter(_token__isnull=False)


def _tokens(one: EncryptedJSONField) -> Iterator[tuple[object, str]]:
    """Primary key and token of every row, in batches by primary key."""
    rows = _rows(one).order_by("pk").values_list("pk", "_token")
    batch = list(rows[:BATCH])
    while batch:
        yield from batch
        batch = list(rows.filter(pk__gt=batch[-1][0])[:BATCH])


def _swap(one: EncryptedJSONField, pk: object, old: str, new: str) -> bool:
    """Compare and set: False when the row holds another token by now."""
    fresh = models.Value(new, output_field=models.TextField())
    return _rows(one).filter(pk=pk, _token=old).update(**{one.name: fresh}) == 1


def _key_id(one: EncryptedJSONField, token: str) -> str:
    try:
        return vault.token_key_id(token, context=one.context)
    except vault.UnreadableSecret:
        return "?"
