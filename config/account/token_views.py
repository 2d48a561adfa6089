"""One's own API tokens: made, shown once, revoked."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from common.ids import is_id
from config.access import token_issue, token_revoke, tokens_of
from config.account.forms import TokenForm
from config.account.views import back, me
from config.people.models import PersonEvent
from config.people.services.events import event_note


def token_view(request: HttpRequest) -> HttpResponse:
    """The form for a new token; then the token itself, this once."""
    form, status = TokenForm(), 200
    context = {**admin.site.each_context(request), "title": _("New API token")}
    if request.method == "POST":
        form = TokenForm(request.POST)
        if form.is_valid():
            context |= _issued(request, form)
        else:
            status = 422
    answer = TemplateResponse(
        request, "admin/account/token.html", {**context, "form": form}, status=status
    )
    answer["Cache-Control"] = "no-store"
    return answer


def revoke_view(request: HttpRequest) -> HttpResponse:
    """End one of one's own tokens at once."""
    given = request.POST.get("token", "")
    label = tokens_of(me(request)).filter(pk=given).first() if is_id(given) else None
    if label is None:
        messages.info(request, _("There is no such token of yours any more."))
    else:
        token_revoke(label)
        messages.success(
            request,
            _("%(name)s is revoked. It opens nothing any more.")
            % {"name": label.name or _("The token")},
        )
    return back()


def _issued(request: HttpRequest, form: TokenForm) -> dict[str, object]:
    """Make the token, and what the page shows of it."""
    person = me(request)
    label, token = token_issue(person, **form.cleaned_data)
    event_note(
        PersonEvent.Kind.TOKEN_GIVEN, person=person, actor=person, detail=label.name
    )
    return {"title": _("Your API token"), "token": token, "label": label}
