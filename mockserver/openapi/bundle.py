"""One document out of many files: what other files hold moves into `components` (P15)."""

import re
from pathlib import Path

from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.openapi.pointers import DATA_KEYS, NAMED_KEYS, keys_of, pointer_to, resolve
from mockserver.openapi.reading import read_yaml

_Place = tuple[str | int, ...]

_SECTION_OF_LIST = {"parameters": "parameters"}
_SECTION_OF_MAP = {
    name: name
    for name in ("responses", "requestBodies", "headers", "examples", "links", "callbacks")
} | {"parameters": "parameters", "securitySchemes": "securitySchemes"}
_UNFIT_FOR_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def bundled(path: Path) -> Document:
    """The document in *path* with only `#/...` references. Raises SetupError."""
    document = read_yaml(path)
    if not isinstance(document, dict):
        raise SetupError("an OpenAPI document is an object", file=path)
    return _Bundle(path.resolve(), document).run()


def document_files(path: Path) -> list[Path]:
    """The file *path* and every other one that it leads to. Raises SetupError."""
    bundle = _Bundle(path.resolve(), read_yaml(path))
    bundle.run()
    return list(bundle.files)


class _Bundle:
    """Moves what is referenced elsewhere, each target once, under a name of its own."""

    def __init__(self, root: Path, document: Document) -> None:
        self._root = root
        self.files: dict[Path, Json] = {root: document}
        self._names: dict[tuple[Path, str], str] = {}
        self._components: dict[str, Document] = {}
        for section, entries in document.get("components", {}).items():
            if isinstance(entries, dict):
                self._components[section] = dict.fromkeys(entries)

    def run(self) -> Document:
        own = self._rewritten(self.files[self._root], self._root, (), in_schema=False)
        components = own.get("components", {})
        for section, entries in self._components.items():
            moved = {name: value for name, value in entries.items() if value is not None}
            if moved:
                own["components"] = components
                components.setdefault(section, {}).update(moved)
        result: Document = own
        return result

    def _rewritten(self, node: Json, file: Path, place: _Place, *, in_schema: bool) -> Json:
        if isinstance(node, list):
            return [
                self._rewritten(item, file, (*place, index), in_schema=in_schema)
                for index, item in enumerate(node)
            ]
        if not isinstance(node, dict):
            return node
        has_names = bool(place) and place[-1] in NAMED_KEYS
        if isinstance(node.get("$ref"), str) and not has_names:
            return self._reference(node, file, place, in_schema)
        result = {}
        for key, value in node.items():
            is_data = not has_names and (key in DATA_KEYS or key.startswith("x-"))
            below = in_schema or key == "schema" or place[-2:] == ("components", "schemas")
            result[key] = (
                value if is_data else self._rewritten(value, file, (*place, key), in_schema=below)
            )
        return result

    def _reference(self, node: Document, file: Path, place: _Place, in_schema: bool) -> Json:
        target, pointer = self._target(node["$ref"], file, place)
        if target == self._root:
            return {**node, "$ref": pointer}
        if not in_schema and place[-2:-1] == ("paths",):
            item = self._found(target, pointer, file, place)
            return self._rewritten(item, target, place, in_schema=False)
        section = "schemas" if in_schema else _section(place)
        return {**node, "$ref": self._moved(target, pointer, section, file, place)}

    def _target(self, ref: str, file: Path, place: _Place) -> tuple[Path, str]:
        name, _, fragment = ref.partition("#")
        if "://" in name:
            raise SetupError(
                "references to other hosts are not followed", file=file, place=_at(place), value=ref
            )
        return (file.parent / name).resolve() if name else file, f"#{fragment}"

    def _found(self, target: Path, pointer: str, file: Path, place: _Place) -> Json:
        try:
            if target not in self.files:
                self.files[target] = read_yaml(target)
            return resolve(self.files[target], pointer)
        except SetupError as error:
            raise SetupError(f"cannot be followed: {error}", file=file, place=_at(place)) from None

    def _moved(self, target: Path, pointer: str, section: str, file: Path, place: _Place) -> str:
        if (target, pointer) not in self._names:
            value = self._found(target, pointer, file, place)
            taken = self._components.setdefault(section, {})
            name = _free_name(keys_of(pointer)[-1:] or [target.stem], taken)
            taken[name] = None
            self._names[target, pointer] = pointer_to("components", section, name)
            taken[name] = self._rewritten(
                value, target, ("components", section, name), in_schema=section == "schemas"
            )
        return self._names[target, pointer]


def _section(place: _Place) -> str:
    if place and isinstance(place[-1], int):
        return _SECTION_OF_LIST.get(str(place[-2]), "schemas")
    if place and place[-1] == "requestBody":
        return "requestBodies"
    return _SECTION_OF_MAP.get(str(place[-2]), "schemas") if len(place) > 1 else "schemas"


def _free_name(wanted: list[str], taken: Document) -> str:
    name = _UNFIT_FOR_A_NAME.sub("-", wanted[0]) or "value"
    count = 1
    free = name
    while free in taken:
        count += 1
        free = f"{name}-{count}"
    return free


def _at(place: _Place) -> str:
    return pointer_to(*place)
