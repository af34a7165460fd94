"""Removes what a run created, and proves by listing that nothing of it is left."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from contracts.cleanup.proof import Proof, places_of
from contracts.cleanup.removal import Removal
from contracts.door.targets import Target
from contracts.ledger import Ledger
from contracts.ledger.state import Entry
from contracts.results import CleanUp
from contracts.stops import RunStopped
from contracts.suites.session import Bench, Case, Session

SUITE: Final = "clean-up"
"""The suite and the rule of the case that the requests of the clean-up belong to."""


def clean_up(ledger: Ledger, target: Target, bench: Bench) -> CleanUp:
    """Remove through *target* everything of *ledger* that is not gone, the youngest first.

    Then each collection that may hold anything of the run is listed: what an unsure create left
    there, known by a name with the run id, is removed too, and what is still there is told.
    Nothing is touched that the ledger does not list. Every step is in the ledger before the next
    one, so that it can be interrupted and done again. Where the target stops the run in the
    middle, `CleanUp.left` says so.
    """
    case = Case(SUITE, "", SUITE, run=lambda session: None)
    session = Session(replace(bench, target=target, checks=()), case)
    removal = Removal(ledger, session)
    proof = Proof(ledger, session, removal)
    stop = ""
    try:
        for thing in reversed(ledger.alive):
            removal.delete(thing)
        for place in places_of(ledger):
            proof.give(place)
    except RunStopped as stopped:
        stop = str(stopped)
    return CleanUp(
        created=ledger.created,
        removed=tuple(removal.removed),
        left=tuple(_left(ledger, removal, proof, stop)),
        ledger=str(ledger.path or ""),
    )


def _left(ledger: Ledger, removal: Removal, proof: Proof, stop: str) -> Iterator[str]:
    """What is not known to be gone, each with the reason."""
    if stop:
        yield f"the clean-up was not finished: {stop}"
    for thing in ledger.alive:
        yield f"{removal.text(thing)}: {removal.reasons.get(thing.path, 'not tried')}"
    unsure: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in ledger.unsure:
        doubt = proof.doubts.get(entry.number, "not looked for")
        unsure.setdefault((entry.collection, entry.reason, doubt), []).append(entry)
    for (collection, reason, doubt), entries in unsure.items():
        yield f"what {_creates(entries)} at {collection} ({reason}) may have created: {doubt}"
    yield from proof.remarks


def _creates(entries: list[Entry]) -> str:
    if len(entries) == 1:
        return f"the create of {entries[0].at}"
    return f"{len(entries)} creates from {entries[0].at} to {entries[-1].at}"
