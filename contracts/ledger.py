"""What a run created, on disk before it is created, so that a killed run can be cleaned up."""

from contracts.exchange import Exchange, Request
from contracts.yardstick import Match


class Ledger:
    """Notes every create: the intent before it is sent, the id after it; and what is gone again.

    The door calls `before` and `after` for every request that it lets out.
    """

    def before(self, request: Request, match: Match | None) -> int | None:
        """Note that *request* may create something; on disk when this returns. None where it
        cannot."""
        return None

    def after(self, entry: int | None, exchange: Exchange) -> None:
        """Note what came of a request: created under which id, refused, or deleted."""
