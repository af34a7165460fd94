"""Statements as the driver takes them: SQLAlchemy writes them once, and is not asked again.

What SQLAlchemy does around a statement takes longer than SQLite takes for the statement itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Dialect, Executable
from sqlalchemy.sql import ClauseElement

Parameters = Mapping[str, Any] | Sequence[Any]


class Cursor(Protocol):
    """What is needed of a driver's cursor."""

    def execute(self, statement: str, parameters: Any = ..., /) -> Any: ...
    def fetchall(self) -> list[Any]: ...


class Prepared:
    """One statement's text, and the order of its parameters.

    For statements whose values need no conversion: texts and whole numbers.
    """

    __slots__ = ("_given", "_order", "text")

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        assert isinstance(statement, ClauseElement)
        compiled: Any = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._given = {name: value for name, value in compiled.params.items() if value is not None}
        self._order: Sequence[str] | None = compiled.positiontup

    def parameters(self, named: Mapping[str, Any]) -> Parameters:
        """All that the statement needs, with *named* among them, as the driver takes them."""
        if self._given:
            named = {**self._given, **named}
        return named if self._order is None else [named[name] for name in self._order]
