"""What a run created, on disk before it is created, so that a killed run can be cleaned up."""

from contracts.ledger.file import read_header
from contracts.ledger.ledger import NAMES, Ledger, read_ledger, without_credentials

__all__ = ["NAMES", "Ledger", "read_header", "read_ledger", "without_credentials"]
