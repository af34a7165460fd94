"""Settings: where they come from, what goes before what, and what a wrong one says."""

from dataclasses import fields
from pathlib import Path

import pytest

from mockserver.errors import SetupError
from mockserver.openapi import PROFILES as KNOWN_PROFILES
from mockserver.openapi import bundled_spec_dir
from mockserver.settings import (
    PROFILES,
    SETTINGS,
    Settings,
)


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def refusal(
    flags: dict[str, object] | None = None,
    environ: dict[str, str] | None = None,
    file: Path | None = None,
) -> SetupError:
    with pytest.raises(SetupError) as caught:
        SETTINGS.load(flags or {}, environ or {}, file)
    return caught.value


def test_nothing_given_gives_the_defaults() -> None:
    assert SETTINGS.load({}, {}, None) == Settings()


def test_a_flag_goes_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, "understudy.toml", 'port = 1\nseed = 1\nhost = "::1"\n')
    environ = {"UNDERSTUDY_PORT": "2", "UNDERSTUDY_SEED": "2"}
    settings = SETTINGS.load({"port": "3"}, environ, file)
    assert (settings.port, settings.seed, settings.host) == (3, 2, "::1")


def test_a_flag_that_was_not_given_leaves_the_others_alone() -> None:
    flags = {"port": None, "quirk": (), "cors": None}
    settings = SETTINGS.load(flags, {"UNDERSTUDY_PORT": "2", "UNDERSTUDY_QUIRK": "a"}, None)
    assert (settings.port, settings.quirk, settings.cors) == (2, ("a",), True)


def test_port_of_the_platform_comes_after_our_own_name_and_before_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, "understudy.yaml", "port: 1")
    assert SETTINGS.load({}, {"PORT": "5000"}, file).port == 5000
    assert SETTINGS.load({}, {"UNDERSTUDY_PORT": "2", "PORT": "5000"}, file).port == 2


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("SPEC", "their.yaml", Path("their.yaml")),
        ("OVERLAYS", "a.yaml:b.yaml", (Path("a.yaml"), Path("b.yaml"))),
        ("FIXTURES", "world.yaml", (Path("world.yaml"),)),
        ("QUIRK", "one, two", ("one", "two")),
        ("CORS", "off", False),
        ("WATCH", "TRUE", True),
        ("JOURNAL_SIZE", "0", 0),
        ("SEED", "-7", -7),
        ("ADMIN_TOKEN", "12345", "12345"),
        ("PROFILE", "observed", "observed"),
    ],
)
def test_the_environment_sets_a_value_of_the_right_type(
    name: str, text: str, value: object
) -> None:
    settings = SETTINGS.load({}, {f"UNDERSTUDY_{name}": text}, None)
    assert getattr(settings, name.lower()) == value


def test_an_empty_environment_variable_counts_as_not_there() -> None:
    assert SETTINGS.load({}, {"UNDERSTUDY_PORT": "", "PORT": ""}, None) == Settings()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.toml", 'journal-size = 5\nquirk = ["one", "two"]\ncors = false\n'),
        ("s.yaml", "journal_size: 5\nquirk: [one, two]\ncors: false\n"),
        ("s.json", '{"journal_size": 5, "quirk": ["one", "two"], "cors": false}'),
    ],
)
def test_a_file_may_be_toml_yaml_or_json(tmp_path: Path, name: str, text: str) -> None:
    settings = SETTINGS.load({}, {}, written(tmp_path, name, text))
    assert settings == Settings(journal_size=5, quirk=("one", "two"), cors=False)


def test_paths_in_a_file_begin_at_the_file(tmp_path: Path) -> None:
    text = "spec: api/openapi.yaml\nfixtures: [world.yaml, /srv/more.yaml]\n"
    settings = SETTINGS.load({}, {}, written(tmp_path, "understudy.yaml", text))
    assert settings.spec == tmp_path / "api/openapi.yaml"
    assert settings.fixtures == (tmp_path / "world.yaml", Path("/srv/more.yaml"))


def test_a_key_without_a_value_leaves_the_default(tmp_path: Path) -> None:
    assert SETTINGS.load({}, {}, written(tmp_path, "s.yaml", "spec:\n")) == Settings()


def test_an_empty_file_sets_nothing(tmp_path: Path) -> None:
    assert SETTINGS.load({}, {}, written(tmp_path, "s.yaml", "")) == Settings()


def test_an_empty_list_of_fixtures_is_not_the_default(tmp_path: Path) -> None:
    assert SETTINGS.load({}, {}, written(tmp_path, "s.yaml", "fixtures: []")).fixtures == ()


def test_a_wrong_flag_names_the_flag_and_the_value() -> None:
    error = refusal({"port": "70000"})
    assert str(error) == "--port: must be a whole number from 0 to 65535 (got '70000')"


def test_a_wrong_environment_variable_names_it_and_the_value() -> None:
    error = refusal(environ={"PORT": "tcp://10.0.0.1"})
    assert str(error).startswith("PORT: must be a whole number")
    assert "'tcp://10.0.0.1'" in str(error)


def test_a_wrong_value_in_a_file_names_file_key_and_the_nearest(tmp_path: Path) -> None:
    error = refusal(file=written(tmp_path, "s.toml", 'profile = "obsreved"'))
    assert str(error).startswith(f"{tmp_path}/s.toml: profile: must be documented or observed")
    assert error.nearest == "observed"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("port", "true"),
        ("port", "1.5"),
        ("max_body", "0"),
        ("cors", "maybe"),
        ("host", "7"),
        ("spec", "''"),
        ("quirk", "[1]"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(tmp_path: Path, key: str, value: str) -> None:
    assert refusal(file=written(tmp_path, "s.yaml", f"{key}: {value}")).place == key


def test_an_unknown_key_offers_the_nearest(tmp_path: Path) -> None:
    error = refusal(file=written(tmp_path, "s.yaml", "overlay: [a.yaml]"))
    assert (error.value, error.nearest) == ("overlay", "overlays")


def test_an_unknown_environment_variable_of_ours_offers_the_nearest() -> None:
    error = refusal(environ={"UNDERSTUDY_PROT": "1"})
    assert (error.value, error.nearest) == ("UNDERSTUDY_PROT", "UNDERSTUDY_PORT")


def test_environment_variables_of_others_are_left_alone() -> None:
    environ = {"HOME": "/", "UNDERSTUDY_CONFIG": "x.toml", "UNDERSTUDY_CONTRACTS_SEED": "1"}
    assert SETTINGS.load({}, environ, None) == Settings()


def test_a_secret_is_neither_shown_nor_told_in_an_error(tmp_path: Path) -> None:
    assert "hush" not in repr(Settings(admin_token="hush"))
    assert "987654" not in str(refusal(file=written(tmp_path, "s.yaml", "admin_token: 987654")))


@pytest.mark.parametrize(
    ("name", "text"),
    [("s.toml", "port ="), ("s.yaml", "a: b: c"), ("s.yaml", "- port"), ("s.ini", "")],
)
def test_a_file_that_is_no_settings_file_is_named(tmp_path: Path, name: str, text: str) -> None:
    assert str(tmp_path / name) in str(refusal(file=written(tmp_path, name, text)))


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    assert "No such file" in str(refusal(file=tmp_path / "understudy.toml"))


def test_the_config_file_is_the_named_one_or_the_one_in_the_folder(tmp_path: Path) -> None:
    assert SETTINGS.config_file(None, {}, tmp_path) is None
    lying = written(tmp_path, "understudy.yaml", "")
    assert SETTINGS.config_file(None, {}, tmp_path) == lying
    assert SETTINGS.config_file(None, {"UNDERSTUDY_CONFIG": "b.toml"}, tmp_path) == Path("b.toml")
    assert SETTINGS.config_file("a.toml", {"UNDERSTUDY_CONFIG": "b.toml"}, tmp_path) == Path(
        "a.toml"
    )


def test_two_config_files_in_one_folder_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "understudy.yaml", "")
    written(tmp_path, "understudy.toml", "")
    with pytest.raises(SetupError, match=r"understudy\.toml: lies beside understudy\.yaml"):
        SETTINGS.config_file(None, {}, tmp_path)


def test_the_table_has_a_line_with_help_for_every_field() -> None:
    rows = SETTINGS.rows
    assert [row.name for row in rows] == [declared.name for declared in fields(Settings)]
    assert all(row.help for row in rows)


def test_the_table_tells_flag_environment_and_default() -> None:
    rows = {row.name: row for row in SETTINGS.rows}
    told = {name: (row.flag, row.environment, row.default) for name, row in rows.items()}
    assert told["max_body"] == ("--max-body", "UNDERSTUDY_MAX_BODY", "102400")
    assert told["overlays"] == ("--overlay", "UNDERSTUDY_OVERLAYS", "")
    assert told["cors"] == ("--no-cors", "UNDERSTUDY_CORS", "on")
    assert told["watch"] == ("--watch", "UNDERSTUDY_WATCH", "off")


def test_the_profiles_are_those_of_the_quirks() -> None:
    assert PROFILES == KNOWN_PROFILES


def test_the_bundled_document_is_where_it_is_said_to_be() -> None:
    assert (bundled_spec_dir() / "openapi.yaml").is_file()


def test_a_path_given_in_code_may_be_text_and_stand_alone() -> None:
    settings = Settings(spec="api.yaml", fixtures="world.yaml")  # type: ignore[arg-type]
    assert (settings.spec, settings.fixtures) == (Path("api.yaml"), (Path("world.yaml"),))


@pytest.mark.parametrize(
    ("name", "value"), [("port", "a"), ("port", 70000), ("seed", "x"), ("profile", "nope")]
)
def test_a_wrong_value_given_in_code_is_named(name: str, value: object) -> None:
    with pytest.raises(SetupError, match=rf"Settings\.{name}: .*{value}"):
        Settings(**{name: value})  # type: ignore[arg-type]
