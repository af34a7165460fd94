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


class Ids:
    """Draws ids for one seed."""

    def __init__(self, seed: int) -> None:
        self._key = str(seed).encode()

    def short_id(self, store: Store, purpose: str) -> str:
        """22 characters of base 58 (no `0`, `O`, `I`, `l`).

        Source: reference private-links section 5 (T `generateHashedLink`).
        """
        number = int.from_bytes(self._draw(store, purpose))
        pairs = []
        for _ in range(SHORT_ID_LENGTH // 2):
            number, pair = divmod(number, len(_PAIRS))
            pairs.append(_PAIRS[pair])
        return "".join(reversed(pairs))

    def uuid(self, store: Store, purpose: str) -> str:
        """A UUID of version 4 in its usual spelling."""
        return str(UUID(bytes=self._draw(store, purpose), version=4))

    def _draw(self, store: Store, purpose: str) -> bytes:
        count = store.next_id(f"ids of {purpose}")
        return blake2b(f"{purpose}:{count}".encode(), key=self._key, digest_size=16).digest()
