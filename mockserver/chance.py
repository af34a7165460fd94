"""Ids that look random and are not: each is made from the seed and a counter in the store.

The counter lives in the store, so ids follow a reset, a snapshot and a restore, and several
processes on one store never make the same id twice. Same seed, same calls, same ids.
"""

from hashlib import blake2b
from uuid import UUID

from mockserver.store.protocol import Store

BASE58 = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
SHORT_ID_LENGTH = 22
_OF_BYTE = (BASE58 * 5)[:256].encode()
"""The character for each byte."""
_UUID_BYTES = 16


class Ids:
    """Draws ids for one seed."""

    def __init__(self, seed: int) -> None:
        self._key = str(seed).encode()
        self._begun: dict[str, tuple[str, blake2b]] = {}

    def short_id(self, store: Store, purpose: str) -> str:
        """22 characters of base 58 (no `0`, `O`, `I`, `l`).

        Source: reference private-links section 5 (T `generateHashedLink`).
        """
        return self._draw(store, purpose).translate(_OF_BYTE).decode("ascii")

    def uuid(self, store: Store, purpose: str) -> str:
        """A UUID of version 4 in its usual spelling."""
        drawn = self._draw(store, purpose)[:_UUID_BYTES]
        return str(UUID(bytes=drawn, version=4))

    def _draw(self, store: Store, purpose: str) -> bytes:
        sequence, begun = self._begun.get(purpose) or self._begin(purpose)
        hashed = begun.copy()
        hashed.update(b"%d" % store.next_id(sequence))
        return hashed.digest()

    def _begin(self, purpose: str) -> tuple[str, blake2b]:
        """What all ids of a purpose have in common; there are as many as operations."""
        hashed = blake2b(f"{purpose}:".encode(), key=self._key, digest_size=SHORT_ID_LENGTH)
        begun = self._begun[purpose] = f"ids of {purpose}", hashed
        return begun
