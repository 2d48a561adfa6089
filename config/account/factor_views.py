"""The second factor: set up with a QR code, new backup codes, switched off."""

from typing import Any

import segno
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from common.errors import AppError
from config.account.forms import CodeForm, PasswordForm
from config.account.views import back, me
from config.people.errors import LoginLocked
from config.people.models import SecondFactor
from config.people.services.second_factor import (
    codes_renew,
    factor_address,
    factor_begin,
    factor_confirm,
    factor_demanded,
    factor_of,
    factor_remove,
)
from config.people.services.sessions import sessions_end


@sensitive_post_parameters()
def factor_view(request: HttpRequest) -> HttpResponse:
    """Show the secret, and take a first code; then show the backup codes, this once."""
    person = me(request)
    try:
        row = factor_begin(person)
    except AppError as exc:
        messages.error(request, exc.message)
        return back()
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            codes = factor_confirm(person, form.cleaned_data["code"])
        except AppError as exc:
            form.add_error("code", exc.message)
            status = 429 if isinstance(exc, LoginLocked) else 200
        else:
            # Sessions that began without a second factor end.
            sessions_end(person, actor=person, keep=request.session.session_key)
            return _codes(request, codes)
    return _page(
        request,
        "admin/account/second_factor.html",
        status=status,
        title=_("Set up the second factor"),
        form=form,
        picture=_picture(row),
        secret=_in_fours(row.secret["key"]),
        demanded=factor_demanded(person),
    )


@sensitive_post_parameters()
def codes_view(request: HttpRequest) -> HttpResponse:
    """New backup codes, once the password was given."""
    person = me(request)
    form = PasswordForm(request, person)
    if factor_of(person) is not None and request.method == "POST" and form.is_valid():
        return _codes(request, codes_renew(person))
    return _asked(request, form, _("New backup codes"), _("Make new codes"))


@sensitive_post_parameters()
def off_view(request: HttpRequest) -> HttpResponse:
    """Switch it off, once the password was given."""
    person = me(request)
    form = PasswordForm(request, person)
    if request.method == "POST" and form.is_valid():
        factor_remove(person, actor=person)
        messages.success(request, _("The second factor is off."))
        return back()
    return _asked(request, form, _("Switch the second factor off"), _("Switch it off"))


def _asked(
    request: HttpRequest, form: PasswordForm, title: str, button: str
) -> HttpResponse:
    return _page(
        request,
        "admin/account/password.html",
        status=429 if form.locked else 200,
        title=title,
        form=form,
        button=button,
    )


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return _page(
        request, "admin/account/codes.html", title=_("Your backup codes"), codes=codes
    )


def _page(
    request: HttpRequest, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    page = {**admin.site.each_context(request), **context}
    response = TemplateResponse(request, template, page, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _picture(row: SecondFactor) -> SafeString:
    """The QR code as inline SVG, dark on white in every theme."""
    code = segno.make(factor_address(row), error="m")
    picture = code.svg_inline(scale=5, dark="#000", light="#fff", border=4)
    return mark_safe(picture)  # noqa: S308 - drawn here


def _in_fours(key: str) -> str:
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))
