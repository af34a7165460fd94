"""The one list of quirks against the code that asks for them and the mock that is made of them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.assembly import Assembly, Sources, assemble, read_sources
from mockserver.openapi import load_quirks
from mockserver.settings import Settings

ROOT = Path(__file__).parents[1]
TABLE = load_quirks(ROOT / "spec" / "quirks.yaml").by_name


def questions() -> Iterator[tuple[str, ast.expr]]:
    """Every `quirks.has(...)`, `call.quirks.has(...)` and the like: where, and what is asked."""
    for file in sorted((ROOT / "mockserver").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "has"
                and ast.unparse(node.func.value).endswith("quirks")
            ):
                yield f"{file.relative_to(ROOT)}:{node.lineno}", node.args[0]


def asked() -> dict[str, str]:
    """Each quirk that code names, and one place where it does."""
    return {
        argument.value: place
        for place, argument in questions()
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


@pytest.fixture(scope="module")
def sources() -> Sources:
    return read_sources(Settings())


@pytest.fixture(scope="module")
def documented(sources: Sources) -> Assembly:
    return assemble(sources, sources.quirk_table.choose("documented"))


def test_code_asks_for_many_quirks() -> None:
    """Or the search for questions is broken, and the tests below hold for nothing."""
    assert len(asked()) > len(TABLE) / 2


def test_every_quirk_that_code_asks_for_is_in_the_table() -> None:
    assert {name: place for name, place in asked().items() if name not in TABLE} == {}


def test_a_quirk_is_asked_for_by_its_written_name() -> None:
    """So that a search for the name finds the place. Two places go through the whole table."""
    unnamed = {place.partition(":")[0] for place, name in questions() if not is_text(name)}
    assert unnamed == {"mockserver/openapi/quirks.py", "mockserver/web/admin/deviations.py"}


def is_text(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Constant) and isinstance(argument.value, str)


def test_every_quirk_of_the_table_is_asked_for_or_changes_the_document() -> None:
    named = asked()
    assert [name for name, one in TABLE.items() if name not in named and not one.actions] == []


@pytest.fixture(scope="module", params=TABLE)
def alone(sources: Sources, request: pytest.FixtureRequest) -> Assembly:
    """The documented mock with one quirk, each in its turn."""
    return assemble(sources, sources.quirk_table.choose("documented", [request.param]))


def test_one_quirk_alone_changes_the_document_just_where_it_has_actions(
    alone: Assembly, documented: Assembly
) -> None:
    (name,) = alone.quirks.active
    assert (alone.effective != documented.effective) == bool(TABLE[name].actions)


def test_one_quirk_alone_leaves_every_operation_with_its_kind_of_answer(
    alone: Assembly, documented: Assembly
) -> None:
    kinds, before = (
        {operation: choice.kind for operation, choice in one.choices.items()}
        for one in (alone, documented)
    )
    assert kinds == before


def test_a_mock_can_be_made_with_all_quirks_of_the_observed_profile(sources: Sources) -> None:
    observed = assemble(sources, sources.quirk_table.choose("observed"))
    assert observed.quirks.active == {name for name, one in TABLE.items() if one.in_observed}


def test_a_mock_can_be_made_with_every_quirk_there_is(sources: Sources) -> None:
    everything = assemble(sources, sources.quirk_table.choose("observed", TABLE))
    assert everything.quirks.active == set(TABLE)
