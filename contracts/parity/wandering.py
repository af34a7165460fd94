"""Random walks: things are made, looked at, changed and deleted in any order, by anybody."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice
from random import Random
from typing import Final

from contracts.actors import ANONYMOUS, OWNER, STRANGER
from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.bodies import good_texts, optional, properties, with_property
from contracts.suites.flawed import flawed_bodies
from contracts.suites.lifecycle.things import Thing, things_of
from contracts.suites.provisions import Item
from contracts.suites.session import Session
from mockserver.model import MISSING, Document, Json
from mockserver.openapi import Operation

_STEPS: Final = 14
_ACTORS: Final = (OWNER,) * 6 + (ANONYMOUS, STRANGER)
_SPANS_S: Final = (1, 30, 3600)
_UNKNOWN: Final = ("0", "-1", "999999", "2147483648", "9007199254740993", "understudy", "1.5")
_MOST_FLAWS: Final = 40


def wander(random: Random, session: Session) -> None:
    """Walk some steps around one kind of thing. Does nothing where nothing can be created."""
    things = [thing for thing in things_of(session.yardstick) if thing.maker is not None]
    if things:
        walk = _Walk(random, session, random.choice(things))
        for _ in range(_STEPS):
            walk.step()


class _Walk:
    def __init__(self, random: Random, session: Session, thing: Thing) -> None:
        self._random = random
        self._session = session
        self._thing = thing
        self._items: list[Item] = []
        self._parents: dict[str, str] = {}
        self._begin()

    def step(self) -> None:
        """One step; one that cannot be done here is none."""
        acts = self._acts()
        try:
            self._random.choice(acts)()
        except NotJudged:
            return

    def _begin(self) -> None:
        maker = self._thing.maker
        assert maker is not None
        try:
            path = provisions.path_values(self._session, maker.operation("create"))
        except NotJudged:
            return
        self._parents = path

    def _acts(self) -> list[Callable[[], None]]:
        acts: list[Callable[[], None]] = [self._create, self._create, self._pass_time]
        if self._thing.has("list"):
            acts += [self._list, self._list]
        if self._items:
            for kind in ("read", "update", "replace", "delete"):
                if self._thing.has(kind):
                    acts += [partial(self._act, kind)]
            acts += [self._update] * 3 if self._thing.has("update") else []
        if self._session.bench.target.can_count_uses:
            acts.append(self._use)
        acts += [partial(self._astray, kind) for kind in ("read", "update", "delete")]
        return acts

    def _create(self) -> None:
        maker = self._thing.maker
        assert maker is not None
        operation = maker.operation("create")
        body = self._body(operation, provisions.new_body(self._session, operation))
        exchange = self._call(operation, self._parents, body)
        item = provisions.item_of(self._session, exchange)
        if item is not None:
            self._items.append(item)

    def _list(self) -> None:
        operation = self._thing.operation("list")
        asked = [one for one in operation.parameters if one.where == "query"]
        query = []
        for parameter in self._random.sample(asked, min(len(asked), self._random.randrange(3))):
            texts = good_texts(self._session.yardstick, parameter)
            if texts:
                query.append((parameter.name, self._random.choice(texts)))
        self._call(operation, self._path(operation, {}), MISSING, query)

    def _update(self) -> None:
        operation = self._thing.operation("update")
        item = self._random.choice(self._items)
        self._call(operation, self._path(operation, item.path), self._body(operation, {}))

    def _act(self, kind: str) -> None:
        operation = self._thing.operation(kind)
        item = self._random.choice(self._items)
        body = MISSING
        if self._session.yardstick.request_schema(operation) is not None:
            body = self._body(operation, provisions.new_body(self._session, operation))
        self._call(operation, self._path(operation, item.path), body)

    def _astray(self, kind: str) -> None:
        """The same with an id that nothing has."""
        if not self._thing.has(kind):
            return
        operation = self._thing.operation(kind)
        lost = {self._thing.resource.id_name: self._random.choice(_UNKNOWN)}
        has_body = self._session.yardstick.request_schema(operation) is not None
        path = self._path(operation, {**self._parents, **lost})
        self._call(operation, path, {} if has_body else MISSING)

    def _pass_time(self) -> None:
        target = self._session.bench.target
        if target.can_move_time:
            span = timedelta(seconds=self._random.choice(_SPANS_S))
            target.wait_until(target.now() + span)

    def _use(self) -> None:
        if self._items:
            self._session.bench.target.count_use(self._random.choice(self._items).id)

    def _call(
        self,
        operation: Operation,
        path: dict[str, str],
        body: Json,
        query: Sequence[tuple[str, str]] = (),
    ) -> Exchange:
        return self._session.call(
            operation, path, body=body, query=query, actor=self._random.choice(_ACTORS)
        )

    def _path(self, operation: Operation, given: Mapping[str, str]) -> dict[str, str]:
        known = {**self._parents, **given}
        return provisions.path_values(self._session, operation, known)

    def _body(self, operation: Operation, base: Json) -> Json:
        """*base* with some more, now and then with a flaw."""
        yardstick = self._session.yardstick
        schema = yardstick.request_schema(operation)
        if schema is None or not isinstance(base, dict):
            return base
        names = optional(yardstick, schema) if base else tuple(properties(yardstick, schema))
        body: Document = base
        for name in self._random.sample(names, min(len(names), self._random.randrange(4))):
            body = with_property(yardstick, schema, body, name) or body
        if self._random.random() < 0.2:
            flaws = list(islice(flawed_bodies(yardstick, schema, body), _MOST_FLAWS))
            return self._random.choice(flaws).value if flaws else body
        return body
