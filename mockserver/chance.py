"""Ids that look random and are not: each is made from the seed and a counter in the store.

The counter lives in the store, so ids follow a reset, a snapshot and a restore, and several
processes on one store never make the same id twice. Same seed, same calls, same ids.
"""

from hashlib import blake2b
from uuid import UUID

from mockserver.store.protocol import Store

BASE58 = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
SHORT_ID_LENGTH = 22
_PAIRS = [first + second for first in BASE58 for second in BASE58]
_PAIR = len(_PAIRS)
_TWO_PAIRS, _FIVE_PAIRS = _PAIR**2, _PAIR**5


class Ids:
    """Draws ids for one seed."""

    def __init__(self, seed: int) -> None:
        self._key = str(seed).encode()
        self._hashes: dict[str, blake2b] = {}

    def short_id(self, store: Store, purpose: str) -> str:
        """22 characters of base 58 (no `0`, `O`, `I`, `l`).

        Source: reference private-links section 5 (T `generateHashedLink`).
        """
        number = int.from_bytes(self._draw(store, purpose))
        number, last = divmod(number, _FIVE_PAIRS)
        first, middle = divmod(number, _FIVE_PAIRS)
        return f"{_PAIRS[first]}{_ten(middle)}{_ten(last)}"

    def uuid(self, store: Store, purpose: str) -> str:
        """A UUID of version 4 in its usual spelling."""
        return str(UUID(bytes=self._draw(store, purpose), version=4))

    def _draw(self, store: Store, purpose: str) -> bytes:
        count = store.next_id(f"ids of {purpose}")
        hashed = self._hash_of(purpose).copy()
        hashed.update(b"%d" % count)
        return hashed.digest()

    def _hash_of(self, purpose: str) -> blake2b:
        """What all ids of a purpose have in common; there are as many as operations."""
        known = self._hashes.get(purpose)
        if known is None:
            begun = blake2b(f"{purpose}:".encode(), key=self._key, digest_size=16)
            known = self._hashes[purpose] = begun
        return known


def _ten(number: int) -> str:
    """Ten characters from a number that fits into a machine's word: each step is a short one."""
    upper, lower = divmod(number, _TWO_PAIRS)
    first, second = divmod(upper, _TWO_PAIRS)
    return (
        f"{_PAIRS[first]}{_PAIRS[second // _PAIR]}{_PAIRS[second % _PAIR]}"
        f"{_PAIRS[lower // _PAIR]}{_PAIRS[lower % _PAIR]}"
    )
