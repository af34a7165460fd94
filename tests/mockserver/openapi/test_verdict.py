"""The forms of schemas that say yes or no: sooner than the schemas, and never otherwise."""

from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.model import Document, Json
from mockserver.openapi.draft4 import BASE, Draft4
from mockserver.openapi.verdict import VerdictForms


def kind(name: Json, **more: Document) -> Document:
    properties = {"kind": {"enum": [name]}, **more}
    return {"type": "object", "required": ["kind"], "properties": properties}


CAT, DOG = kind("cat", lives={"type": "integer"}), kind("dog")
NAMED = {"Cat": CAT, "Dog": DOG, "Kind": {"enum": ["fox"]}}


def ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def form_of(schema: Document) -> tuple[Document, Document, Callable[[], list[Document]]]:
    """The schema converted, its form, and the definitions of both."""
    draft = Draft4({"components": {"schemas": NAMED}}, "request")
    forms = VerdictForms(draft)
    converted = draft.convert(schema)
    return converted, forms.form(converted), lambda: [draft.definitions, forms.definitions()]


def is_told_apart(schema: Document) -> bool:
    return "anyOf" in form_of(schema)[1]


@pytest.mark.parametrize(
    "branches",
    [
        [CAT, DOG],
        [ref("Cat"), ref("Dog")],
        [CAT, DOG, {**kind("x"), "properties": {"kind": ref("Kind")}}],
        [kind("cat"), {**kind("dog"), "type": None}],
    ],
)
def test_branches_that_want_different_values_of_a_property_end_at_the_first(
    branches: list[Document],
) -> None:
    plain = [{k: v for k, v in branch.items() if v is not None} for branch in branches]
    assert is_told_apart({"oneOf": plain})


@pytest.mark.parametrize(
    "branches",
    [
        [CAT, kind("cat")],
        [CAT, DOG, kind("dog")],
        [CAT, {"type": "object"}],
        [CAT, {**DOG, "required": []}],
        [{k: v for k, v in one.items() if k != "type"} for one in (CAT, DOG)],
        [kind(1), kind(True)],
        [kind(1), kind(1.0)],
    ],
)
def test_branches_that_a_value_may_fit_together_are_all_tried(branches: list[Document]) -> None:
    assert not is_told_apart({"oneOf": branches})


def test_what_has_both_compositions_is_left_as_it_is() -> None:
    schema = {"oneOf": [CAT, DOG], "anyOf": [{"type": "object"}]}
    converted, form, _ = form_of(schema)
    assert form == converted


def test_forms_reach_inside_and_leave_the_schema_alone() -> None:
    inner = {"oneOf": [CAT, DOG]}
    schema = {"type": "array", "items": {"properties": {"oneOf": inner, "pet": inner}}}
    converted, form, _ = form_of(schema)
    assert set(form["items"]["properties"]["pet"]) == {"anyOf"}
    assert set(form["items"]["properties"]["oneOf"]) == {"anyOf"}
    assert set(converted["items"]["properties"]["pet"]) == {"oneOf"}


def test_each_branch_stands_behind_the_property_that_excludes_most_of_the_others() -> None:
    def field(kind: str, slug: str) -> Document:
        declared = {"kind": {"enum": [kind]}, "slug": {"enum": [slug]}}
        return {"type": "object", "required": ["kind", "slug"], "properties": declared}

    texts = [field("text", slug) for slug in ("title", "notes", "guests")]
    _, form, _ = form_of({"oneOf": [*texts, CAT]})
    asked_first = [branch["allOf"][0]["properties"] for branch in form["anyOf"]]
    assert asked_first == [
        {"slug": {"enum": ["title"]}},
        {"slug": {"enum": ["notes"]}},
        {"slug": {"enum": ["guests"]}},
        {"kind": {"enum": ["cat"]}},
    ]


KINDS: Any = st.sampled_from(["cat", "dog", "fox", 1, True, None])
BRANCHES = st.lists(
    st.one_of(
        KINDS.map(kind),
        KINDS.map(lambda name: {**kind(name), "required": []}),
        KINDS.map(lambda name: {k: v for k, v in kind(name).items() if k != "type"}),
        st.sampled_from([ref("Cat"), ref("Dog"), {"type": "object"}, {"type": "string"}]),
    ),
    min_size=1,
    max_size=4,
)
VALUES = st.one_of(
    st.dictionaries(st.sampled_from(["kind", "lives"]), KINDS, max_size=2), KINDS, st.just([])
)


@given(BRANCHES, VALUES)
def test_the_form_says_what_the_schema_says(branches: list[Document], value: Json) -> None:
    converted, form, definitions = form_of({"oneOf": branches})
    verdicts = []
    for schema, known in zip((converted, form), definitions(), strict=True):
        registry = jsonschema_rs.Registry([(BASE, known)], draft=jsonschema_rs.Draft4)
        verdicts.append(jsonschema_rs.Draft4Validator(schema, registry=registry).is_valid(value))
    assert verdicts[0] == verdicts[1]
