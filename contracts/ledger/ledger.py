"""What a run created, on disk before it is created, so that a killed run can be cleaned up."""

import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from contracts.exchange import Exchange, Request
from contracts.items import action_of, deletion_of, filled, id_text, item_path
from contracts.ledger.file import Header, LedgerFile, read_header
from contracts.ledger.state import Entry, LedgerState, Thing
from contracts.stops import RunStopped
from contracts.yardstick import Match, Yardstick
from mockserver.errors import SetupError
from mockserver.model import MISSING, Document, Json
from mockserver.openapi import Operation, Resource, ResourceAction

NAMES: Final = ("title", "name", "slug", "label", "subject")
"""Properties whose text can tell whose work a thing is."""
_TIMEOUT: Final = 408
"""The one refusal after which the server may still have done the work."""


class Ledger:
    """Notes every create: the intent before it is sent, the id after it; and what is gone again.

    The door calls `before` and `after` for every request that it lets out, from any thread.
    A note becomes a line of the file first and is then applied to what is held in memory; an
    existing file of the same run is read in that way and continued.
    """

    def __init__(
        self,
        path: Path | None,
        yardstick: Yardstick,
        *,
        run_id: str,
        target_name: str,
        started_at: datetime | None = None,
    ) -> None:
        """Without *path* it is kept in memory only. Raises SetupError (see `LedgerFile`)."""
        self.path = path
        at = (started_at or datetime.now(UTC)).isoformat(timespec="seconds")
        target = without_credentials(target_name)
        self.header = Header(run_id, target, yardstick.title, yardstick.kind, at)
        self._yardstick = yardstick
        self._lock = threading.Lock()
        self._state = LedgerState()
        self._file = LedgerFile(path, self.header) if path else None
        if self._file is not None:
            self.header = self._file.header
            self._state.replay(self._file.notes, path)
        word = re.escape(self.header.run_id)
        self._run_id = re.compile(rf"(?<![0-9a-z]){word}(?![0-9a-z])", re.IGNORECASE)

    @property
    def entries(self) -> tuple[Entry, ...]:
        with self._lock:
            return tuple(self._state.entries.values())

    @property
    def things(self) -> tuple[Thing, ...]:
        """Everything that was ever created, in the order of creation."""
        with self._lock:
            return tuple(self._state.things.values())

    @property
    def alive(self) -> tuple[Thing, ...]:
        """What is not known to be gone, in the order of creation."""
        with self._lock:
            return tuple(self._state.alive.values())

    @property
    def unsure(self) -> tuple[Entry, ...]:
        """Creates of which nobody knows whether they created anything."""
        with self._lock:
            return tuple(self._state.unsure.values())

    @property
    def created(self) -> int:
        """How many things were created."""
        return len(self.things)

    @property
    def has_entries(self) -> bool:
        return bool(self.entries)

    def entry(self, number: int) -> Entry:
        with self._lock:
            return self._state.entries[number]

    def before(self, request: Request, match: Match | None) -> int | None:
        """Note that *request* may create something; on disk when this returns. None where it
        cannot. Raises RunStopped where the file cannot be written."""
        if match is None or request.method != "POST":
            return None
        action = action_of(self._yardstick, match.operation)
        if action is None or action.kind != "create":
            return None
        note = {
            "operation": match.operation.id,
            "method": request.method,
            "target": filled(match.operation.path, match.path_values),
            "resource": action.resource.name,
            "path": dict(match.path_values),
            "names": self.run_names(request.json),
            "actor": request.actor,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        with self._lock:
            number = len(self._state.entries) + 1
            self._write({"intent": number, **note})
        return number

    def after(self, entry: int | None, exchange: Exchange) -> None:
        """Note what came of a request: created under which id, refused, or deleted."""
        operation = exchange.operation
        action = action_of(self._yardstick, operation) if operation else None
        if operation is None or action is None:
            return
        if entry is not None:
            self._note_outcome(entry, exchange, operation, action)
        elif action.kind == "delete" and exchange.is_success:
            self.note_gone(item_path(operation, action.resource, exchange.path_values), "deleted")

    def note_found(self, entry: int, paths: Mapping[str, str]) -> None:
        """Note what *entry* has created: paths of items by their ids."""
        items = [{"id": id, "path": path} for id, path in paths.items()]
        with self._lock:
            self._write_if_possible({"created": entry, "items": items})

    def note_gone(self, path: str, why: str) -> None:
        """Note that the item at *path*, and all below it, is no longer there."""
        with self._lock:
            if self._state.is_touched_by(path):
                self._write_if_possible({"gone": path, "why": why})

    def note_back(self, path: str) -> None:
        """Note that a thing that was thought to be gone is still there."""
        with self._lock:
            if path in self._state.things and path not in self._state.alive:
                self._write_if_possible({"back": path})

    def note_absent(self, entry: int) -> None:
        """Note that an unsure create has left nothing behind."""
        with self._lock:
            if entry in self._state.unsure:
                self._write_if_possible({"absent": entry})

    def deletions_left(self) -> dict[str, int]:
        """How many items are to be deleted, by the label of the operation that does it."""
        labels: Counter[str] = Counter()
        for thing in self.alive:
            creation = self._yardstick.operation(self.entry(thing.entry).operation)
            action = action_of(self._yardstick, creation)
            deletion = deletion_of(self._yardstick, action.resource) if action else None
            if deletion is not None:
                labels[deletion.label] += 1
        return dict(labels)

    def has_created(self, path: str) -> bool:
        """Whether the item at *path*, or one that it lies below, was created by this run."""
        parts = path.split("/")
        with self._lock:
            things = self._state.things
            return any("/".join(parts[:count]) in things for count in range(len(parts), 1, -1))

    def is_below_gone(self, path: str) -> bool:
        """Whether *path* lies below a thing of this run that is gone."""
        with self._lock:
            return self._state.is_below_gone(path)

    def run_names(self, document: Json) -> dict[str, str]:
        """Those names in a JSON object that carry the run id as a word, by property."""
        if not isinstance(document, dict):
            return {}
        texts = {name: text for name in NAMES if isinstance(text := document.get(name), str)}
        return {name: text for name, text in texts.items() if self._run_id.search(text)}

    def close(self) -> None:
        """Let go of the file; what is held in memory can still be read."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _note_outcome(
        self, entry: int, exchange: Exchange, operation: Operation, action: ResourceAction
    ) -> None:
        resource, status = action.resource, exchange.response.status
        if exchange.is_success and (ids := self._ids(exchange, action)):
            at = [{**exchange.path_values, resource.id_name: id} for id in ids]
            paths = [item_path(operation, resource, values) for values in at]
            self.note_found(entry, dict(zip(ids, paths, strict=True)))
            return
        with self._lock:
            if 400 <= status < 500 and status != _TIMEOUT:
                self._write_if_possible({"refused": entry, "status": status})
            else:
                no_id = " without an id" if exchange.is_success else ""
                self._write_if_possible({"unsure": entry, "reason": f"answered {status}{no_id}"})

    def _ids(self, exchange: Exchange, action: ResourceAction) -> list[str]:
        """The ids of all that an answer shows; else the one in its `Location`."""
        shown = action.envelope.unwrap(exchange.response.json) if action.envelope else MISSING
        items = shown if isinstance(shown, list) else [shown]
        ids = [id_text(one.get(action.resource.id_field)) for one in items if isinstance(one, dict)]
        location = urlsplit(exchange.response.header("location") or "").path
        return [id for id in ids if id] or list(self._id_in(location, action.resource))[:1]

    def _id_in(self, path: str, resource: Resource) -> Iterator[str]:
        for method in ("GET", "DELETE"):
            match = self._yardstick.match(method, path)
            action = action_of(self._yardstick, match.operation) if match else None
            if match and action and action.resource.item_path == resource.item_path:
                yield match.path_values[resource.id_name]

    def _write(self, note: Document) -> None:
        if self._file is not None:
            self._file.append(note)
        self._state.apply(note)

    def _write_if_possible(self, note: Document) -> None:
        """Without this note on the disk more is looked for than is there, and nothing is missed;
        so a full disk is no reason to leave things behind."""
        try:
            self._write(note)
        except RunStopped:
            self._state.apply(note)


def read_ledger(path: Path, yardstick: Yardstick) -> Ledger:
    """The ledger of an earlier run, open to be finished. Raises SetupError."""
    header = read_header(path)
    if header.title != yardstick.title:
        reason = f"its run was held to the document {header.title!r}: give that one with --spec"
        raise SetupError(reason, file=path, value=yardstick.title)
    return Ledger(path, yardstick, run_id=header.run_id, target_name=header.target)


def without_credentials(url: str) -> str:
    """A base URL without the parts in which secrets can stand: user, query, fragment."""
    parts = urlsplit(url)
    if not parts.netloc:
        return url
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
