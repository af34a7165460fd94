"""The credentials of the present world, for people who want to try it."""

from collections.abc import Sequence
from datetime import datetime

from mockserver.behaviours.registry import Account
from mockserver.domains.calcom.world import team, user
from mockserver.model import Document
from mockserver.store.protocol import Store


def accounts(store: Store, now: datetime) -> Sequence[Account]:
    """Every API key with who it belongs to; an ended one says so."""
    return [_account(store, key, now) for key in store.find("api-keys")]


def _account(store: Store, key: Document, now: datetime) -> Account:
    person = user(store, key["userId"]) or {"username": "nobody", "name": "nobody"}
    roles = [_role(store, held) for held in store.find("memberships", {"userId": key["userId"]})]
    about = ", ".join([person["name"] or person["username"], *roles])
    expires_at = key["expiresAt"]
    if expires_at and datetime.fromisoformat(expires_at).date() < now.date():
        about = f"{about} (key expired on {expires_at[:10]})"
    return Account(key["name"] or person["username"], key["key"], about)


def _role(store: Store, held: Document) -> str:
    group = team(store, held["teamId"])
    return f"{held['role'].lower()} of {group['name'] if group else held['teamId']}"
