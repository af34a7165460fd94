"""Which deviations are planted: what can touch the document, and what was asked for."""

import pytest

from contracts.door.stub import stub_app
from contracts.prove.deviations import QUIRKS, chosen_deviations
from contracts.prove.outcomes import Kind
from contracts.prove.settings import ProveSettings
from mockserver.app import App
from mockserver.errors import SetupError
from mockserver.faults import FAULTS
from tests.contracts.prove.planted import LIBRARY


@pytest.fixture(scope="module")
def bundled() -> App:
    return stub_app()


@pytest.fixture(scope="module")
def library() -> App:
    return stub_app(LIBRARY)


def names(app: App, **settings: object) -> list[str]:
    wanted = ProveSettings(**settings)  # type: ignore[arg-type]
    return [one.name for one in chosen_deviations(app, wanted)]


def test_all_quirks_are_planted_those_of_no_profile_too(bundled: App) -> None:
    assert names(bundled, kind="quirks") == list(bundled.quirk_table.by_name)


def test_faults_are_those_that_can_touch_the_document(library: App) -> None:
    found = names(library)
    assert set(found) < set(FAULTS)
    for name in FAULTS:
        if name not in found:
            with pytest.raises(SetupError):
                library.set_deviations(faults=[name])
    assert list(library.planted) == []


def test_names_and_globs_choose(bundled: App) -> None:
    assert names(bundled, names=("wrong-type", "null-means-a*")) == [
        "wrong-type",
        "null-means-absent",
    ]


def test_a_category_is_told_by_its_words(bundled: App) -> None:
    chosen = chosen_deviations(bundled, ProveSettings(category=("BODY shape",)))
    assert {one.category for one in chosen} == {"Body shape"}
    quirks = chosen_deviations(bundled, ProveSettings(category=(QUIRKS.lower(),)))
    assert {one.kind for one in quirks} == {Kind.QUIRK}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"names": ("wrong-typ",)}, "did you mean 'wrong-type'"),
        ({"names": ("zzz*",)}, "no deviation has such a name"),
        ({"category": ("body shap",)}, "did you mean 'Body shape'"),
        ({"names": ("wrong-type",), "kind": "quirks"}, "nothing is left to plant"),
    ],
)
def test_wrong_names_are_refused(bundled: App, settings: dict[str, object], said: str) -> None:
    with pytest.raises(SetupError, match=said):
        names(bundled, **settings)


def test_a_fault_without_a_place_in_the_document_is_told(library: App) -> None:
    lost = next(name for name in FAULTS if name not in names(library))
    with pytest.raises(SetupError, match="has nothing to touch in this document"):
        names(library, names=(lost,))
