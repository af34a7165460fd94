"""Variants that one value can satisfy at once, told as notes: no target is to blame for them."""

from typing import Final

from contracts.checks.variants_overlaps import overlaps_at
from contracts.checks.variants_places import Place
from contracts.suites.session import Session

_MOST_NOTES: Final = 5


def tell_overlaps(session: Session, place: Place) -> None:
    """Note each pair of variants that overlap, with a value that fits both."""
    found = overlaps_at(session.yardstick, place)
    session.judgements += len(place.branches) * (len(place.branches) - 1) // 2
    session.notes += [one.note for one in found[:_MOST_NOTES]]
    if len(found) > _MOST_NOTES:
        session.notes.append(f"{len(found) - _MOST_NOTES} more pairs of variants overlap there")
