"""What somebody typed into a field and was refused: shown there again, once."""

from collections.abc import Iterable

from django.http import HttpRequest

from releases.admin.review import FieldRow

KEPT = "refused_edit"
MOST_CHARACTERS = 100_000


def refused_keep(request: HttpRequest, pk: int, name: str, said: str) -> None:
    """Keep what was typed for the page of release `pk`, which is opened next."""
    if request.POST.get("action", "save") != "save":
        return
    typed = request.POST.get("value", "")
    if len(typed) <= MOST_CHARACTERS:
        request.session[KEPT] = {"pk": pk, "name": name, "typed": typed, "said": said}


def refused_show(request: HttpRequest, pk: int, rows: Iterable[FieldRow]) -> None:
    """Put it into its row, with the sentence that refused it, and forget it."""
    if KEPT not in request.session:
        return
    kept = request.session.pop(KEPT)
    for row in rows:
        if kept["pk"] == pk and row.spec.name == kept["name"]:
            row.edit_text, row.refused = kept["typed"], kept["said"]
