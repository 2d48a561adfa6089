"""Approving many at once: the page that asks, and what was ticked on it."""

import html

LIST = "/admin/releases/release/"
APPROVE = "/admin/releases/release/approve/"
DOUBT = {
    "code": "other_recording",
    "message": "The files last 1 h, the book found lasts 2 h.",
    "path": "",
    "figures": [
        {
            "what": "Length",
            "files": "1:00:00",
            "catalogue": "2:00:00",
            "difference": "+1:00:00",
            "differs": True,
        }
    ],
}


def asked(client, who, *releases, url=LIST, **more):
    """The confirmation page for these releases, as text."""
    client.force_login(who)
    chosen = [release.pk for release in releases]
    data = {"action": "approve_chosen", "_selected_action": chosen, **more}
    answer = client.post(url, data)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def ticks(*drafts):
    return [f"{draft.pk}:{draft.digest}" for draft in drafts]


def statuses(*drafts):
    for draft in drafts:
        draft.refresh_from_db()
    return [draft.status for draft in drafts]
