"""Overlays: repairs of a document, kept as data beside the untouched document.

Source: OpenAPI Overlay Specification 1.0.0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from mockserver.errors import SetupError, nearest
from mockserver.model import Document, Json
from mockserver.openapi.copies import copied
from mockserver.openapi.jsonpath import BadPath, Match, Step, parsed, select
from mockserver.openapi.reading import read_yaml

_OVERLAY_KEYS = ("overlay", "info", "extends", "actions")
_ACTION_KEYS = ("target", "description", "update", "remove")


@dataclass(frozen=True, slots=True)
class Overlay:
    """The actions of one overlay file, and the name by which errors call it."""

    source: str
    title: str
    actions: tuple[Document, ...]


def load_overlay(path: Path) -> Overlay:
    """Read one overlay file. Raises SetupError."""
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise SetupError("an overlay is an object", file=path)
    _check_keys(content, _OVERLAY_KEYS, path, "")
    version = content.get("overlay")
    if not str(version).startswith("1."):
        reason = "`overlay` must name version 1.0.0"
        raise SetupError(reason, file=path, place="overlay", value=version)
    actions = content.get("actions")
    if not isinstance(actions, list) or not actions:
        raise SetupError("`actions` must be a list with entries", file=path, place="actions")
    for number, action in enumerate(actions, 1):
        _checked(action, number, str(path))
    info = content.get("info")
    title = info.get("title", path.stem) if isinstance(info, dict) else path.stem
    return Overlay(str(path), str(title), tuple(actions))


def apply_overlays(document: Document, overlays: Iterable[Overlay]) -> Document:
    """A new document: *document* after every overlay, in their order. Raises SetupError."""
    result: Document = copied(document)
    for overlay in overlays:
        _apply(result, overlay.actions, overlay.source)
    return result


def apply_actions(document: Document, actions: Sequence[Document], source: str) -> Document:
    """A new document: *document* after *actions*; errors name *source*. Raises SetupError."""
    result: Document = copied(document)
    _apply(result, actions, source)
    return result


def check_action(action: Json, number: int, source: str) -> None:
    """Raise SetupError where *action* cannot be one, whatever document it is meant for."""
    _checked(action, number, source)


def _apply(document: Document, actions: Sequence[Document], source: str) -> None:
    for number, action in enumerate(actions, 1):
        steps = _checked(action, number, source)
        matches = _matches(document, steps, action["target"], number, source)
        if action.get("remove") is True:
            _remove(matches, number, source)
        else:
            for match in matches:
                _update(match, action["update"], number, source)


def _checked(action: Json, number: int, source: str) -> tuple[Step, ...]:
    place = _place(number)
    if not isinstance(action, dict):
        raise SetupError("an action is an object", file=source, place=place, value=action)
    _check_keys(action, _ACTION_KEYS, source, place)
    target = action.get("target")
    if not isinstance(target, str):
        raise SetupError("an action needs a `target`", file=source, place=place, value=target)
    if not isinstance(action.get("remove", False), bool):
        reason = "`remove` must be true or false"
        raise SetupError(reason, file=source, place=place, value=action["remove"])
    if "update" not in action and not action.get("remove"):
        raise SetupError("an action needs `update` or `remove: true`", file=source, place=place)
    try:
        return parsed(target)
    except BadPath as error:
        reason = f"bad JSONPath: {error}"
        raise SetupError(reason, file=source, place=f"{place}, target", value=target) from None


def _check_keys(value: Document, known: Sequence[str], source: object, place: str) -> None:
    for key in value:
        if key not in known and not key.startswith("x-"):
            raise SetupError("unknown key", file=source, place=place, value=key, known=known)


def _matches(
    document: Document, steps: tuple[Step, ...], target: str, number: int, source: str
) -> list[Match]:
    matches = [Match(document)]
    for position, step in enumerate(steps):
        reached = select(matches, step)
        if not reached:
            before = "$" + "".join(done.text for done in steps[:position])
            after = "".join(later.text for later in steps[position + 1 :])
            raise SetupError(
                f"the target matches nothing: {before} has nothing at {step.text}",
                file=source,
                place=f"{_place(number)}, target",
                value=target,
                known=_offers(matches, step, before, after),
            )
        matches = reached
    return matches


def _offers(matches: list[Match], step: Step, before: str, after: str) -> list[str]:
    """The target that would have led on, with the closest key in place of the wrong one."""
    keys = [key for match in matches if isinstance(match.node, dict) for key in match.node]
    close = nearest(step.names[0], keys) if step.kind == "names" else None
    if close is None:
        return [before]
    is_plain = close.replace("_", "").replace("-", "").isalnum()
    return [before + (f".{close}" if is_plain else f"['{close}']") + after]


def _remove(matches: list[Match], number: int, source: str) -> None:
    if any(match.container is None for match in matches):
        reason = "the whole document cannot be removed"
        raise SetupError(reason, file=source, place=_place(number))
    for match in matches:
        if isinstance(match.key, str):
            match.container.pop(match.key)
    from_lists = [(match.key, match.container) for match in matches if isinstance(match.key, int)]
    for index, items in sorted(from_lists, key=itemgetter(0), reverse=True):
        del items[index]


def _update(match: Match, update: Json, number: int, source: str) -> None:
    """Merge into an object, append to an array, take the place of anything else."""
    if isinstance(match.node, list):
        match.node.append(copied(update))
    elif isinstance(match.node, dict) and isinstance(update, dict):
        _merge(match.node, update)
    elif match.container is None:
        reason = "the whole document can only be updated by an object"
        raise SetupError(reason, file=source, place=_place(number), value=update)
    else:
        match.container[match.key] = copied(update)


def _merge(target: Document, update: Document) -> None:
    for key, value in update.items():
        present = target.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            _merge(present, value)
        elif isinstance(present, list) and isinstance(value, list):
            present.extend(copied(value))
        else:
            target[key] = copied(value)


def _place(number: int) -> str:
    return f"action {number}"
