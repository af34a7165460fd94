"""Copies of the state, kept under names while the mock runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from mockserver.clock import iso_text
from mockserver.errors import SetupError, nearest
from mockserver.model import MISSING, Document, Reply
from mockserver.web.admin.door import Ask, Door, answer
from mockserver.web.admin.problems import Refusal
from mockserver.web.admin.state import document_counts
from mockserver.web.control import Control

MAX_SNAPSHOTS = 100


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A copy of the state, as JSON so that nothing can change it any more."""

    name: str
    at: datetime
    state: bytes
    counts: Mapping[str, int]

    def as_json(self) -> Document:
        return {
            "name": self.name,
            "at": iso_text(self.at),
            "bytes": len(self.state),
            "collections": dict(self.counts),
        }


class Snapshots:
    """The snapshots of one mock, and the doors to them."""

    def __init__(self, control: Control, max_count: int = MAX_SNAPSHOTS) -> None:
        self._control = control
        self._max_count = max_count
        self._by_name: dict[str, Snapshot] = {}

    def doors(self) -> Mapping[str, Door]:
        return {
            "listSnapshots": self.list,
            "takeSnapshot": self.take,
            "takeNamedSnapshot": self.take_named,
            "deleteSnapshot": self.delete,
            "restoreSnapshot": self.restore,
        }

    def list(self, ask: Ask) -> Reply:
        return answer({"snapshots": [one.as_json() for one in self._by_name.values()]})

    def take(self, ask: Ask) -> Reply:
        """A new snapshot; a name that is taken is refused, no name gets the next number."""
        name = self._next_name() if ask.body is MISSING else ask.body.get("name")
        if name is None:
            name = self._next_name()
        if name in self._by_name:
            raise Refusal(409, f"there is a snapshot {name!r} already")
        return self._taken(name)

    def take_named(self, ask: Ask) -> Reply:
        """A snapshot under this name, in place of an older one."""
        return self._taken(ask.path["name"])

    def delete(self, ask: Ask) -> Reply:
        snapshot = self._named(ask.path["name"])
        del self._by_name[snapshot.name]
        return answer(snapshot.as_json())

    def restore(self, ask: Ask) -> Reply:
        """The document may have changed since: what no longer fits it changes nothing."""
        snapshot = self._named(ask.path["name"])
        try:
            state = self._control.accepted_state(orjson.loads(snapshot.state))
        except SetupError as error:
            detail = f"the snapshot {snapshot.name!r} does not fit the document: {error}"
            raise Refusal(409, detail) from None
        self._control.store.load(state)
        return answer(snapshot.as_json())

    def _taken(self, name: str) -> Reply:
        is_new = name not in self._by_name
        if is_new and len(self._by_name) >= self._max_count:
            raise Refusal(409, f"there are {self._max_count} snapshots; delete one first")
        state = self._control.store.dump()
        at = self._control.clock.now()
        snapshot = Snapshot(name, at, orjson.dumps(state), document_counts(state))
        self._by_name.pop(name, None)
        self._by_name[name] = snapshot
        if not is_new:
            return answer(snapshot.as_json())
        location = (("Location", f"/__admin/snapshots/{name}"),)
        return Reply(201, snapshot.as_json(), location, is_own=True)

    def _named(self, name: str) -> Snapshot:
        snapshot = self._by_name.get(name)
        if snapshot is None:
            meant = nearest(name, self._by_name)
            hint = f"; did you mean {meant!r}?" if meant else ""
            raise Refusal(404, f"there is no snapshot {name!r}{hint}")
        return snapshot

    def _next_name(self) -> str:
        number = 1
        while f"snapshot-{number}" in self._by_name:
            number += 1
        return f"snapshot-{number}"
