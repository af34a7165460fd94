"""Ids that look random and are not: each is made from the seed and a counter in the store.

The counter lives in the store, so ids follow a reset, a snapshot and a restore, and several
processes on one store never make the same id twice. Same seed, same calls, same ids.
"""

from hashlib import blake2b
from uuid import UUID

from mockserver.store.protocol import Store

BASE58 = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
SHORT_ID_LENGTH = 22


class Ids:
    """Draws ids for one seed."""

    def __init__(self, seed: int) -> None:
        self._key = str(seed).encode()

    def short_id(self, store: Store, purpose: str) -> str:
        """22 characters of base 58 (no `0`, `O`, `I`, `l`).

        Source: reference private-links section 5 (T `generateHashedLink`).
        """
        number = int.from_bytes(self._draw(store, purpose))
        digits = []
        for _ in range(SHORT_ID_LENGTH):
            number, digit = divmod(number, 58)
            digits.append(BASE58[digit])
        return "".join(reversed(digits))

    def uuid(self, store: Store, purpose: str) -> str:
        """A UUID of version 4 in its usual spelling."""
        return str(UUID(bytes=self._draw(store, purpose), version=4))

    def _draw(self, store: Store, purpose: str) -> bytes:
        count = store.next_id(f"ids of {purpose}")
        return blake2b(f"{purpose}:{count}".encode(), key=self._key, digest_size=16).digest()
