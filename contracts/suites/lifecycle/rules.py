"""Rules of life that hold for any thing: a name, what it takes to try it, and how."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from contracts.exchange import Exchange
from contracts.findings import Severity
from contracts.suites.lifecycle.things import Thing, things_of
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

SUITE: Final = "lifecycle"
_STORY: Final = 15
"""Exchanges that a finding tells at most."""

CREATED: Final = "RFC 9110 section 15.3.2 (201: the resource has been created)"
SAFE: Final = "RFC 9110 section 9.2.1 (reading is safe: it changes nothing)"
REMOVED: Final = "RFC 9110 section 9.3.5 (DELETE removes the resource)"
NOT_FOUND: Final = "RFC 9110 section 15.5.5 (404: there is no such resource)"
REFUSED: Final = "RFC 9110 section 15.5 (4xx: the request is not fulfilled)"
CHANGED: Final = "RFC 5789 section 2 (PATCH applies the changes that are sent, and only those)"
REPLACED: Final = "RFC 9110 section 9.3.4 (PUT replaces the state with the one that is sent)"
IDEMPOTENT: Final = "RFC 9110 section 9.2.2 (PUT is idempotent)"

Run: TypeAlias = Callable[[Session, Thing], None]
When: TypeAlias = Callable[[Yardstick, Thing], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """*kind* names the operation that the rule is about; *needs* those that it cannot do without
    beside it. *when* tells whether it makes sense for a thing at all."""

    kind: str
    name: str
    run: Run
    needs: tuple[str, ...] = ()
    when: When | None = None
    writes: bool = True
    actors: tuple[str, ...] = ()
    is_slow: bool = False


class Rules:
    """The rules of one module, in the order in which they are written."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def on(
        self,
        kind: str,
        name: str,
        *,
        needs: Sequence[str] = (),
        when: When | None = None,
        writes: bool = True,
        actors: Sequence[str] = (),
        is_slow: bool = False,
    ) -> Callable[[Run], Run]:
        """Take a function in as a rule."""

        def enter(run: Run) -> Run:
            rule = Rule(kind, name, run, tuple(needs), when, writes, tuple(actors), is_slow)
            self._rules.append(rule)
            return run

        return enter

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)


def cases_of_rules(rules: Iterable[Rule], yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """A case for every thing and every rule that makes sense for it."""
    things = things_of(yardstick)
    for rule in rules:
        for thing in things:
            if _applies(rule, yardstick, thing, options):
                yield _case(rule, thing)


def _case(rule: Rule, thing: Thing) -> Case:
    run = _bound(rule, thing)
    return Case(
        SUITE,
        thing.operation(rule.kind).label,
        rule.name,
        run,
        rule.actors,
        rule.writes,
    )


def _applies(rule: Rule, yardstick: Yardstick, thing: Thing, options: Options) -> bool:
    if rule.is_slow and options.quick:
        return False
    if not thing.is_shown or not thing.has(rule.kind, *rule.needs):
        return False
    return rule.when is None or rule.when(yardstick, thing)


def _bound(rule: Rule, thing: Thing) -> Callable[[Session], None]:
    return lambda session: rule.run(session, thing)


def promise(
    session: Session,
    holds: bool,
    rule: str,
    exchange: Exchange,
    *,
    message: str,
    expected: str,
    source: str,
    came: str = "",
    cause: str = "",
    severity: Severity = Severity.HIGH,
) -> bool:
    """Judge once, with what was sent before as the story. Gives *holds*."""
    before = [one for one in session.exchanges if one.number < exchange.number]
    return session.expect(
        holds,
        rule,
        exchange,
        message=message,
        expected=expected,
        source=source,
        came=came,
        cause=cause,
        severity=severity,
        story=before[-_STORY:],
    )


def pointer(operation: Operation) -> str:
    """Where the document describes *operation*, as a source."""
    place = operation.template.replace("~", "~0").replace("/", "~1")
    return f"document #/paths/{place}/{operation.method.lower()}"
