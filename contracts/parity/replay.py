"""A recording sent again: each answer beside the recorded one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contracts.actors import Actor
from contracts.exchange import Exchange, Request
from contracts.parity.agreement import Compared
from contracts.parity.archives import CREDENTIALS
from contracts.parity.difference import Difference, differences
from contracts.parity.names import asks_for_order, noun_of
from contracts.parity.recorded import Recorded
from contracts.parity.renamed import renamed_request
from contracts.parity.renaming import Renaming
from contracts.parity.variables import Variables
from contracts.stops import NotJudged
from contracts.suites.session import Bench


@dataclass(frozen=True, slots=True)
class Manner:
    """How a recording is sent.

    *given* are values of variables. *is_throwaway* tells that nothing of the target outlives the
    replay, so that what is not known may be guessed. *moves_time* gives the target the recorded
    time, where its clock can be moved.
    """

    given: Mapping[str, str]
    is_throwaway: bool
    moves_time: bool


class Replay:
    """Sends *recorded* to the target of *bench*, in order. *actors* are those with a key."""

    def __init__(
        self, recorded: Sequence[Recorded], bench: Bench, actors: Sequence[Actor], manner: Manner
    ) -> None:
        self._recorded = recorded
        self._bench = bench
        self._keys = {actor.name: actor.secret for actor in actors}
        self._manner = manner
        self._renaming = Renaming()
        self._variables = Variables(recorded, manner.given, is_guessing=manner.is_throwaway)

    def compared(self) -> Iterator[Compared]:
        """Each exchange, as soon as it is compared. Raises RunStopped."""
        for recorded in self._recorded:
            try:
                exchange = self._sent(recorded)
            except NotJudged as reason:
                self._variables.learn(recorded, None)
                yield self._with_label(recorded, None, (), str(reason))
                continue
            found = self._differences(recorded, exchange)
            self._variables.learn(recorded, exchange)
            yield self._with_label(recorded, exchange, tuple(found), "")

    def _sent(self, recorded: Recorded) -> Exchange:
        """Raises NotJudged, RunStopped."""
        request = self._request(recorded)
        target = self._bench.target
        if self._manner.moves_time and target.can_move_time:
            target.wait_until(recorded.sent_at)
        return target.send(request, case=f"{recorded.file} {recorded.seq}")

    def _request(self, recorded: Recorded) -> Request:
        if recorded.is_template:
            return self._variables.request(recorded, self._key_of)
        request = renamed_request(self._variables.request(recorded, self._key_of), self._renaming)
        return self._with_credential(request) if recorded.request.actor else request

    def _with_credential(self, request: Request) -> Request:
        """*request* of an archive, with the credential of the actor who stands for whoever sent
        it."""
        match = self._bench.yardstick.match(request.method, request.path)
        operation = match.operation if match else None
        if request.actor not in self._bench.actors:
            raise NotJudged(_no_key(request.actor))
        kept = tuple(pair for pair in request.headers if pair[0].lower() not in CREDENTIALS)
        driving = self._bench.yardstick.driving(operation) if operation else None
        shown = self._bench.actors.headers(driving, request.actor)
        own = {name.lower() for name, _ in shown}
        others = tuple(pair for pair in kept if pair[0].lower() not in own)
        return Request(
            request.method, request.target, (*others, *shown), request.body, request.actor
        )

    def _key_of(self, name: str) -> str:
        if name not in self._keys:
            raise NotJudged(_no_key(name))
        return self._keys[name]

    def _differences(self, recorded: Recorded, exchange: Exchange) -> list[Difference]:
        sent = exchange.request
        return differences(
            recorded.response,
            exchange.response,
            self._renaming,
            expected_at=recorded.sent_at,
            actual_at=exchange.sent_at,
            noun=noun_of(exchange.operation.path if exchange.operation else sent.path),
            is_ordered=asks_for_order(name for name, _ in sent.query),
        )

    def _with_label(
        self,
        recorded: Recorded,
        exchange: Exchange | None,
        found: tuple[Difference, ...],
        reason: str,
    ) -> Compared:
        request = recorded.request
        match = self._bench.yardstick.match(request.method, request.path)
        label = match.operation.label if match else f"{request.method} {request.path}"
        id = match.operation.id if match else ""
        return Compared(recorded, label, id, exchange, found, reason)


def actor_names(recorded: Sequence[Recorded]) -> list[str]:
    """Whose keys the recording masks."""
    texts = (
        text
        for one in recorded
        for text in (one.request.target, *(value for _, value in one.request.headers))
    )
    found = (name for text in texts for name in re.findall(r"<key:([^<>]+)>", text))
    return list(dict.fromkeys(found))


def _no_key(name: str) -> str:
    return f"needs the key of {name}: --as {name}=ENV_VAR"
