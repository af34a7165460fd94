"""Everything that can be planted: one small function for each fault, by category."""

from mockserver.faults.rows import fault_rows
from mockserver.faults.surroundings import DocumentSurroundings
from mockserver.faults.table import FAULTS, fault_named
from mockserver.faults.wish import Wish, planted, read_wish, wish_text

__all__ = [
    "FAULTS",
    "DocumentSurroundings",
    "Wish",
    "fault_named",
    "fault_rows",
    "planted",
    "read_wish",
    "wish_text",
]
