"""GET /v2/me: the caller's own profile."""

from mockserver.behaviours.registry import Behaviours, Call
from mockserver.domains.calcom.conventions.envelope import success
from mockserver.domains.calcom.world import organization_of, user
from mockserver.model import Document, Reply

behaviours = Behaviours()

SHOWN = (
    "id",
    "email",
    "name",
    "avatarUrl",
    "bio",
    "timeFormat",
    "defaultScheduleId",
    "weekStart",
    "timeZone",
    "username",
)


@behaviours.on("MeController_getMe")
def get_me(call: Call) -> Reply:
    """The caller; with an `organization` only for its members.

    Source: reference slots-schedules-me section 3; recordings auth 1 (which shows no `locale`:
    quirk `me-without-locale`).
    """
    assert call.actor.user_id is not None, "authentication is a guard of this operation"
    person = user(call.store, call.actor.user_id)
    assert person is not None, "authentication found the user"
    shown: Document = {name: person[name] for name in SHOWN}
    if not call.quirks.has("me-without-locale"):
        shown["locale"] = person["locale"]
    organization = organization_of(call.store, person["id"])
    shown["organizationId"] = organization["id"] if organization else None
    if organization:
        shown["organization"] = {
            "isPlatform": organization["isPlatform"],
            "id": organization["id"],
        }
    return success(200, shown)
