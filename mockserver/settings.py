"""Everything that can be set, once: flags, environment names, file keys and the README's table
are derived from the fields of `Settings`.

A flag goes before the environment, that before the file, that before the default.
"""

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from mockserver.errors import SetupError
from mockserver.setting_kinds import (
    FILE,
    FILES,
    NAMES,
    SECRET,
    SWITCH,
    TEXT,
    Kind,
    WrongValue,
    one_of,
    whole_number,
)

PREFIX: Final = "UNDERSTUDY_"
CONFIG_NAME: Final = "UNDERSTUDY_CONFIG"
CONFIG_FILES: Final = ("understudy.toml", "understudy.yaml")
PROFILES: Final = ("documented", "observed")
LOG_LEVELS: Final = ("debug", "info", "warning", "error")

_OTHERS: Final = ("UNDERSTUDY_CONTRACTS_", "UNDERSTUDY_RECORDINGS")
"""Names (or how they begin) that belong to the contract kit and to this project's tests."""


def _about(kind: Kind, help: str, flag: str = "") -> dict[str, object]:
    return {"kind": kind, "help": help, "flag": flag}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a mock is made from and how it is served. The fields' helps say what each one is."""

    spec: Path | None = field(
        default=None, metadata=_about(FILE, "OpenAPI document to serve instead of the bundled one")
    )
    overlays: tuple[Path, ...] | None = field(
        default=None,
        metadata=_about(
            FILES,
            "overlay for the document (those of the bundled one are applied before)",
            "--overlay",
        ),
    )
    quirks_file: Path | None = field(
        default=None, metadata=_about(FILE, "table of the real server's departures (quirks)")
    )
    fixtures: tuple[Path, ...] | None = field(
        default=None,
        metadata=_about(FILES, "state of a fresh server (the bundled document has its own)"),
    )
    profile: str = field(
        default="documented",
        metadata=_about(one_of(*PROFILES), "follow the document, or the real server as observed"),
    )
    quirk: tuple[str, ...] = field(
        default=(), metadata=_about(NAMES, "one quirk of the real server to switch on")
    )
    host: str = field(default="127.0.0.1", metadata=_about(TEXT, "address to listen on"))
    port: int = field(
        default=4010,
        metadata=_about(
            whole_number(0, 65535), "port to listen on; 0 takes a free one; PORT is read as well"
        ),
    )
    seed: int = field(
        default=1, metadata=_about(whole_number(), "governs all generated ids, dates and values")
    )
    store: str = field(default="memory:", metadata=_about(TEXT, "where the state is kept"))
    rate_limit: bool = field(
        default=False, metadata=_about(SWITCH, "count requests and answer 429, as the API does")
    )
    admin_token: str | None = field(
        default=None,
        repr=False,
        metadata=_about(SECRET, "what /__admin asks for; without it, only this machine may use it"),
    )
    journal_size: int = field(
        default=1000, metadata=_about(whole_number(0), "how many requests the journal keeps")
    )
    max_body: int = field(
        default=102400, metadata=_about(whole_number(1), "largest request body, in bytes")
    )
    cors: bool = field(
        default=True, metadata=_about(SWITCH, "let web pages of any origin call the mock")
    )
    log_level: str = field(
        default="info", metadata=_about(one_of(*LOG_LEVELS), "how much is written to stderr")
    )
    watch: bool = field(
        default=False, metadata=_about(SWITCH, "read the files anew when they change")
    )

    def __post_init__(self) -> None:
        """Hold values given in code to the same rules; a path may be text, and one may be alone.

        Raises SetupError.
        """
        for row in settings_table():
            raw = getattr(self, row.name)
            if raw is None or raw == ():
                continue
            object.__setattr__(self, row.name, _read(row, raw, place=f"Settings.{row.name}"))


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting, as people meet it."""

    name: str
    flag: str
    environment: str
    default: str
    help: str
    kind: Kind


def settings_table() -> list[SettingRow]:
    """All settings, in the order of the fields."""
    return [_row(declared) for declared in fields(Settings)]


def _row(declared: Field[Any]) -> SettingRow:
    name, kind, default = declared.name, declared.metadata["kind"], declared.default
    dashed = name.replace("_", "-")
    flag = declared.metadata["flag"] or (f"--no-{dashed}" if default is True else f"--{dashed}")
    if kind.is_switch:
        shown = "on" if default else "off"
    else:
        shown = "" if default in (None, ()) else str(default)
    return SettingRow(name, flag, PREFIX + name.upper(), shown, declared.metadata["help"], kind)


def load_settings(
    flags: Mapping[str, object], environ: Mapping[str, str], file: Path | None
) -> Settings:
    """The settings that *flags* (by field name), *environ* and the config *file* make together.

    None and () in *flags* count as not given, as does an empty text in *environ*. Raises
    SetupError that names where a wrong value stands.
    """
    rows = {row.name: row for row in settings_table()}
    values: dict[str, Any] = {}
    if file is not None:
        values |= _of_file(file, rows)
    values |= _of_environment(environ, rows)
    for name, raw in flags.items():
        if raw is not None and raw != ():
            values[name] = _read(rows[name], raw, place=rows[name].flag)
    return Settings(**values)


def config_file(flag: str | None, environ: Mapping[str, str], folder: Path) -> Path | None:
    """The config file that is named, or the one that lies in *folder*. Raises SetupError."""
    named = flag or environ.get(CONFIG_NAME)
    if named:
        return Path(named)
    present = [folder / name for name in CONFIG_FILES if (folder / name).is_file()]
    if len(present) > 1:
        reason = f"lies beside {present[1].name}; keep one of them, or name one with --config"
        raise SetupError(reason, file=present[0])
    return present[0] if present else None


def _of_environment(
    environ: Mapping[str, str], rows: Mapping[str, SettingRow]
) -> Iterator[tuple[str, Any]]:
    by_name = {row.environment: row for row in rows.values()}
    if environ.get("PORT"):
        yield "port", _read(rows["port"], environ["PORT"], place="PORT")
    for name, text in environ.items():
        if not name.startswith(PREFIX) or name == CONFIG_NAME or name.startswith(_OTHERS):
            continue
        row = by_name.get(name)
        if row is None:
            known = [*by_name, CONFIG_NAME]
            raise SetupError("unknown environment variable", value=name, known=known)
        if text:
            parts = text.split(row.kind.separator) if row.kind.separator else text
            yield row.name, _read(row, parts, place=name)


def _of_file(file: Path, rows: Mapping[str, SettingRow]) -> Iterator[tuple[str, Any]]:
    for key, raw in _content(file).items():
        row = rows.get(str(key).replace("-", "_"))
        if row is None:
            raise SetupError("unknown setting", file=file, value=key, known=rows)
        if raw is None:
            continue
        value = _read(row, raw, file=file, place=str(key))
        if row.kind.is_path:
            is_one = isinstance(value, Path)
            value = file.parent / value if is_one else tuple(file.parent / part for part in value)
        yield row.name, value


def _content(file: Path) -> dict[Any, Any]:
    import tomllib  # both are slow to import, and most starts have no file

    import yaml

    if file.suffix not in (".toml", ".yaml", ".yml", ".json"):
        raise SetupError("a config file is .toml, .yaml or .json", file=file)
    try:
        text = file.read_text("utf-8")
        content = tomllib.loads(text) if file.suffix == ".toml" else yaml.safe_load(text)
    except OSError as error:
        raise SetupError(error.strerror or str(error), file=file) from error
    except (ValueError, yaml.YAMLError) as error:
        raise SetupError(" ".join(str(error).split()), file=file) from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise SetupError("must hold settings, one `name: value` each", file=file)
    return content


def _read(row: SettingRow, raw: object, *, place: str, file: Path | None = None) -> Any:
    if not row.kind.separator:
        return _one(row.kind, raw, place, file)
    parts = raw if isinstance(raw, list | tuple) else [raw]
    return tuple(_one(row.kind, part, place, file) for part in parts)


def _one(kind: Kind, raw: object, place: str, file: Path | None) -> Any:
    try:
        return kind.read(raw.strip() if isinstance(raw, str) else raw)
    except WrongValue as wrong:
        shown = None if kind.is_secret else raw
        raise SetupError(
            wrong.reason, file=file, place=place, value=shown, known=wrong.known
        ) from None
