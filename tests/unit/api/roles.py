"""Who may make which call: one line for each, and none is left out.

`login` is anybody who has logged in, `nobody` whoever comes along.
"""

RANKS = ("nobody", "login", "viewer", "preparer", "approver", "admin")

TABLE = """
GET     .                                  login
GET     analytics/errors/                  viewer
GET     analytics/history/                 viewer
GET     analytics/templates/               viewer
GET     analytics/trackers/                viewer
POST    auth/login/                        nobody
POST    auth/logout/                       login
GET     approval-rules/                    viewer
POST    approval-rules/                    admin
GET     approval-rules/{pk}/               viewer
PUT     approval-rules/{pk}/               admin
PATCH   approval-rules/{pk}/               admin
DELETE  approval-rules/{pk}/               admin
GET     approval-rules/{pk}/dry-run/       viewer
GET     approval-rules/{pk}/history/       viewer
GET     auth/tokens/                       login
POST    auth/tokens/                       login
GET     auth/tokens/{pk}/                  login
DELETE  auth/tokens/{pk}/                  login
GET     clients/                           viewer
POST    clients/                           admin
GET     clients/{pk}/                      viewer
PUT     clients/{pk}/                      admin
PATCH   clients/{pk}/                      admin
DELETE  clients/{pk}/                      admin
POST    clients/{pk}/test/                 admin
GET     credentials/                       viewer
POST    credentials/                       preparer
GET     credentials/{pk}/                  viewer
PUT     credentials/{pk}/                  admin
PATCH   credentials/{pk}/                  admin
DELETE  credentials/{pk}/                  admin
POST    credentials/{pk}/resume/           admin
POST    credentials/{pk}/test/             admin
GET     deliveries/                        admin
GET     deliveries/{pk}/                   admin
POST    deliveries/{pk}/redeliver/         admin
GET     docs/                              nobody
GET     libraries/                         viewer
POST    libraries/                         admin
GET     libraries/{pk}/                    viewer
PUT     libraries/{pk}/                    admin
PATCH   libraries/{pk}/                    admin
DELETE  libraries/{pk}/                    admin
GET     releases/                          viewer
POST    releases/                          preparer
POST    releases/batch/                    preparer
GET     releases/{pk}/                     viewer
PATCH   releases/{pk}/                     preparer
GET     releases/{pk}/approvals/           viewer
POST    releases/{pk}/approve/             approver
POST    releases/{pk}/cancel/              preparer
GET     releases/{pk}/edits/               viewer
GET     releases/{pk}/events/              viewer
GET     releases/{pk}/files/               viewer
GET     releases/{pk}/metadata/            viewer
PATCH   releases/{pk}/metadata/            preparer
POST    releases/{pk}/prepare/             preparer
GET     releases/{pk}/progress/            viewer
POST    releases/{pk}/reject/              approver
POST    releases/{pk}/reopen/              approver
POST    releases/{pk}/undo/                preparer
GET     releases/{pk}/uploads/             viewer
GET     saved-views/                       viewer
POST    saved-views/                       preparer
GET     saved-views/{pk}/                  viewer
PATCH   saved-views/{pk}/                  preparer
DELETE  saved-views/{pk}/                  preparer
GET     schema/                            nobody
GET     templates/                         viewer
POST    templates/                         admin
GET     templates/{pk}/                    viewer
PUT     templates/{pk}/                    admin
PATCH   templates/{pk}/                    admin
DELETE  templates/{pk}/                    admin
GET     templates/{pk}/preview/            viewer
POST    templates/{pk}/preview/            admin
POST    templates/{pk}/validate/           admin
GET     templates/{pk}/versions/           viewer
POST    templates/{pk}/versions/           admin
GET     trackers/                          viewer
POST    trackers/                          admin
GET     trackers/{pk}/                     viewer
PUT     trackers/{pk}/                     admin
PATCH   trackers/{pk}/                     admin
DELETE  trackers/{pk}/                     admin
GET     uploads/                           viewer
GET     uploads/{pk}/                      viewer
GET     uploads/{pk}/attempts/             viewer
POST    uploads/{pk}/cancel/               approver
POST    uploads/{pk}/check-seeding/        approver
GET     uploads/{pk}/events/               viewer
POST    uploads/{pk}/prioritise/           approver
POST    uploads/{pk}/retry/                approver
POST    uploads/{pk}/settle/               approver
GET     watch-folders/                     viewer
POST    watch-folders/                     admin
GET     watch-folders/{pk}/                viewer
PUT     watch-folders/{pk}/                admin
PATCH   watch-folders/{pk}/                admin
DELETE  watch-folders/{pk}/                admin
GET     watch-folders/{pk}/candidates/     viewer
GET     webhooks/                          admin
POST    webhooks/                          admin
GET     webhooks/{pk}/                     admin
PUT     webhooks/{pk}/                     admin
PATCH   webhooks/{pk}/                     admin
DELETE  webhooks/{pk}/                     admin
POST    webhooks/{pk}/rotate/              admin
POST    webhooks/{pk}/test/                admin
"""


def least_roles() -> dict[str, str]:
    """The least role that may make each call: "GET releases/" → "viewer"."""
    found = {}
    for line in TABLE.split("\n"):
        if line:
            method, route, role = line.split()
            assert role in RANKS, line
            name = f"{method} {'' if route == '.' else route}"
            assert name not in found, line
            found[name] = role
    return found
