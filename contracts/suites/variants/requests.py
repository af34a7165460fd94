"""The request side of a place: each variant is sent, and a value that is none of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from contracts.checks.variants import Judgement, shown
from contracts.checks.variants_places import Branch, Occurrence, Place, Variants
from contracts.exchange import Exchange
from contracts.findings import Severity
from contracts.suites.provisions import action_of, create, path_values
from contracts.suites.session import Session, answer_text
from contracts.suites.variants.bodies import body_with, is_good_body, values_of, wrong_values
from contracts.suites.variants.watch import Watch, listed, watching
from mockserver.model import Json
from mockserver.openapi import Operation

_TRIES: Final = 3
_WRONG: Final = 2
CHANGING: Final = ("update", "replace", "delete")


@dataclass
class Outcome:
    """What became of each variant of a place."""

    accepted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)


def try_requests(
    session: Session, variants: Variants, place: Place, occurrence: Occurrence
) -> None:
    """Send each variant once, or until one body with it is accepted; then what fits none."""
    with watching(session, variants) as watch:
        path = standing_path(session, occurrence.operation)
        outcome = Outcome()
        for index, branch in enumerate(place.branches):
            _try_branch(session, watch, place, occurrence, index, branch, path, outcome)
        _try_wrong(session, place, occurrence, path)
        _tell(session, outcome)


def standing_path(session: Session, operation: Operation) -> Mapping[str, str]:
    """Path values for *operation*: an item of its own, where it changes one, so that nothing is
    changed that the run did not make; unless the user told which to change. Raises NotJudged."""
    action = action_of(session, operation)
    if action is None or action.kind not in CHANGING:
        return path_values(session, operation)
    if action.resource.id_name in session.bench.bindings:
        return path_values(session, operation)
    return create(session, action.resource).path


def _try_branch(
    session: Session,
    watch: Watch,
    place: Place,
    occurrence: Occurrence,
    index: int,
    branch: Branch,
    path: Mapping[str, str],
    outcome: Outcome,
) -> None:
    refusal = ""
    for value in islice(values_of(session, place, index), _TRIES):
        body = body_with(session, occurrence, value)
        if not is_good_body(session, occurrence, place, body):
            continue
        exchange = session.call(occurrence.operation, path, body=body)
        session.judgements += 1
        if exchange.is_success:
            outcome.accepted.append(branch.name)
            shown_there = watch.answered(exchange)
            _expect_same(session, place, occurrence, branch, value, exchange, shown_there)
            return
        refusal = f"{branch.name} ({answer_text(exchange, 120)})"
    if refusal:
        outcome.refused.append(refusal)
    else:
        outcome.untried.append(branch.name)


def _expect_same(
    session: Session,
    place: Place,
    occurrence: Occurrence,
    branch: Branch,
    value: Json,
    exchange: Exchange,
    found: Sequence[Judgement],
) -> None:
    """The answer shows the variant that was sent, where it shows variants at the same place."""
    path = _answer_path(session, occurrence)
    there = [one for one in found if path is not None and _leads_to(one.path, path)]
    same = [(one, _counterparts(branch, value, one.place)) for one in there]
    known = [(one, names) for one, names in same if names and one.fitting]
    if not known:
        return
    at = ".".join(occurrence.path) or "the body"
    last = known[-1][0]
    names = [last.place.names[index] for index in last.fitting]
    session.expect(
        any(set(one.fitting) & counterparts for one, counterparts in known),
        "variant-changed",
        exchange,
        message=f"{branch.name} was sent at `{at}`, and the answer shows {' and '.join(names)}",
        expected=f"the answer shows what was sent: {shown(value)}",
        source=f"document {place.pointer}/{place.keyword} and {last.place.pointer}",
        came=shown([one.value for one, _ in known] if len(known) > 1 else last.value),
        cause=f"{place.pointer} {branch.name}",
    )


def _answer_path(session: Session, occurrence: Occurrence) -> tuple[str, ...] | None:
    """Where the answer shows what the request has at the place."""
    action = action_of(session, occurrence.operation)
    if action is None or action.envelope is None or action.envelope.path is None:
        return None
    inside = action.body_envelope.path if action.body_envelope else ()
    return (*action.envelope.path, *occurrence.path[len(inside or ()) :])


def _leads_to(path: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    pairs = zip(path, pattern, strict=False)
    return len(path) == len(pattern) and all(wanted in ("*", key) for key, wanted in pairs)


def _counterparts(branch: Branch, value: Json, place: Place) -> set[int]:
    """The variants of an answer that mean the same: those with the tags that were sent, else those
    with the same name."""
    sent = value if isinstance(value, dict) else {}
    found = set()
    for index, other in enumerate(place.branches):
        shared = branch.tags.keys() & other.tags.keys()
        if other.name == branch.name or (
            shared and all(sent.get(name) in other.tags[name] for name in shared)
        ):
            found.add(index)
    return found


def _try_wrong(
    session: Session, place: Place, occurrence: Occurrence, path: Mapping[str, str]
) -> None:
    """A value that fits no variant must be refused."""
    for value in wrong_values(session, occurrence, place)[:_WRONG]:
        body = body_with(session, occurrence, value)
        exchange = session.call(occurrence.operation, path, body=body)
        at = ".".join(occurrence.path) or "the body"
        session.expect(
            not exchange.is_success,
            f"{place.keyword.lower()}-invalid-accepted",
            exchange,
            message=f"{shown(value)} at `{at}` fits no variant, and was accepted",
            expected=f"a refusal: `{at}` must be one of {listed(place.names)}",
            source=f"document {place.pointer}/{place.keyword}",
            cause=f"{place.pointer} {shown(value) if not isinstance(value, dict) else len(value)}",
            severity=Severity.MEDIUM,
        )


def _tell(session: Session, outcome: Outcome) -> None:
    if outcome.untried:
        names = listed(outcome.untried)
        session.notes.append(f"no body could be made that fits one variant only: {names}")
    if outcome.refused:
        session.notes.append(f"refused by a rule beyond the schema: {'; '.join(outcome.refused)}")
    if not outcome.accepted:
        why = f"; refused: {'; '.join(outcome.refused)}" if outcome.refused else ""
        session.unseen = f"no variant was accepted{why}"
