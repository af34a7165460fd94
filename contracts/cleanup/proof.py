"""Shows by listing that nothing of a run is left, and finds what its unsure creates left behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from contracts.cleanup.listing import Unlisted, all_items
from contracts.cleanup.removal import Removal
from contracts.items import id_text, item_path, listing_of
from contracts.ledger import Ledger
from contracts.ledger.state import Entry, State, Thing
from contracts.stops import NotJudged
from contracts.suites.session import Session
from mockserver.errors import SetupError
from mockserver.model import Document
from mockserver.openapi import Operation

STILL_LISTED = "its deletion was answered with success, but it is still listed"


@dataclass(frozen=True, slots=True)
class Place:
    """A collection, and the creates that one actor sent to it; at least one."""

    collection: str
    actor: str
    entries: Sequence[Entry]


def places_of(ledger: Ledger) -> list[Place]:
    """Where something of the run may be, parents first.

    A refused create counts if its name could be known again, for the refusal may be a lie.
    """
    places: dict[tuple[str, str], list[Entry]] = {}
    for entry in ledger.entries:
        if entry.names or entry.state in (State.CREATED, State.UNSURE):
            places.setdefault((entry.collection, entry.actor), []).append(entry)
    return [Place(*key, entries) for key, entries in places.items()]


class _NoListing(NotJudged):
    """The document has no operation that could prove anything."""


class Proof:
    """Lists collections until nothing of the run is there.

    *doubts* says why nobody knows what an unsure create made, by the number of its entry;
    *remarks* (its keys) what else people should look at.
    """

    def __init__(self, ledger: Ledger, session: Session, removal: Removal) -> None:
        self.doubts: dict[int, str] = {}
        self.remarks: dict[str, None] = {}
        self._ledger = ledger
        self._session = session
        self._removal = removal
        self._lists: dict[tuple[str, str], Mapping[str, Document]] = {}
        """What each collection showed to each actor since the last deletion."""

    def give(self, place: Place) -> None:
        """List a collection; if anything of the run is there, remove it and list again.

        Raises RunStopped.
        """
        if self._ledger.is_below_gone(place.collection):
            return
        try:
            shown = self._shown(place)
            if own := self._own(place, shown):
                self._remove(own)
                shown = self._shown(place)
                for thing in self._own(place, shown):
                    self._removal.reasons.setdefault(thing.path, STILL_LISTED)
            self._settle(place, shown)
        except _NoListing as stop:
            self._doubt(place, str(stop))
        except (NotJudged, SetupError, Unlisted) as stop:
            self._doubt(place, str(stop))
            if any(entry.state is State.CREATED for entry in place.entries):
                self._remark(f"{place.collection} could not be listed to prove it empty: {stop}")

    def _remove(self, things: list[Thing]) -> None:
        for thing in reversed(things):
            if thing.path not in self._removal.reasons:
                self._removal.delete(thing)
        self._lists.clear()

    def _shown(self, place: Place) -> Mapping[str, Document]:
        """What the collection shows, by id: to its creator; where that is nobody with a credential,
        to all actors who may list it. Raises Unlisted, NotJudged."""
        if not self._removal.is_nobody(place.actor):
            return self._listed(place, place.actor)
        shown: dict[str, Document] = {}
        stops: list[Exception] = []
        actors = self._session.bench.actors.names
        for actor in actors:
            try:
                shown |= self._listed(place, actor)
            except (NotJudged, Unlisted) as stop:
                stops.append(stop)
        if len(stops) == len(actors):
            raise stops[0] if stops else NotJudged("needs an actor: give --as owner=ENV_VAR")
        return shown

    def _listed(self, place: Place, actor: str) -> Mapping[str, Document]:
        key = place.collection, actor
        if key not in self._lists:
            listing = self._listing(place)
            if listing is None:
                raise _NoListing("the document has no operation that lists what is there")
            path = place.entries[0].path_values
            field = self._removal.resource_of(place.entries[0]).id_field
            items = all_items(self._session, listing, path, actor)
            self._lists[key] = {id_text(item.get(field)): item for item in items}
        return self._lists[key]

    def _listing(self, place: Place) -> Operation | None:
        creation = self._session.yardstick.operation(place.entries[0].operation)
        return listing_of(self._session.yardstick, creation)

    def _own(self, place: Place, shown: Mapping[str, Document]) -> list[Thing]:
        """Those of the shown items that the run created, noted as alive; in the list's order."""
        known = {thing.path: thing for thing in self._ledger.things}
        own = []
        for id, item in shown.items():
            path = self._path(place, id)
            thing = self._claimed(place, known.get(path), Thing(0, id, path), item)
            if thing is not None:
                own.append(thing)
        return own

    def _claimed(
        self, place: Place, known: Thing | None, found: Thing, item: Document
    ) -> Thing | None:
        """The thing of this run that a *found* item is; None for what it did not create. *known*
        is the thing that the run created at the same path."""
        if known is not None and self._is_same(known, item):
            self._ledger.note_back(known.path)
            return known
        if entry := self._maker(place, item):
            self._ledger.note_found(entry.number, {found.id: found.path})
            return replace(found, entry=entry.number)
        self._remark_on(place, known, found, item)
        return None

    def _is_same(self, thing: Thing, item: Document) -> bool:
        """Whether an item with the id of *thing* is that thing.

        What was deleted may have left its id to somebody else's item, if ids are numbers: then
        only the name tells.
        """
        names = self._ledger.entry(thing.entry).names
        is_named = bool(names.items() & self._ledger.run_names(item).items())
        return is_named or thing in self._ledger.alive or not thing.id.isdigit()

    def _maker(self, place: Place, item: Document) -> Entry | None:
        """The create of this run that gave an item its name."""
        names = self._ledger.run_names(item).items()
        if not names:
            return None
        alike = (one for one in self._ledger.entries if one.resource == place.entries[0].resource)
        return next((one for one in alike if names & one.names.items()), None)

    def _path(self, place: Place, id: str) -> str:
        entry = place.entries[0]
        resource = self._removal.resource_of(entry)
        creation = self._session.yardstick.operation(entry.operation)
        return item_path(creation, resource, {**entry.path_values, resource.id_name: id})

    def _remark_on(self, place: Place, known: Thing | None, found: Thing, item: Document) -> None:
        names = self._ledger.run_names(item)
        if known is not None:
            self._remark(
                f"{known.path} was deleted, and is listed again under another name: not touched, "
                "for it may be somebody else's"
            )
        elif names:
            self._remark(
                f"{place.collection} lists {found.id} ({next(iter(names.values()))}): its name has "
                "the id of this run, but no create of the ledger explains it: not touched"
            )

    def _settle(self, place: Place, shown: Mapping[str, Document]) -> None:
        """Say of every create that is still unsure whether it can have left anything."""
        known = {thing.path for thing in self._ledger.things}
        has_others = any(self._path(place, id) not in known for id in shown)
        numbers = {entry.number for entry in place.entries}
        for entry in self._ledger.unsure:
            if entry.number not in numbers:
                continue
            if entry.names or not has_others:
                self._ledger.note_absent(entry.number)
            else:
                reason = "its body had no name of this run, and things of others are listed there"
                self.doubts[entry.number] = reason

    def _doubt(self, place: Place, reason: str) -> None:
        for entry in place.entries:
            self.doubts[entry.number] = reason

    def _remark(self, text: str) -> None:
        self.remarks[text] = None
