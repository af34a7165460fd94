"""The world of a fresh server: state files, merged, completed and held against the document.

A state is `{"collections": {name: {key: document}}, "sequences": {name: n}}`, in YAML or JSON.
Parts whose names begin with `x-` are for the file's own use (anchors, remarks).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from mockserver.behaviours.collection import Collection, collections_of
from mockserver.clock import iso_text
from mockserver.errors import SetupError
from mockserver.model import MISSING, Document, Json, Violation
from mockserver.openapi import read_yaml
from mockserver.openapi.copies import copied
from mockserver.store.protocol import GREATEST_SEQUENCE

__all__ = ["Collection", "accepted_state", "collections_of", "fitting_state", "load_fixtures"]

Complete = Callable[[Document], Document]
Progress = Callable[[int, int], None]

PROGRESS_STEP = 1000
_PARTS = ("collections", "sequences")
_UNKNOWN = "additionalProperties"
_INSTANT = re.compile(r"\$\{now(?P<spans>([+-][0-9]{1,9}[smhdw])*)\}")
_SPAN = re.compile(r"([+-][0-9]+)([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why one document (key None: one collection) does not fit; *pointer* leads into it."""

    collection: str
    key: str | None
    reason: str
    pointer: str = ""
    value: Json = None
    known: Sequence[str] = ()

    @property
    def place(self) -> str:
        """`/collections/users/1/email`"""
        names = ("collections", self.collection, *([] if self.key is None else [self.key]))
        return "".join(f"/{_escaped(name)}" for name in names) + self.pointer

    def error(self, file: Path | None = None) -> SetupError:
        return SetupError(
            self.reason, file=file, place=self.place, value=self.value, known=self.known
        )


def load_fixtures(
    paths: Sequence[Path],
    *,
    collections: Mapping[str, Collection],
    complete: Mapping[str, Complete] | None = None,
    now: datetime,
    progress: Progress | None = None,
) -> Document:
    """The state that the files in *paths* make together, checked.

    A later file adds documents; a key that stands in two files is an error. A text `${now}`,
    `${now+2d}`, `${now-1h30m}` becomes that instant, counted from *now*. Each document goes
    through its collection's function in *complete* before it is checked. Raises SetupError that
    names file, place, value and reason.
    """
    states = [(path, _read(path, now)) for path in paths]
    merged: Document = {"collections": {}, "sequences": {}}
    for path, state in states:
        _complete(path, state, collections, complete or {})
        _merge(path, state, merged)
    for flaw in _flaws(merged["collections"], collections, progress):
        raise flaw.error(_origin(states, flaw))
    return merged


def accepted_state(
    state: Json,
    *,
    collections: Mapping[str, Collection],
    complete: Mapping[str, Complete],
    progress: Progress | None = None,
) -> Document:
    """What a store takes for *state*: a copy, completed as the documents of files are, and checked.

    Raises SetupError, without a file, where *state* has a wrong shape, or a document does not fit.
    """
    _check_shape(state, None)
    accepted: Document = {
        "collections": copied(state["collections"]),
        "sequences": dict(state.get("sequences", {})),
    }
    _complete(None, accepted, collections, complete)
    for flaw in _flaws(accepted["collections"], collections, progress):
        raise flaw.error()
    return accepted


def fitting_state(
    state: Document, collections: Mapping[str, Collection]
) -> tuple[Document, list[str]]:
    """What of *state* fits *collections*, and why the rest was dropped, a line for each.

    What refers to something dropped is dropped as well. *state* itself is left alone.
    """
    kept = {name: dict(documents) for name, documents in state["collections"].items()}
    dropped: list[str] = []
    while flaws := list(_flaws(kept, collections)):
        for flaw in flaws:
            if flaw.key is None:
                kept.pop(flaw.collection, None)
            elif kept.get(flaw.collection, {}).pop(flaw.key, None) is None:
                continue  # dropped for another reason already
            dropped.append(str(flaw.error()))
    return {**state, "collections": kept}, dropped


def _flaws(
    state: Mapping[str, Mapping[str, Document]],
    collections: Mapping[str, Collection],
    progress: Progress | None = None,
) -> Iterator[Flaw]:
    """Everything that does not fit, the first flaw of each document."""
    total = sum(map(len, state.values()))
    done = 0
    for name, documents in state.items():
        collection = collections.get(name)
        if collection is None:
            yield Flaw(name, None, "unknown collection", value=name, known=list(collections))
            continue
        taken: dict[tuple[int, str], str] = {}
        for key, document in documents.items():
            flaw = _flaw(collection, key, document, state, taken)
            if flaw is not None:
                yield flaw
            done += 1
            if progress is not None and done % PROGRESS_STEP == 0:
                progress(done, total)
    if progress is not None:
        progress(done, total)


def _flaw(
    collection: Collection,
    key: str,
    document: Document,
    state: Mapping[str, Mapping[str, Document]],
    taken: dict[tuple[int, str], str],
) -> Flaw | None:
    name = collection.name
    broken = _broken_rules(collection, document)
    if broken:
        return _broken_rule(name, key, broken[0])
    own_key = collection.key_of(document)
    if own_key != key and collection.id_fields:
        own_id = " and ".join(collection.id_fields)
        if own_key is None:
            return Flaw(name, key, f"lacks its own {own_id}")
        return Flaw(name, key, f"the key must be {own_key!r}, the document's own {own_id}")
    for pointer, target, other in collection.references_in(document):
        if other not in state.get(target, {}):
            return Flaw(name, key, f"refers to no document of {target}", pointer, other)
    for number, fields in enumerate(collection.unique):
        values = tuple(document.get(field) for field in fields)
        if None in values:
            continue
        other = taken.setdefault((number, repr(values)), key)
        if other != key:
            reason = f"has the same {' and '.join(fields)} as {other!r}"
            return Flaw(name, key, reason, value=values[0] if len(values) == 1 else list(values))
    return None


def _broken_rules(collection: Collection, document: Document) -> list[Violation]:
    """The rules of the schema that *document* breaks; a wrong name first, as it causes others."""
    shown = collection.shown_part(document)
    if collection.validator.is_valid(shown):
        return []
    broken = collection.validator.violations(shown, "response")
    return sorted(broken, key=lambda one: one.rule != _UNKNOWN)


def _broken_rule(collection: str, key: str, broken: Violation) -> Flaw:
    if broken.rule == _UNKNOWN:
        name, known = broken.place[-1], list((broken.schema or {}).get("properties", ()))
        return Flaw(collection, key, broken.message, broken.pointer, name, known)
    value = None if broken.value is MISSING else broken.value
    return Flaw(collection, key, broken.message, broken.pointer, value)


def _read(path: Path, now: datetime) -> Document:
    state = read_yaml(path)
    if state is None:
        return {"collections": {}}
    _check_shape(state, path)
    for name, documents in state["collections"].items():
        for key, document in documents.items():
            documents[key] = _dated(document, now, path, Flaw(name, key, "").place)
    result: Document = state
    return result


def _dated(value: Json, now: datetime, path: Path, place: str) -> Json:
    """*value* with its relative instants made absolute."""
    if isinstance(value, dict):
        return {
            key: _dated(held, now, path, f"{place}/{_escaped(str(key))}")
            for key, held in value.items()
        }
    if isinstance(value, list):
        return [_dated(held, now, path, f"{place}/{index}") for index, held in enumerate(value)]
    if not isinstance(value, str) or not value.startswith("${now"):
        return value
    match = _INSTANT.fullmatch(value)
    if match is None:
        reason = "not an instant like ${now}, ${now+2d} or ${now-1h-30m}"
        raise SetupError(reason, file=path, place=place, value=value)
    try:
        for number, unit in _SPAN.findall(match["spans"]):
            now += timedelta(**{_UNITS[unit]: int(number)})
        return iso_text(now)
    except OverflowError:
        raise SetupError("beyond every calendar", file=path, place=place, value=value) from None


def _complete(
    path: Path | None,
    state: Document,
    collections: Mapping[str, Collection],
    complete: Mapping[str, Complete],
) -> None:
    """Complete every document where it stands; what a document must say is never made up."""
    for name, function in complete.items():
        documents = state["collections"].get(name, {})
        for key, document in documents.items():
            broken = _broken_rules(collections[name], document) if name in collections else []
            for one in broken:
                if one.rule in (_UNKNOWN, "required"):
                    raise _broken_rule(name, key, one).error(path)
            try:
                documents[key] = function(document)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                if broken:
                    raise _broken_rule(name, key, broken[0]).error(path) from error
                reason = f"cannot be completed: {type(error).__name__} {error}"
                raise Flaw(name, key, reason).error(path) from error


def _merge(path: Path, state: Document, merged: Document) -> None:
    for name, documents in state["collections"].items():
        present = merged["collections"].setdefault(name, {})
        for key in documents.keys() & present.keys():
            place = Flaw(name, key, "").place
            raise SetupError("an earlier file has this key already", file=path, place=place)
        present.update(documents)
    for name, number in state.get("sequences", {}).items():
        merged["sequences"][name] = max(number, merged["sequences"].get(name, 0))


def _origin(states: Sequence[tuple[Path, Document]], flaw: Flaw) -> Path | None:
    for path, state in states:
        documents = state["collections"].get(flaw.collection)
        if documents is not None and (flaw.key is None or flaw.key in documents):
            return path
    return None


def _check_shape(state: Json, path: Path | None) -> None:
    _require_object(state, path, "")
    for part in state:
        if part not in _PARTS and not str(part).startswith("x-"):
            reason = "a state has no such part"
            raise SetupError(reason, file=path, place=f"/{part}", value=part, known=_PARTS)
    if "collections" not in state:
        raise SetupError("a state needs its collections", file=path, place="/collections")
    _require_object(state["collections"], path, "/collections")
    for name, documents in state["collections"].items():
        _require_object(documents, path, f"/collections/{_escaped(name)}")
        for key, document in documents.items():
            if not isinstance(document, dict):
                _require_object(document, path, Flaw(name, key, "").place)
    _require_object(state.get("sequences", {}), path, "/sequences")
    for name, number in state.get("sequences", {}).items():
        if type(number) is not int or not 0 <= number <= GREATEST_SEQUENCE:
            reason = "a sequence is a whole number from 0 to 2**62"
            place = f"/sequences/{_escaped(name)}"
            raise SetupError(reason, file=path, place=place, value=number)


def _require_object(value: Json, path: Path | None, place: str) -> None:
    if not isinstance(value, dict):
        raise SetupError("must be an object", file=path, place=place or "/", value=value)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
