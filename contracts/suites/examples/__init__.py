"""Every operation exercised deterministically: good requests, bad ones, and each thing that its
document lets a request say."""

from collections.abc import Iterator

from contracts.suites.examples.doors import door_cases
from contracts.suites.examples.identities import identity_cases
from contracts.suites.examples.numbers import number_cases
from contracts.suites.examples.pace import pace_cases
from contracts.suites.examples.parameters import parameter_cases
from contracts.suites.examples.properties import property_cases
from contracts.suites.examples.ranges import range_cases
from contracts.suites.examples.refusals import refusal_cases
from contracts.suites.examples.rereading import rereading_cases
from contracts.suites.examples.routes import route_cases
from contracts.suites.examples.success import success_cases
from contracts.suites.examples.texts import text_cases
from contracts.suites.examples.unknown import unknown_cases
from contracts.suites.examples.verbs import verb_cases
from contracts.suites.examples.versions import version_cases
from contracts.suites.session import Case, Options
from contracts.yardstick import Yardstick

__all__ = ["cases"]


def cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """The suite's cases, in the document's order of operations; made without traffic."""
    for make in (
        success_cases,
        pace_cases,
        refusal_cases,
        parameter_cases,
        property_cases,
        unknown_cases,
        text_cases,
        verb_cases,
        door_cases,
        route_cases,
        rereading_cases,
        identity_cases,
        number_cases,
        range_cases,
        version_cases,
    ):
        yield from make(yardstick, options)
