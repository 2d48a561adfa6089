"""The login page: name and password, then the code of whoever has a second factor."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from unfold.forms import AuthenticationForm
from unfold.widgets import BASE_INPUT_CLASSES

from common.errors import AppError
from config.people.errors import LoginLocked
from config.people.models import PersonEvent
from config.people.services.second_factor import factor_of
from config.people.services.sessions import session_begin
from config.people.services.signing_in import code_step, locked_until, login_done

# The first step waits so long for the second.
PATIENCE_S = 300
FIRST_STEP = "first_step"
LOCKED = 429


class SignInForm(AuthenticationForm):
    """Name and password; says when a locked name may be tried again."""

    # One sentence for all that can be wrong: it shall not tell who has an account.
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "The username or the password is wrong, or this account may not open "
            "these pages. Capital and small letters differ."
        ),
    }
    locked = False

    def clean(self) -> Any:
        """A name longer than any is a wrong one; no database would count its tries."""
        name: str = self.cleaned_data.get("username", "")
        if len(name) > (self.username_field.max_length or 0):
            raise super().get_invalid_login_error()
        return super().clean()

    def get_invalid_login_error(self) -> forms.ValidationError:
        """The usual sentence, or that too many tries were wrong."""
        name = self.cleaned_data.get("username", "")
        until = locked_until(self.request, name)
        self.locked = until is not None
        if until:
            return forms.ValidationError(LoginLocked(until).message, code="locked")
        usual: forms.ValidationError = super().get_invalid_login_error()
        return usual


class SignInView(LoginView):
    """Whoever has a second factor is asked for it before the session begins."""

    def form_valid(self, form: Any) -> HttpResponse:
        """In, or on to the second step."""
        person = cast(User, form.get_user())
        if factor_of(person) is None:
            return _let_in(self.request, person, person.backend, self.get_success_url())
        self.request.session[FIRST_STEP] = {
            "person": person.pk,
            "backend": person.backend,
            # A password that changes meanwhile ends the first step as well.
            "hash": person.get_session_auth_hash(),
            "at": timezone.now().timestamp(),
            "next": self.get_redirect_url(),
        }
        return HttpResponseRedirect(reverse("admin:login_code"))

    def form_invalid(self, form: Any) -> HttpResponse:
        """With the status that says so while the name is locked."""
        response = super().form_invalid(form)
        if getattr(form, "locked", False):
            response.status_code = LOCKED
        return response


class CodeForm(forms.Form):
    """A code of the app, or a backup code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Six digits from your authenticator app, or a backup code."),
        widget=forms.TextInput(
            attrs={
                "class": " ".join(BASE_INPUT_CLASSES),
                "autocomplete": "one-time-code",
                "autofocus": "",
                "spellcheck": "false",
            }
        ),
    )


@sensitive_post_parameters()
@csrf_protect
@never_cache
def code_view(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The second step of a login. `context` is what every page of the site gets."""
    step = request.session.get(FIRST_STEP)
    person = _first_step(step)
    if step is None or person is None:
        return HttpResponseRedirect(reverse("admin:login"))
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            code_step(request, person, form.cleaned_data["code"])
        except AppError as exc:
            form.add_error("code", exc.message)
            status = LOCKED if isinstance(exc, LoginLocked) else 200
        else:
            goal = step["next"] or reverse(settings.LOGIN_REDIRECT_URL)
            return _let_in(request, person, step["backend"], goal)
    page = {**context, "title": _("Second factor"), "form": form}
    return TemplateResponse(request, "admin/login_code.html", page, status=status)


def _first_step(step: dict[str, Any] | None) -> User | None:
    """Who gave the right password a moment ago."""
    if step is None or timezone.now().timestamp() - step["at"] > PATIENCE_S:
        return None
    person = User.objects.filter(pk=step["person"], is_active=True).first()
    if person is None or not constant_time_compare(
        step["hash"], person.get_session_auth_hash()
    ):
        return None
    return person


def _let_in(
    request: HttpRequest, person: User, backend: str, goal: str
) -> HttpResponse:
    request.session.pop(FIRST_STEP, None)
    login(request, person, backend=backend)
    session_begin(request)
    login_done(request, person, PersonEvent.Kind.SIGNED_IN)
    own = {request.get_host()}
    if not url_has_allowed_host_and_scheme(
        goal, own, require_https=request.is_secure()
    ):
        goal = reverse(settings.LOGIN_REDIRECT_URL)
    return HttpResponseRedirect(goal)
