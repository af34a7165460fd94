"""Ids of private links: nobody can guess one."""

import itertools
import math
import string
from typing import Final

from contracts.findings import Severity
from contracts.suites.lifecycle.acts import item_in
from contracts.suites.lifecycle.calcom.world import World, WorldRules
from contracts.suites.lifecycle.rules import promise

RULES = WorldRules("links")

BITS: Final = 64
"""A link must be at least this hard to guess. Source: assumed (OWASP's bound for session ids)."""
SOURCE: Final = (
    "seed Private Links help page (`Non-Guessable, Secure URLs`); "
    "reference private-links.md section 5"
)


@RULES.on("create", "link-ids-cannot-be-guessed")
def link_ids_cannot_be_guessed(world: World) -> None:
    """Ids of several links differ, and in so many characters that none tells another.

    Source: help page Private Links (non-guessable, secure URLs); reference private-links section 5
    (22 characters of base 58, 128 bits).
    """
    event_type = world.new_event_type()
    many = 4 if world.session.options.quick else 8
    exchanges = [world.create_link(event_type, {"maxUsageCount": 1}) for _ in range(many)]
    ids = [item_in(world.session, one).id for one in exchanges]
    promise(
        world.session,
        len(set(ids)) == len(ids),
        "link-ids-are-unique",
        exchanges[-1],
        message="two private links have the same id",
        expected="an id of its own for each link",
        source=SOURCE,
        came=", ".join(ids),
    )
    bits = guessing_bits(ids)
    promise(
        world.session,
        bits >= BITS,
        "link-ids-cannot-be-guessed",
        exchanges[-1],
        message=f"who has one private link can guess others: {bits:.0f} bits differ between ids",
        expected=f"at least {BITS} bits that no other link tells",
        source=SOURCE,
        came=", ".join(ids[:4]),
        severity=Severity.HIGH,
    )


def guessing_bits(ids: list[str]) -> float:
    """How many bits the part of the ids holds that is not common to all of them."""
    head = _common_head(ids)
    tail = _common_head([id[head:][::-1] for id in ids])
    rests = [id[head : len(id) - tail] for id in ids]
    used = set("".join(rests))
    size = sum(
        len(letters)
        for letters in (string.digits, string.ascii_lowercase, string.ascii_uppercase)
        if used & set(letters)
    )
    size += len(used - set(string.digits + string.ascii_letters))
    return min(map(len, rests)) * math.log2(size) if size > 1 else 0.0


def _common_head(texts: list[str]) -> int:
    """How many characters all *texts* begin with."""
    places = zip(*texts, strict=False)  # the shortest text ends the comparison
    return len(list(itertools.takewhile(lambda letters: len(set(letters)) == 1, places)))
