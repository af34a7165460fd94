"""Whether what was sent comes back in the answer, compared by meaning."""

from datetime import datetime

from contracts.exchange import Exchange
from contracts.suites.bodies import properties
from contracts.suites.provisions import action_of, payload
from contracts.suites.session import Session
from mockserver.model import MISSING, Json


def answered(session: Session, exchange: Exchange, name: str) -> Json:
    """The property *name* of the item in an answer; MISSING where the answer is about no item, or
    its schema has no such property. None where it should be there and is not."""
    if exchange.operation is None or (action := action_of(session, exchange.operation)) is None:
        return MISSING
    shown = payload(session, exchange)
    if isinstance(shown, list) and shown and action.kind not in ("list",):
        shown = shown[0]
    if not isinstance(shown, dict):
        return MISSING
    if name in shown:
        return shown[name]
    known = properties(session.yardstick, action.resource.item_schema)
    return None if name in known else MISSING


def is_echo(sent: Json, came: Json) -> bool:
    """Whether *came* says what *sent* says.

    Numbers are compared by value and instants by meaning. An object may come back with more, and
    without what it need not show; a list of objects, or another type, is not compared.
    """
    if came is MISSING:
        return True
    if came is None:
        return sent is None or _says_nothing(sent)
    if isinstance(sent, dict) and isinstance(came, dict):
        return all(is_echo(sent[key], came[key]) for key in sent if key in came)
    if isinstance(sent, list) and isinstance(came, list):
        plain = all(not isinstance(one, dict | list) for one in (*sent, *came))
        return sent == came if plain else True
    if isinstance(sent, bool) or isinstance(came, bool):
        return sent is came or type(sent) is not type(came)
    if isinstance(sent, str) and isinstance(came, str):
        return sent == came or _is_same_instant(sent, came)
    if isinstance(sent, int | float) and isinstance(came, int | float):
        return sent == came
    return True


def _says_nothing(sent: Json) -> bool:
    """What an answer may leave out: empty values, false, a setting that is off."""
    if isinstance(sent, dict):
        return sent.get("disabled") is True or all(map(_says_nothing, sent.values()))
    return not sent


def _is_same_instant(one: str, other: str) -> bool:
    try:
        first, second = datetime.fromisoformat(one), datetime.fromisoformat(other)
    except ValueError:
        return False
    if (first.tzinfo is None) != (second.tzinfo is None):
        return False
    return first == second
