"""What a process remembers of a world that others may change, and how it knows that they did.

The world's row holds marks: one for each collection, made anew by each transaction that writes to
it, one for all collections together, and one for the sequences. Same mark, same documents: who has
read the marks in a transaction may give what is remembered without asking for it again. A mark is
random, so that a database that was put back to what it once was has the marks that it had then.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from os import urandom
from typing import Any, Final

from mockserver.model import Document, Json
from mockserver.store.protocol import View
from mockserver.store.sql_indexes import spelled
from mockserver.store.values import LONGEST_LIST, VIEWS_KEPT, viewed

LONGEST_TEXT: Final = 20_000
"""How long a document may be that is kept."""
MOST_KEPT: Final = 4096
"""So many documents and lists are kept; then all are forgotten."""
MOST_CHARACTERS: Final = 4_000_000
MOST_MARKS: Final = 100
"""So many collections have marks of their own; then all get one together."""

NO_MARKS: Final = '{"all":"","sequences":"","of":{}}'
"""Of a world in which nothing was ever written."""


class Stored:
    """A document as it is stored: its number, and its text."""

    __slots__ = ("number", "text")

    def __init__(self, number: int, text: str) -> None:
        self.number = number
        self.text = text


class Listed:
    """Documents that were found together: their texts, and views of them."""

    __slots__ = ("texts", "views")

    def __init__(self, texts: Sequence[str], views: tuple[View, ...]) -> None:
        self.texts = texts
        self.views = views


class Shelf:
    """What is remembered of one collection: documents by key, lists by fields and their values.

    None in the place of a document: there is none.
    """

    __slots__ = ("documents", "lists")

    def __init__(self) -> None:
        self.documents: dict[str, Stored | None] = {}
        self.lists: dict[tuple[str, ...], dict[str, Listed]] = {}

    def forget_lists_with(self, document: View) -> None:
        """Forget the lists that *document* is in, or would be."""
        for fields, lists in self.lists.items():
            lists.pop(spelled(document, fields), None)


class Remembered:
    """What is known of the world as of the last marks that were seen."""

    def __init__(self) -> None:
        self.sequences: dict[str, int] = {}
        """The last number of each, where that is known."""
        self.given: set[str] = set()
        """The collections that something was given of since `begin`."""
        self._viewed = lru_cache(VIEWS_KEPT)(viewed)
        self._shelves: dict[str, Shelf] = {}
        self._count = self._characters = 0
        self._marks_text = ""
        self._marks: Mapping[str, Any] = json.loads(NO_MARKS)
        self._new_marks = self._marks_text, self._marks
        self._changed: set[str] = set()
        self._is_all_changed = self._has_new_sequences = False

    def see(self, marks_text: str) -> None:
        """Forget what is not as it was when *marks_text* was seen last."""
        if marks_text == self._marks_text:
            return
        before, now = self._marks, json.loads(marks_text)
        if now["all"] != before["all"] or not self._marks_text:
            self.clear()
        for name in [one for one in self._shelves if now["of"].get(one) != before["of"].get(one)]:
            del self._shelves[name]
        if now["sequences"] != before["sequences"]:
            self.sequences.clear()
        self._marks_text, self._marks = marks_text, now

    def clear(self) -> None:
        self._shelves.clear()
        self.sequences.clear()
        self._count = self._characters = 0
        self._marks_text, self._marks = "", json.loads(NO_MARKS)

    @property
    def is_outdated(self) -> bool:
        """Whether something was given that is forgotten by now."""
        return not self.given <= self._shelves.keys()

    def view_of(self, text: str) -> View:
        """The document that *text* spells: the same one each time, where it is not long."""
        return self._viewed(text) if len(text) <= LONGEST_TEXT else viewed(text)

    def document(self, collection: str, key: str) -> Stored | None:
        """The one under *key*, None where there is none. Raises KeyError where that is unknown."""
        stored = self._shelves[collection].documents[key]
        self.given.add(collection)
        return stored

    def documents(self, collection: str, fields: tuple[str, ...], values: str) -> Listed | None:
        """Those whose *fields* are spelled *values*; None where they are not known."""
        shelf = self._shelves.get(collection)
        lists = None if shelf is None else shelf.lists.get(fields)
        found = None if lists is None else lists.get(values)
        if found is not None:
            self.given.add(collection)
        return found

    def keep_document(self, collection: str, key: str, stored: Stored | None) -> None:
        length = len(key) + (0 if stored is None else len(stored.text))
        if length > LONGEST_TEXT:
            self._shelf(collection).documents.pop(key, None)
            return
        self._make_room(length)
        self._shelf(collection).documents[key] = stored

    def keep_documents(
        self, collection: str, fields: tuple[str, ...], values: str, texts: Sequence[str]
    ) -> Listed | None:
        """Keep those that were found; gives None where they are too many or too long."""
        length = sum(map(len, texts)) + len(values)
        if len(texts) > LONGEST_LIST or length > LONGEST_TEXT:
            return None
        self._make_room(length)
        found = Listed(texts, tuple(map(self._viewed, texts)))
        self._shelf(collection).lists.setdefault(fields, {})[values] = found
        return found

    def wrote(
        self,
        collection: str,
        key: str,
        before: View | None,
        after: Document | None,
        stored: Stored | None,
    ) -> None:
        """Note that *before* became *after*, which is *stored*; None: there was, or is, none."""
        self._changed.add(collection)
        shelf = self._shelf(collection)
        if shelf.lists:
            for document in (before, after):
                if document is not None:
                    shelf.forget_lists_with(document)
        self.keep_document(collection, key, stored)

    def count(self, sequence: str, number: int) -> None:
        """Note that *number* is the last one of *sequence*."""
        self.sequences[sequence] = number
        self._has_new_sequences = True

    def lost_count(self, sequence: str) -> None:
        """Note that *sequence* may have gone on."""
        self.sequences.pop(sequence, None)
        self._has_new_sequences = True

    def wrote_all(self) -> None:
        """Note that everything is another."""
        self._is_all_changed = True
        self._shelves.clear()
        self.sequences.clear()

    def new_marks(self) -> str | None:
        """What the world's row must hold if what was written is kept; None: what it holds."""
        self._new_marks = self._marks_text, self._marks
        if not (self._changed or self._is_all_changed or self._has_new_sequences):
            return None
        mark = urandom(8).hex()
        marks = dict(self._marks)
        marks["of"] = {**marks["of"], **dict.fromkeys(self._changed, mark)}
        if self._has_new_sequences or self._is_all_changed:
            marks["sequences"] = mark
        if self._is_all_changed or len(marks["of"]) > MOST_MARKS:
            marks["all"], marks["of"] = mark, {}
        text = json.dumps(marks)
        self._new_marks = text, marks
        return text

    def kept(self) -> None:
        """What was written is kept, with the marks that `new_marks` gave last."""
        self._marks_text, self._marks = self._new_marks
        self._nothing_changed()

    def undone(self) -> None:
        """What was written is not kept."""
        if self._is_all_changed:
            self._shelves.clear()
        for name in self._changed:
            self._shelves.pop(name, None)
        if self._has_new_sequences:
            self.sequences.clear()
        self._nothing_changed()

    def _nothing_changed(self) -> None:
        self._changed = set()
        self._is_all_changed = self._has_new_sequences = False

    def _shelf(self, collection: str) -> Shelf:
        shelf = self._shelves.get(collection)
        if shelf is None:
            shelf = self._shelves[collection] = Shelf()
        return shelf

    def _make_room(self, length: int) -> None:
        """Count one more, and forget all others where they are too many by now."""
        self._count += 1
        self._characters += length
        if self._count > MOST_KEPT or self._characters > MOST_CHARACTERS:
            self._shelves.clear()
            self._count, self._characters = 1, length


def values_of(where: Mapping[str, Json], fields: tuple[str, ...]) -> str | None:
    """The values of *where* as a list of them is known by; None where it cannot be known."""
    if len(fields) != len(where) or any(isinstance(value, float) for value in where.values()):
        return None
    return spelled(where, fields)
