"""Whether answers come in time."""

from collections.abc import Callable, Iterator

from contracts.checks.places import label_of
from contracts.exchange import Exchange
from contracts.findings import Finding, Severity
from contracts.yardstick import Yardstick


def answers_within(longest_s: float) -> Callable[[Exchange, Yardstick], Iterator[Finding]]:
    """A check that every answer is there, to its last byte, *longest_s* after its request; what
    the sender's own machine took is not counted."""

    def answer_comes_in_time(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
        if exchange.target_s <= longest_s:
            return
        yield Finding(
            rule="slow-answer",
            operation=label_of(exchange, yardstick),
            severity=Severity.MEDIUM,
            message=f"The answer took longer than the {longest_s:g} s that a run allows "
            "(--slow-after).",
            expected=f"the whole answer within {longest_s:g} s",
            source="the setting slow-after",
            came=f"{exchange.target_s:.1f} s",
            exchange=exchange,
        )

    return answer_comes_in_time
