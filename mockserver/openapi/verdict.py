"""Schemas that say yes or no sooner: the same values fit, but the reasons would read otherwise.

Of a `oneOf` every branch must be tried, even after one has fitted. Where no value can fit two of
its branches, `anyOf` means the same and ends at the first that fits.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

from mockserver.model import Document, Json
from mockserver.openapi.draft4 import Draft4

_LISTS = ("oneOf", "anyOf", "allOf")
_INNER = ("not", "items", "additionalProperties")


class VerdictForms:
    """The sooner forms of converted schemas; those of the definitions are made once each."""

    def __init__(self, draft: Draft4) -> None:
        self._draft = draft
        self._definitions: Document = {}

    def definitions(self) -> Document:
        """As `Draft4.definitions`."""
        converted = self._draft.definitions["definitions"]
        if len(converted) > len(self._definitions):
            for name in converted.keys() - self._definitions.keys():
                self._definitions[name] = self.form(converted[name])
        return {"definitions": self._definitions}

    def form(self, schema: Document) -> Document:
        """The form of a schema that `Draft4.convert` has made; what is not composed is shared."""
        form = dict(schema)
        for key in _LISTS:
            if key in schema:
                form[key] = [self.form(branch) for branch in schema[key]]
        for key in _INNER:
            if isinstance(schema.get(key), dict):
                form[key] = self.form(schema[key])
        if "properties" in schema:
            form["properties"] = {
                name: self.form(declared) for name, declared in schema["properties"].items()
            }
        if "oneOf" in schema and "anyOf" not in schema and self._are_exclusive(schema["oneOf"]):
            form["anyOf"] = self._told_apart(schema["oneOf"], form.pop("oneOf"))
        return form

    def _told_apart(
        self, branches: Sequence[Document], forms: Sequence[Document]
    ) -> list[Document]:
        """*forms* of exclusive *branches*, each behind the one property that tells it best.

        A branch wants that of the property anyhow; asked first, it ends most branches at once.
        """
        choices = [self._choices(self._followed(branch)) for branch in branches]
        return [
            {"allOf": [{"properties": _most_telling(own, choices)}, form]} if own else form
            for own, form in zip(choices, forms, strict=True)
        ]

    def _are_exclusive(self, branches: Sequence[Document]) -> bool:
        """Whether it is certain that no value fits two of *branches*."""
        followed = [self._followed(branch) for branch in branches]
        choices = [self._choices(branch) for branch in followed]
        return all(
            "object" in (followed[one].get("type"), followed[other].get("type"))
            and _exclude(choices[one], choices[other])
            for one, other in combinations(range(len(branches)), 2)
        )

    def _choices(self, branch: Document) -> Mapping[str, Sequence[Json]]:
        """The values of the properties that *branch* requires and lets have only some values."""
        declared = branch.get("properties", {})
        wanted = {
            name: self._followed(declared.get(name, {})) for name in branch.get("required", ())
        }
        return {name: schema["enum"] for name, schema in wanted.items() if "enum" in schema}

    def _followed(self, schema: Document) -> Document:
        while "$ref" in schema:
            schema = self._draft.target(schema["$ref"])
        return schema


def _most_telling(
    own: Mapping[str, Sequence[Json]], choices: Sequence[Mapping[str, Sequence[Json]]]
) -> Document:
    """The one of a branch's *own* choices that excludes most of all branches, as a property."""

    def excluded_count(name: str) -> int:
        return sum(name in one and _are_apart(own[name], one[name]) for one in choices)

    name = max(own, key=excluded_count)
    return {name: {"enum": own[name]}}


def _exclude(one: Mapping[str, Sequence[Json]], other: Mapping[str, Sequence[Json]]) -> bool:
    """Whether there is a property of which *one* and *other* want no value in common."""
    return any(_are_apart(one[name], other[name]) for name in one.keys() & other.keys())


def _are_apart(values: Sequence[Json], others: Sequence[Json]) -> bool:
    return not any(value in others for value in values)
