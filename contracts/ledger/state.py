"""What the notes of a ledger add up to: creates, what they made, and what of it is left."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from mockserver.errors import SetupError
from mockserver.model import Document


class State(StrEnum):
    """What is known of one create."""

    UNSURE = "unsure"
    """Sent, or about to be: no answer, a server error, or an answer without a readable id."""
    CREATED = "created"
    REFUSED = "refused"
    ABSENT = "absent"
    """Was unsure; a listing, or the end of its parent, has shown that nothing is there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One create. *operation* is its operationId, *resource* the resource's name, *collection* the
    path it was sent to, *names* those of its names that carry the run id, *actor* who sent it.
    *at* is an ISO instant in UTC; *reason* says why the entry is unsure or refused."""

    number: int
    operation: str
    resource: str
    collection: str
    path_values: Mapping[str, str]
    names: Mapping[str, str]
    actor: str
    at: str
    state: State = State.UNSURE
    reason: str = "no answer"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that an entry created: its *id*, and the *path* of the item on the server."""

    entry: int
    id: str
    path: str


class LedgerState:
    """Notes, applied one after the other; everything is in the order of creation.

    *things* are all that were ever created, by path; *alive* those not known to be gone; *unsure*
    the entries of that state, by number.
    """

    def __init__(self) -> None:
        self.entries: dict[int, Entry] = {}
        self.things: dict[str, Thing] = {}
        self.alive: dict[str, Thing] = {}
        self.unsure: dict[int, Entry] = {}

    def replay(self, notes: Iterable[Document], file: Path | None) -> None:
        """Apply what stood in *file* below its first line. Raises SetupError."""
        for number, note in enumerate(notes, start=2):
            try:
                self.apply(note)
            except (KeyError, TypeError, AttributeError, StopIteration):
                place = f"line {number}"
                raise SetupError("is no note of a ledger", file=file, place=place) from None

    def apply(self, note: Document) -> None:
        """Raises KeyError, TypeError, AttributeError and StopIteration for what is no note."""
        match next(iter(note)):
            case "intent":
                entry = _entry(note)
                self.entries[entry.number] = self.unsure[entry.number] = entry
            case "created":
                self._apply_created(note["created"], note["items"])
            case "refused":
                self._settle(note["refused"], State.REFUSED, f"answered {note['status']}")
            case "unsure":
                self._settle(note["unsure"], State.UNSURE, note["reason"])
                self.unsure[note["unsure"]] = self.entries[note["unsure"]]
            case "gone":
                self._apply_gone(note["gone"])
            case "back":
                if thing := self.things.get(note["back"]):
                    self.alive[thing.path] = thing
            case "absent":
                self._settle(note["absent"], State.ABSENT)
            case other:
                raise KeyError(other)

    def is_touched_by(self, path: str) -> bool:
        """Whether the end of *path* ends anything that is alive or unsure."""
        return any(_is_within(place, path) for place in self._places())

    def is_below_gone(self, path: str) -> bool:
        """Whether *path* lies below a thing that is gone."""
        parts = path.split("/")
        above = ("/".join(parts[:end]) for end in range(1, len(parts)))
        return any(one in self.things and one not in self.alive for one in above)

    def _places(self) -> Iterator[str]:
        yield from self.alive
        for entry in self.unsure.values():
            yield entry.collection

    def _apply_created(self, number: int, items: list[Document]) -> None:
        self._settle(number, State.CREATED)
        for item in items:
            thing = Thing(number, item["id"], item["path"])
            self.things.pop(thing.path, None)
            self.alive.pop(thing.path, None)
            self.things[thing.path] = self.alive[thing.path] = thing

    def _apply_gone(self, path: str) -> None:
        for other in [other for other in self.alive if _is_within(other, path)]:
            del self.alive[other]
        for entry in list(self.unsure.values()):
            if _is_within(entry.collection, path):
                self._settle(entry.number, State.ABSENT)

    def _settle(self, number: int, state: State, reason: str = "") -> None:
        self.entries[number] = replace(self.entries[number], state=state, reason=reason)
        self.unsure.pop(number, None)


def _entry(note: Document) -> Entry:
    return Entry(
        number=note["intent"],
        operation=note["operation"],
        resource=note["resource"],
        collection=note["target"],
        path_values=note["path"],
        names=note["names"],
        actor=note["actor"],
        at=note["at"],
    )


def _is_within(path: str, above: str) -> bool:
    return path == above or path.startswith(f"{above}/")
