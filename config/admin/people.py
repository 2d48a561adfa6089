"""Users, groups and API tokens, in the admin's own look."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from knox.models import AuthToken
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from common.admin import STYLES
from common.deleting import doomed
from common.ids import is_id
from config.admin.account import SignInPages
from config.people.history import account_history
from config.people.models import PersonEvent
from config.people.services.events import event_note
from config.people.services.sessions import sessions_end
from releases.admin.readonly import page_url
from uploads.admin.credential import what_stops
from uploads.admin.history import HistoryFilter, history_context, page_number
from uploads.history import person_history

# What only a superuser may hand out.
GRANTS = ("is_superuser",)
ROLE = ("is_active", "is_staff", "groups", "is_superuser")
DATES = ("last_login", "date_joined")

admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.unregister(AuthToken)
# knox comes without translations, and calls it otherwise.
AuthToken._meta.verbose_name = gettext_lazy("API token")
AuthToken._meta.verbose_name_plural = gettext_lazy("API tokens")


@admin.register(User)
class HeraldUserAdmin(SignInPages, UserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """People and their roles. A role is a group; docs/operations.md names them."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "roles", "is_active", "is_staff", "last_login")
    list_filter = ("groups", "is_active", "is_staff", "is_superuser")
    filter_horizontal = ()
    readonly_fields = DATES
    change_form_outer_before_template = "admin/auth/user/top.html"
    # Power comes by roles; permissions of single people would be lost from sight.
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("Person"), {"fields": ("first_name", "last_name", "email")}),
        (gettext_lazy("Role"), {"fields": ROLE}),
        (gettext_lazy("Dates"), {"fields": DATES}),
    )

    class Media:
        css = {"all": [STYLES]}

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """The form, below links to what else concerns the person."""
        person = self.get_object(request, object_id)
        may = self.has_change_permission(request, person)
        context = {"may_change_person": may, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """All that the person did, by kind and period."""
        if not self.has_view_permission(request) or not is_id(object_id):
            raise PermissionDenied
        person = get_object_or_404(User, pk=object_id)
        chosen = HistoryFilter(request.GET)
        page = person_history(
            person,
            number=page_number(request),
            accounts=[account_history(person)],
            **chosen.chosen,
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What %(name)s did") % {"name": person.get_username()},
            "back": page_url(person),
            "filter": chosen,
            **history_context(request, page),
        }
        return TemplateResponse(request, "admin/uploads/history.html", context)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> Any:
        """A password that an admin sets ends the person's sessions."""
        before = User.objects.filter(pk=id).values_list("password", flat=True).first()
        answer = super().user_change_password(request, id, form_url)
        person = User.objects.filter(pk=id).first()
        if person is not None and person.password != before:
            actor = cast(User, request.user)
            sessions_end(person, actor=actor, keep=request.session.session_key)
            event_note(PersonEvent.Kind.PASSWORD, person=person, actor=actor)
        return answer

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Roles as check boxes: there are few."""
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """People with their groups, which the list shows."""
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.prefetch_related("groups")

    @admin.display(description=gettext_lazy("Roles"))
    def roles(self, user: User) -> str:
        """The names of the person's groups."""
        return ", ".join(group.name for group in user.groups.all()) or _("none")

    def get_readonly_fields(
        self, request: HttpRequest, obj: User | None = None
    ) -> tuple[str, ...]:
        """Nobody gives more power than they have."""
        own = tuple(super().get_readonly_fields(request, obj))
        return own if request.user.is_superuser else (*own, *GRANTS)

    def has_change_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        """A superuser is changed by superusers only, the password included."""
        return self._may_touch(request, obj) and bool(
            super().has_change_permission(request, obj)
        )

    def has_delete_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        """A superuser is deleted by superusers only."""
        return self._may_touch(request, obj) and bool(
            super().has_delete_permission(request, obj)
        )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What is lost with a person, and how to keep it."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        (person,) = objs
        warnings = []
        if person_history(person).entries:
            warnings.append(
                _(
                    "What %(name)s did stays in the history, but no longer under that "
                    "name, and what they saved in forms of the admin goes. To keep it, "
                    "switch the account off instead: untick “Active” on its page."
                )
                % {"name": person.get_username()}
            )
        own = person.credentials.select_related("tracker").defer("values")
        warnings += what_stops(own, deleted=True)
        return doomed(found, warnings), counts, lacking, protected

    def _may_touch(self, request: HttpRequest, obj: User | None) -> bool:
        return obj is None or not obj.is_superuser or request.user.is_superuser

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No bulk delete: it would not ask who is a superuser."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


@admin.register(Group)
class HeraldGroupAdmin(GroupAdmin, ModelAdmin):
    """Roles: viewer, preparer, approver, admin, and any group made here."""

    list_display = ("name", "members")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        """Groups with the number of their members."""
        rows: QuerySet[Group] = super().get_queryset(request)
        return rows.annotate(member_count=Count("user"))

    @admin.display(description=gettext_lazy("Members"), ordering="member_count")
    def members(self, group: Group) -> int:
        """How many people are in it."""
        return int(getattr(group, "member_count", 0))


@admin.register(AuthToken)
class TokenAdmin(ModelAdmin):
    """API tokens: who has one, and until when. Deleting one revokes it.

    Nothing of the token is shown: it was, once, to whoever made it.
    """

    list_display = ("owner", "label", "scope", "made_at", "ends_at", "last_used_at")
    list_display_links = ("owner",)
    list_select_related = ("user", "label")
    search_fields = ("user__username", "label__name")
    ordering = ("-created",)
    fields = list_display
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: everybody makes their own, under “My account”."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: AuthToken | None = None
    ) -> bool:
        """Never: a token is revoked, not changed."""
        return False

    @admin.display(description=gettext_lazy("User"), ordering="user__username")
    def owner(self, token: AuthToken) -> str:
        """Whose it is."""
        return str(token.user)

    @admin.display(description=gettext_lazy("Created"), ordering="created")
    def made_at(self, token: AuthToken) -> Any:
        """When it was made."""
        return token.created

    @admin.display(description=gettext_lazy("Expiry"), ordering="expiry")
    def ends_at(self, token: AuthToken) -> Any:
        """Until when it is good."""
        return token.expiry

    @admin.display(
        description=gettext_lazy("Name"), ordering="label__name", empty_value="—"
    )
    def label(self, token: AuthToken) -> str:
        """What its owner calls it."""
        return str(_label(token, "name"))

    @admin.display(description=gettext_lazy("Scope"))
    def scope(self, token: AuthToken) -> str:
        """What it may do."""
        return str(_label(token, "scope")) or _("all its owner may")

    @admin.display(description=gettext_lazy("Last used"), empty_value="—")
    def last_used_at(self, token: AuthToken) -> Any:
        """To the minute."""
        return _label(token, "last_used_at")


def _label(token: AuthToken, name: str) -> Any:
    """Of the row beside a token, which those from earlier versions lack."""
    return getattr(getattr(token, "label", None), name, "")
