"""Refusals of the API, and mistakes in the user's files."""

import pytest

from mockserver.errors import ApiError, SetupError, nearest


def test_an_api_error_carries_what_the_answer_needs() -> None:
    error = ApiError(429, "slow down", code="LIMIT", details={"in": 3}, headers=[("retry", "3")])
    assert (error.status, error.message, error.code) == (429, "slow down", "LIMIT")
    assert error.details == {"in": 3}
    assert error.headers == (("retry", "3"),)
    assert str(error) == "slow down"


def test_an_api_error_needs_only_status_and_message() -> None:
    error = ApiError(404, "gone")
    assert (error.code, error.details, error.headers) == ("", None, ())


def test_a_setup_error_names_file_place_value_and_the_nearest_right_value() -> None:
    error = SetupError(
        "unknown collection",
        file="world.yaml",
        place="/collections/bokos",
        value="bokos",
        known=["books", "films"],
    )
    assert str(error) == (
        "world.yaml: /collections/bokos: unknown collection (got 'bokos'); did you mean 'books'?"
    )
    assert error.nearest == "books"


def test_a_setup_error_offers_nothing_where_nothing_is_near() -> None:
    error = SetupError("unknown collection", value="zzz", known=["books"])
    assert error.nearest is None
    assert str(error) == "unknown collection (got 'zzz')"


def test_a_setup_error_without_a_place_is_its_reason() -> None:
    assert str(SetupError("the port is taken")) == "the port is taken"


@pytest.mark.parametrize(("file", "place"), [("a.yaml", ""), (None, "--port")])
def test_a_setup_error_begins_with_what_is_known_of_the_place(file: str | None, place: str) -> None:
    assert str(SetupError("is wrong", file=file, place=place)) == f"{file or place}: is wrong"


def test_a_long_value_is_shortened() -> None:
    text = str(SetupError("is wrong", value="x" * 500))
    assert text.endswith("xxx...)")
    assert len(text) < 100


@pytest.mark.parametrize("value", [0, False, "", []])
def test_a_falsy_value_is_shown_all_the_same(value: object) -> None:
    assert str(SetupError("is wrong", value=value)) == f"is wrong (got {value!r})"


def test_the_nearest_word_is_the_most_alike() -> None:
    assert nearest("observd", ["documented", "observed", "observer"]) == "observed"
