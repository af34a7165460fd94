"""Why a value does not fit its schema, in words, with the place and the schema of each rule."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from jsonschema_rs import ValidationError, ValidationErrorKind

from mockserver.model import MISSING, Document, Json, Violation
from mockserver.openapi.draft4 import Draft4

Place: TypeAlias = tuple[str | int, ...]

CHOICES_SHOWN = 12
_ARTICLES = {"integer": "an integer", "object": "an object", "array": "an array", "null": "null"}


class Explanation:
    """Turns the errors of one compiled schema into violations."""

    def __init__(self, draft: Draft4, converted: Document) -> None:
        self._draft = draft
        self._root = converted

    def violations(self, errors: Sequence[ValidationError], where: str) -> list[Violation]:
        """Every broken rule, in the order of the errors."""
        return [violation for error in errors for violation in self._explained(error, where)]

    def _explained(self, error: ValidationError, where: str) -> Iterator[Violation]:
        holder = self._holder(error)
        kind = error.kind
        place: Place = tuple(error.instance_path)
        instance: Json = error.instance
        origin = self._draft.origin(holder)
        if isinstance(kind, ValidationErrorKind.AnyOf) and self._draft.is_null_or_other(holder):
            yield from self.violations(kind.context[1], where)
        elif isinstance(
            kind,
            ValidationErrorKind.AnyOf
            | ValidationErrorKind.OneOfNotValid
            | ValidationErrorKind.OneOfMultipleValid,
        ):
            yield from self._composed(error, kind.context, holder, where)
        elif isinstance(kind, ValidationErrorKind.Required):
            missing = (*place, kind.property)
            yield Violation(where, missing, "required", "is required", MISSING, origin)
        elif isinstance(kind, ValidationErrorKind.AdditionalProperties):
            for name in kind.unexpected:
                message = "is not a known property"
                yield Violation(where, (*place, name), kind.name, message, instance[name], origin)
        else:
            rule = self._draft.rule(holder) or kind.name
            message = _message(kind, rule, origin, holder)
            yield Violation(where, place, rule, message, instance, origin)

    def _holder(self, error: ValidationError) -> Document:
        """The converted schema object that holds the broken rule."""
        node: Json = self._root
        for key in list(error.evaluation_path)[:-1]:
            node = self._draft.target(node["$ref"]) if key == "$ref" else node[key]
        result: Document = node
        return result

    def _composed(
        self,
        error: ValidationError,
        context: list[list[ValidationError]],
        holder: Document,
        where: str,
    ) -> Iterator[Violation]:
        """The errors of the one branch that was meant, or one violation that names them all."""
        rule = error.kind.name
        place: Place = tuple(error.instance_path)
        branches = holder[rule]
        origin = self._draft.origin(holder)
        fitting = [index for index, errors in enumerate(context) if not errors]
        if fitting:
            names = " and ".join(_branch_name(origin, rule, index) for index in fitting)
            message = f"must fit one variant only, fits {len(fitting)}: {names}"
            yield Violation(where, place, rule, message, error.instance, origin)
            return
        of_type = [i for i, errors in enumerate(context) if not _has_wrong_type(errors, place)]
        candidates = of_type or list(range(len(context)))
        meant, told_by = self._meant(error.instance, place, context, branches, candidates)
        if len(meant) == 1:
            yield from self.violations(context[meant[0]], where)
            return
        reason = (
            self._reasons(context, origin, rule, place, candidates)
            if told_by is None
            else f"{told_by} {_one_of(self._all_choices(branches, candidates, told_by))}"
        )
        message = f"fits none of {len(context)} variants: {reason}"
        yield Violation(where, place, rule, message, error.instance, origin)

    def _meant(
        self,
        value: Json,
        place: Place,
        context: list[list[ValidationError]],
        branches: list[Document],
        candidates: list[int],
    ) -> tuple[list[int], str | None]:
        """Which branches *value* may mean; and the property that tells, where it fits none."""
        if len(candidates) < 2 or not isinstance(value, dict):
            return candidates, None
        for name in value:
            choices = [self._choices(branches[index], name) for index in candidates]
            if any(choice is None for choice in choices):
                continue
            left = [i for i in candidates if not _is_refused(context[i], (*place, name))]
            if not left:
                return [], name
            candidates = left
        return candidates, None

    def _reasons(
        self,
        context: list[list[ValidationError]],
        origin: Mapping[str, Json],
        rule: str,
        place: Place,
        candidates: list[int],
    ) -> str:
        """The first reason of each branch; said once where it is the same for all."""
        firsts = {i: _relative(self.violations(context[i][:1], "")[0], place) for i in candidates}
        if len(set(firsts.values())) == 1:
            return firsts[candidates[0]]
        named = [f"{_branch_name(origin, rule, i)}: {reason}" for i, reason in firsts.items()]
        return "; ".join(named)

    def _all_choices(
        self, branches: list[Document], candidates: list[int], name: str
    ) -> list[Json]:
        choices = (self._choices(branches[index], name) or [] for index in candidates)
        return [choice for of_branch in choices for choice in of_branch]

    def _choices(self, schema: Document, name: str) -> list[Json] | None:
        """The values that *schema* lets the property *name* have, if it lists them."""
        schema = self._plain(schema)
        declared = schema.get("properties", {}).get(name)
        if declared is not None:
            choices: list[Json] | None = self._plain(declared).get("enum")
            return choices
        for part in schema.get("allOf", ()):
            if (found := self._choices(part, name)) is not None:
                return found
        return None

    def _plain(self, schema: Document) -> Document:
        while "$ref" in schema or self._draft.is_null_or_other(schema):
            schema = self._draft.target(schema["$ref"]) if "$ref" in schema else schema["anyOf"][1]
        return schema


def _has_wrong_type(errors: list[ValidationError], place: Place) -> bool:
    return any(
        isinstance(error.kind, ValidationErrorKind.Type) and tuple(error.instance_path) == place
        for error in errors
    )


def _is_refused(errors: list[ValidationError], place: Place) -> bool:
    return any(
        isinstance(error.kind, ValidationErrorKind.Enum | ValidationErrorKind.Type)
        and tuple(error.instance_path) == place
        for error in errors
    )


def _relative(violation: Violation, place: Place) -> str:
    inner = "/".join(str(key) for key in violation.place[len(place) :])
    return f"{inner} {violation.message}" if inner else violation.message


def _branch_name(origin: Mapping[str, Json], rule: str, index: int) -> str:
    branch = origin[rule][index]
    name = branch.get("$ref", "").rpartition("/")[2] or branch.get("title")
    return str(name) if name else f"variant {index + 1}"


def _message(
    kind: ValidationErrorKind, rule: str, origin: Mapping[str, Json], holder: Document
) -> str:
    if rule == "writeOnly":
        return "must not be in a response"
    if rule == "format":
        return f"must be a valid {origin.get('format')}"
    match kind:
        case ValidationErrorKind.Type():
            return f"must be {_type_text(holder['type'])}"
        case ValidationErrorKind.Enum():
            return _one_of(holder["enum"])
        case ValidationErrorKind.Minimum() | ValidationErrorKind.ExclusiveMinimum():
            least = "more than" if holder.get("exclusiveMinimum") else "at least"
            return f"must be {least} {holder['minimum']}"
        case ValidationErrorKind.Maximum() | ValidationErrorKind.ExclusiveMaximum():
            most = "less than" if holder.get("exclusiveMaximum") else "at most"
            return f"must be {most} {holder['maximum']}"
        case ValidationErrorKind.MultipleOf():
            return f"must be a multiple of {holder['multipleOf']}"
        case ValidationErrorKind.MinLength():
            return f"must have {_count(kind.limit, 'character', 'at least')}"
        case ValidationErrorKind.MaxLength():
            return f"must have {_count(kind.limit, 'character', 'at most')}"
        case ValidationErrorKind.MinItems():
            return f"must have {_count(kind.limit, 'item', 'at least')}"
        case ValidationErrorKind.MaxItems():
            return f"must have {_count(kind.limit, 'item', 'at most')}"
        case ValidationErrorKind.MinProperties():
            return f"must have {_count(kind.limit, 'property', 'at least')}"
        case ValidationErrorKind.MaxProperties():
            return f"must have {_count(kind.limit, 'property', 'at most')}"
        case ValidationErrorKind.UniqueItems():
            return "must not hold an item twice"
        case ValidationErrorKind.Pattern():
            return f"must match {kind.pattern}"
        case ValidationErrorKind.Not():
            return "must not fit the excluded schema"
    return f"breaks the rule {rule}"


def _type_text(types: str | list[str]) -> str:
    names = [types] if isinstance(types, str) else types
    return " or ".join(_ARTICLES.get(name, f"a {name}") for name in names)


def _one_of(choices: Sequence[Json]) -> str:
    texts = list(dict.fromkeys(json.dumps(choice, ensure_ascii=False) for choice in choices))
    if len(texts) == 1:
        return f"must be {texts[0]}"
    shown = ", ".join(texts[:CHOICES_SHOWN])
    return f"must be one of {shown}" + (", ..." if len(texts) > CHOICES_SHOWN else "")


def _count(limit: int, noun: str, bound: str) -> str:
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{bound} {limit} {noun if limit == 1 else plural}"
