"""What an empty list of the admin says: what it is for, and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyList:
    """A list's purpose, and the button to whoever has `permission`.

    `url` names an address; without one the list fills by itself.
    """

    purpose: str
    next: str
    button: str = ""
    url: str = ""
    permission: str = ""

    def button_for(self, request: HttpRequest) -> str:
        """The button's text; "" where there is none for this person."""
        if not self.url or not request.user.has_perm(self.permission):
            return ""
        return str(_(self.button))


LISTS: Mapping[str, EmptyList] = {
    "releases.release": EmptyList(
        purpose=gettext_noop(
            "A release is one folder or file that you publish. Herald reads and hashes "
            "it, and drafts what each tracker would get."
        ),
        next=gettext_noop("Add the first one by the path it has on this machine."),
        button=gettext_noop("Add a release"),
        url="admin:releases_release_add",
        permission="releases.add_release",
    ),
    "releases.library": EmptyList(
        purpose=gettext_noop(
            "A library is a folder that Herald may read. It reads nothing outside of "
            "its libraries."
        ),
        next=gettext_noop("Add the folder that your releases are in."),
        button=gettext_noop("Add a library"),
        url="admin:releases_library_add",
        permission="releases.add_library",
    ),
    "releases.torrentclient": EmptyList(
        purpose=gettext_noop(
            "A torrent client seeds what was uploaded, and proves that it does."
        ),
        next=gettext_noop(
            "Add the address of your qBittorrent, then choose it on a library’s page. "
            "Uploads work without one."
        ),
        button=gettext_noop("Add a torrent client"),
        url="admin:releases_torrentclient_add",
        permission="releases.add_torrentclient",
    ),
    "releases.metadatarecord": EmptyList(
        purpose=gettext_noop(
            "Each source’s answer about a release is kept here as it came: tags, "
            "names of files, Audnexus."
        ),
        next=gettext_noop("It fills by itself once a release is prepared."),
    ),
    "trackers.tracker": EmptyList(
        purpose=gettext_noop(
            "A tracker is a site that releases are published on, with its addresses, "
            "its rules and its request budget."
        ),
        next=gettext_noop(
            "The first steps add the known sites in one go; any other one is added by "
            "hand."
        ),
        button=gettext_noop("Go to the first steps"),
        url="admin:first_steps",
        permission="trackers.add_tracker",
    ),
    "trackers.credential": EmptyList(
        purpose=gettext_noop(
            "A credential is your account at a tracker. What it holds is stored "
            "encrypted, and never shown."
        ),
        next=gettext_noop("Nothing is sent to a tracker that has none."),
        button=gettext_noop("Add a credential"),
        url="admin:trackers_credential_add",
        permission="trackers.add_credential",
    ),
    "trackers.template": EmptyList(
        purpose=gettext_noop(
            "A template turns metadata into the title, description and tags that a "
            "tracker gets."
        ),
        next=gettext_noop(
            "The built-in ones come with the known sites, by the first steps."
        ),
        button=gettext_noop("Go to the first steps"),
        url="admin:first_steps",
        permission="trackers.add_template",
    ),
    "uploads.upload": EmptyList(
        purpose=gettext_noop(
            "An upload is one release on its way to one tracker: its state, its tries, "
            "and the proof that it seeds."
        ),
        next=gettext_noop("Prepare a release, and one is drafted for each tracker."),
        button=gettext_noop("Add a release"),
        url="admin:releases_release_add",
        permission="releases.add_release",
    ),
    "uploads.uploadattempt": EmptyList(
        purpose=gettext_noop(
            "An attempt is one try at an upload: how far it came, what the site said, "
            "and what Herald did then."
        ),
        next=gettext_noop("It fills by itself once an approved upload is sent."),
        button=gettext_noop("See the queue"),
        url="admin:queue",
        permission="uploads.view_upload",
    ),
    "uploads.approval": EmptyList(
        purpose=gettext_noop(
            "An approval is a person’s decision about a release, with exactly what "
            "they were shown."
        ),
        next=gettext_noop("Decide about a release that is ready."),
        button=gettext_noop("See the releases"),
        url="admin:releases_release_changelist",
        permission="releases.view_release",
    ),
    "uploads.trouble": EmptyList(
        purpose=gettext_noop(
            "A trouble is what keeps Herald from working: a full disk, a silent "
            "worker, a tracker that is away. It ends by itself with its cause."
        ),
        next=gettext_noop("There is none, and never was one."),
    ),
    "uploads.notificationtarget": EmptyList(
        purpose=gettext_noop(
            "Herald can tell you what happened, by any service that apprise knows: "
            "e-mail, Matrix, Telegram, ntfy and many more. The addresses here are "
            "yours; nobody else sees them."
        ),
        next=gettext_noop("Add an address, choose what to hear of, and test it."),
        button=gettext_noop("Add an address"),
        url="admin:uploads_notificationtarget_add",
        permission="uploads.view_upload",
    ),
    "uploads.webhook": EmptyList(
        purpose=gettext_noop(
            "A webhook is a program’s address that Herald tells what happened, signed "
            "with a secret of its own."
        ),
        next=gettext_noop("Add an address, choose what it hears of, and test it."),
        button=gettext_noop("Add a webhook"),
        url="admin:uploads_webhook_add",
        permission="uploads.add_webhook",
    ),
    "uploads.delivery": EmptyList(
        purpose=gettext_noop(
            "A delivery is one message to one program: what it was told, and what it "
            "answered."
        ),
        next=gettext_noop("It fills by itself once a webhook has something to tell."),
    ),
    "uploads.approvalrule": EmptyList(
        purpose=gettext_noop(
            "A rule approves drafts without a person, where all its conditions hold."
        ),
        next=gettext_noop(
            "Add one; its page shows what it would approve, before it is switched on."
        ),
        button=gettext_noop("Add a rule"),
        url="admin:uploads_approvalrule_add",
        permission="uploads.add_approvalrule",
    ),
}
