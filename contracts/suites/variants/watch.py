"""Holds every answer of a case to the document's variants, and remembers which were seen."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from contracts.checks.variants import Judgement, answer_judgements, variant_findings
from contracts.checks.variants_places import Place, Variants
from contracts.exchange import Exchange
from contracts.suites.session import Session


class Watch:
    """What the answers of one case showed.

    Answers to requests that others sent for the case (`provisions`) count as well.
    """

    def __init__(self, session: Session, variants: Variants) -> None:
        self._session = session
        self._variants = variants
        self._taken = 0
        self._seen: dict[tuple[str, str], set[int]] = {}

    def answered(self, exchange: Exchange) -> list[Judgement]:
        """The judgements on an answer of the case, once everything up to it is judged."""
        self.catch_up()
        return answer_judgements(self._variants, exchange)

    def catch_up(self) -> None:
        """Judge the answers that have come since."""
        new, self._taken = self._session.exchanges[self._taken :], len(self._session.exchanges)
        for exchange in new:
            self._judge(exchange)

    def seen(self, place: Place, operation: str = "") -> set[int]:
        """Indexes of the variants of *place* that were seen good, anywhere or at one operation."""
        return {
            index
            for (pointer, label), indexes in self._seen.items()
            if pointer == _key(place) and operation in ("", label)
            for index in indexes
        }

    def unseen(self, place: Place) -> list[str]:
        """Names of the variants of *place* that no answer showed."""
        seen = self.seen(place)
        return [name for index, name in enumerate(place.names) if index not in seen]

    def _judge(self, exchange: Exchange) -> None:
        found = answer_judgements(self._variants, exchange)
        self._session.judgements += len(found)
        for judgement in found:
            if judgement.is_good:
                key = _key(judgement.place), exchange.label
                self._seen.setdefault(key, set()).update(judgement.fitting)
        for finding in variant_findings(self._session.yardstick.document, exchange, found):
            self._session.found(finding)


@contextmanager
def watching(session: Session, variants: Variants) -> Iterator[Watch]:
    """A watch that has judged everything when the case ends, however it ends."""
    watch = Watch(session, variants)
    try:
        yield watch
    finally:
        watch.catch_up()


def listed(names: Sequence[str], most: int = 8) -> str:
    """`A, B and 3 more`."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def _key(place: Place) -> str:
    return f"{place.pointer}/{place.keyword}"
