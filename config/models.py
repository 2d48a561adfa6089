"""What the API remembers: whose tokens may do what, and answers it gave."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.roles import ROLES

ROLE_CHOICES = [(name, name) for name in ROLES]


class TokenLabel(models.Model):
    """What is known of a token beside its hash.

    `scope` is the role above which it may do nothing, whatever its owner may; empty:
    all that the owner may. `last_used_at` is true to the minute.
    """

    token = models.OneToOneField(
        "knox.AuthToken", on_delete=models.CASCADE, related_name="label"
    )
    name = models.CharField(max_length=100, blank=True)
    scope = models.CharField(max_length=20, choices=ROLE_CHOICES, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("token label")
        verbose_name_plural = gettext_lazy("token labels")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name or _("a token")


class ScopedUser(User):
    """A person as one of their tokens lets them be: never more than its scope."""

    scope = ""
    _scope_permissions: frozenset[str] | None = None

    class Meta:
        proxy = True
        default_permissions = ()

    @classmethod
    def of(cls, user: User, scope: str) -> "ScopedUser":
        """The person, held to what the role `scope` may."""
        names = [field.attname for field in User._meta.concrete_fields]
        found = cls.from_db(
            user._state.db, names, [getattr(user, name) for name in names]
        )
        found.scope = scope
        return found

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """What the person may, and the scope as well."""
        return perm in self._allowed() and super().has_perm(perm, obj)

    def has_perms(self, perm_list: Iterable[str], obj: Any = None) -> bool:
        """Each of them."""
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the scope has anything there, and the person as well."""
        inside = any(perm.startswith(f"{app_label}.") for perm in self._allowed())
        return inside and super().has_module_perms(app_label)

    def _allowed(self) -> frozenset[str]:
        if self._scope_permissions is None:
            rows = Permission.objects.filter(group__name=self.scope)
            self._scope_permissions = frozenset(
                f"{app}.{name}"
                for app, name in rows.values_list(
                    "content_type__app_label", "codename"
                ).order_by()
            )
        return self._scope_permissions


class StoredAnswer(models.Model):
    """The answer to one POST that came with an Idempotency-Key, for a day.

    `fingerprint` tells whether the same key came with the same request again; it is
    keyed, so that nothing of a body can be guessed from it. While the request runs
    there is no `status`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    key = models.CharField(max_length=255)
    path = models.CharField(max_length=500)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    started_at = models.DateTimeField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = gettext_lazy("stored answer")
        verbose_name_plural = gettext_lazy("stored answers")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key", "path"], name="answer_once_per_key"
            )
        ]

    def __str__(self) -> str:
        return _("%(key)s at %(path)s") % {"key": self.key, "path": self.path}
