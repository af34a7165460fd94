"""Deletes what a ledger lists, one thing at a time."""

from collections.abc import Mapping
from typing import Final

from contracts.actors import ANONYMOUS, STRANGER
from contracts.exchange import Exchange
from contracts.items import action_of, deletion_of, path_names
from contracts.ledger import Ledger
from contracts.ledger.state import Entry, Thing
from contracts.stops import NoAnswer, NotJudged
from contracts.suites.session import Session, answer_text
from mockserver.errors import SetupError
from mockserver.openapi import Operation, Resource

NOT_THERE: Final = (404, 410)
_NOT_ALLOWED: Final = (401, 403)
_ATTEMPTS: Final = 3
_SHOWN_CHARACTERS: Final = 80


class Removal:
    """Deletes things and keeps account of it.

    *removed* names what was deleted; *reasons* says why a thing could not be, by its path.
    """

    def __init__(self, ledger: Ledger, session: Session) -> None:
        self.removed: list[str] = []
        self.reasons: dict[str, str] = {}
        self._ledger = ledger
        self._session = session

    def delete(self, thing: Thing) -> None:
        """Delete one thing and note that it is gone, or why it is not. Raises RunStopped.

        The actor who created it goes first; the others follow where that one may not.
        """
        entry = self._ledger.entry(thing.entry)
        refusals: list[str] = []
        answers: list[Exchange] = []
        try:
            operation, path = self._deletion(entry, thing)
        except (NotJudged, SetupError) as stop:
            self.reasons[thing.path] = str(stop)
            return
        for actor in self._deleters(entry):
            try:
                answers.append(self._answer(operation, path, actor))
            except NotJudged as stop:
                refusals.append(str(stop))
                continue
            if answers[-1].is_success or self._is_gone_for(entry, actor, answers[-1]):
                break
            refusals.append(_refusal(answers[-1], actor))
            if answers[-1].response.status not in (*NOT_THERE, *_NOT_ALLOWED):
                break
        self._account(thing, answers, refusals)

    def text(self, thing: Thing) -> str:
        """`/v2/event-types/12 (understudy k3f9 3)`."""
        names = self._ledger.entry(thing.entry).names
        return f"{thing.path} ({next(iter(names.values()))})" if names else thing.path

    def resource_of(self, entry: Entry) -> Resource:
        """Raises SetupError where the document no longer has the operation."""
        creation = self._session.yardstick.operation(entry.operation)
        action = action_of(self._session.yardstick, creation)
        if action is None:
            raise SetupError("the document no longer says what this creates", value=creation.label)
        return action.resource

    def is_nobody(self, actor: str) -> bool:
        """Whether *actor* sends no credential that anybody was given."""
        return actor in ("", ANONYMOUS, STRANGER)

    def _account(self, thing: Thing, answers: list[Exchange], refusals: list[str]) -> None:
        if answers and answers[-1].is_success:
            self._ledger.note_gone(thing.path, "deleted")
            self.removed.append(self.text(thing))
            self.reasons.pop(thing.path, None)
        elif len(refusals) < len(answers) or _is_nowhere(answers, refusals):
            self._ledger.note_gone(thing.path, "was not there")
            self.reasons.pop(thing.path, None)
        else:
            self.reasons[thing.path] = refusals[0]

    def _deletion(self, entry: Entry, thing: Thing) -> tuple[Operation, Mapping[str, str]]:
        resource = self.resource_of(entry)
        operation = deletion_of(self._session.yardstick, resource)
        if operation is None:
            raise NotJudged("the document has no operation that deletes it")
        path = {**entry.path_values, resource.id_name: thing.id}
        for name in path_names(operation):
            if name not in path:
                raise NotJudged(f"{operation.label} needs a value for {{{name}}}")
        return operation, {name: path[name] for name in path_names(operation)}

    def _deleters(self, entry: Entry) -> list[str]:
        creator = entry.actor or ANONYMOUS
        return [creator, *(one for one in self._session.bench.actors.names if one != creator)]

    def _is_gone_for(self, entry: Entry, actor: str, exchange: Exchange) -> bool:
        """Whether the answer says to its creator that it is gone; to others it may be hidden."""
        is_creator = actor == entry.actor and actor in self._session.bench.actors.names
        return is_creator and exchange.response.status in NOT_THERE

    def _answer(self, operation: Operation, path: Mapping[str, str], actor: str) -> Exchange:
        """The answer to a deletion, tried again where a fault may pass. Raises NotJudged."""
        for _ in range(_ATTEMPTS - 1):
            try:
                exchange = self._session.call(operation, path, actor=actor)
            except NoAnswer:
                continue
            if exchange.response.status < 500:
                return exchange
        return self._session.call(operation, path, actor=actor)


def _is_nowhere(answers: list[Exchange], refusals: list[str]) -> bool:
    """Whether every actor was told that it is not there."""
    all_asked = bool(answers) and len(answers) == len(refusals)
    return all_asked and all(one.response.status in NOT_THERE for one in answers)


def _refusal(exchange: Exchange, actor: str) -> str:
    return f"{exchange.label} as {actor} answered {answer_text(exchange, _SHOWN_CHARACTERS)}"
