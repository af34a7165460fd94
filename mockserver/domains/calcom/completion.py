"""What a fixture need not say: the API's own defaults for people, teams, keys and links.

Source: reference private-links section 1, slots-schedules-me section 3, recordings auth 1.
"""

from mockserver.model import Document

PERSON: Document = {
    "avatarUrl": None,
    "bio": None,
    "timeFormat": 12,
    "weekStart": "Sunday",
    "timeZone": "Europe/London",
    "locale": None,
    "defaultScheduleId": None,
    "brandColor": None,
    "darkBrandColor": None,
    "metadata": {},
    "isSystemAdmin": False,
    "connectedApps": [],
    "calendars": [],
}
GROUP: Document = {
    "parentId": None,
    "isOrganization": False,
    "isPlatform": False,
    "plan": None,
    "hasAdminApi": True,
    "bannerUrl": None,
    "logoUrl": None,
    "weekStart": "Sunday",
    "brandColor": None,
    "darkBrandColor": None,
    "theme": None,
    "connectedApps": [],
}
PERMISSIONS = [
    f"{subject}_{action}"
    for subject in ("EVENT_TYPE", "BOOKING", "SCHEDULE", "APPS", "PROFILE")
    for action in ("READ", "WRITE")
]


def complete_user(document: Document) -> Document:
    return {**PERSON, "name": document["username"], **document}


def complete_team(document: Document) -> Document:
    return {**GROUP, **document}


def complete_membership(document: Document) -> Document:
    return {"role": "MEMBER", "accepted": True, **document}


def complete_api_key(document: Document) -> Document:
    return {"name": "", "expiresAt": None, **document}


def complete_client(document: Document) -> Document:
    return {"permissions": list(PERMISSIONS), **document}


def complete_access_token(document: Document) -> Document:
    return {"clientId": None, "scopes": [], "expiresAt": None, **document}


def complete_schedule(document: Document) -> Document:
    return {"name": "Working Hours", "timeZone": "Europe/London", **document}


def complete_private_link(document: Document) -> Document:
    return {"expiresAt": None, "maxUsageCount": 1, "usageCount": 0, **document}
