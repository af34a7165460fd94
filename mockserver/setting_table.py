"""Settings of one program: from the fields of a dataclass come flags, environment names, file keys
and the README's table.

A flag goes before the environment, that before the file, that before the default.
"""

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields
from pathlib import Path
from typing import Any, Generic, TypeVar

from mockserver.errors import SetupError
from mockserver.setting_kinds import Kind, WrongValue

T = TypeVar("T")


def about(kind: Kind, help: str, flag: str = "") -> dict[str, object]:
    """The metadata of a field: what its values are, a line of help, and a flag that is not the
    field's name."""
    return {"kind": kind, "help": help, "flag": flag}


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting, as people meet it."""

    name: str
    flag: str
    environment: str
    default: str
    help: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Source:
    """Where a program's settings come from.

    *prefix* begins its environment names; names that begin with one of *others* belong to other
    programs. *aliases* are further environment names, by field. *config_name* is the environment
    name of the config file, *config_files* where one is looked for. *section* is the table of the
    file that holds the settings, `` for the whole file; *sections* are tables of other programs.
    """

    prefix: str
    config_name: str
    config_files: tuple[str, ...]
    others: tuple[str, ...] = ()
    aliases: Mapping[str, str] | None = None
    section: str = ""
    sections: tuple[str, ...] = ()


class SettingTable(Generic[T]):
    """All settings of the dataclass *made*, in the order of its fields."""

    def __init__(self, made: type[T], source: Source) -> None:
        self._made = made
        self._source = source
        self.rows = [self._row(declared) for declared in fields(made)]  # type: ignore[arg-type]
        self._by_name = {row.name: row for row in self.rows}

    @property
    def config_name(self) -> str:
        return self._source.config_name

    @property
    def config_files(self) -> tuple[str, ...]:
        return self._source.config_files

    def hold(self, settings: T) -> None:
        """Hold values given in code to the same rules; a path may be text, and one may be alone.

        Raises SetupError.
        """
        for row in self.rows:
            raw = getattr(settings, row.name)
            if raw is not None and raw != ():
                place = f"{self._made.__name__}.{row.name}"
                object.__setattr__(settings, row.name, _read(row, raw, place=place))

    def load(self, flags: Mapping[str, object], environ: Mapping[str, str], file: Path | None) -> T:
        """The settings that *flags* (by field name), *environ* and the config *file* make.

        None and () in *flags* count as not given, as does an empty text in *environ*. Raises
        SetupError that names where a wrong value stands.
        """
        values: dict[str, Any] = {}
        if file is not None:
            values |= self._of_file(file)
        values |= self._of_environment(environ)
        for name, raw in flags.items():
            if raw is not None and raw != ():
                row = self._by_name[name]
                values[name] = _read(row, raw, place=row.flag)
        return self._made(**values)

    def config_file(
        self, flag: str | None, environ: Mapping[str, str], folder: Path
    ) -> Path | None:
        """The config file that is named, or the one that lies in *folder*. Raises SetupError."""
        named = flag or environ.get(self.config_name)
        if named:
            return Path(named)
        present = [folder / name for name in self.config_files if (folder / name).is_file()]
        if len(present) > 1:
            reason = f"lies beside {present[1].name}; keep one of them, or name one with --config"
            raise SetupError(reason, file=present[0])
        return present[0] if present else None

    def _row(self, declared: Field[Any]) -> SettingRow:
        name, kind, default = declared.name, declared.metadata["kind"], declared.default
        dashed = name.replace("_", "-")
        flag = declared.metadata["flag"] or (f"--no-{dashed}" if default is True else f"--{dashed}")
        if kind.is_switch:
            shown = "on" if default else "off"
        else:
            shown = "" if default in (None, ()) else str(default)
        environment = self._source.prefix + name.upper()
        return SettingRow(name, flag, environment, shown, declared.metadata["help"], kind)

    def _of_environment(self, environ: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        source = self._source
        by_name = {row.environment: row for row in self.rows}
        for alias, name in (source.aliases or {}).items():
            if environ.get(alias):
                yield name, _read(self._by_name[name], environ[alias], place=alias)
        for name, text in environ.items():
            foreign = name == source.config_name or name.startswith(source.others or "\0")
            if foreign or not name.startswith(source.prefix):
                continue
            row = by_name.get(name)
            if row is None:
                known = [*by_name, source.config_name]
                raise SetupError("unknown environment variable", value=name, known=known)
            if text:
                parts = text.split(row.kind.separator) if row.kind.separator else text
                yield row.name, _read(row, parts, place=name)

    def _of_file(self, file: Path) -> Iterator[tuple[str, Any]]:
        for key, raw in self._section(_content(file), file).items():
            row = self._by_name.get(str(key).replace("-", "_"))
            if row is None:
                raise SetupError("unknown setting", file=file, value=key, known=self._by_name)
            if raw is None:
                continue
            value = _read(row, raw, file=file, place=str(key))
            if row.kind.is_path:
                is_one = isinstance(value, Path)
                value = (
                    file.parent / value if is_one else tuple(file.parent / part for part in value)
                )
            yield row.name, value

    def _section(self, content: dict[Any, Any], file: Path) -> dict[Any, Any]:
        if not self._source.section:
            return {key: raw for key, raw in content.items() if key not in self._source.sections}
        section = content.get(self._source.section) or {}
        if not isinstance(section, dict):
            place = self._source.section
            raise SetupError("must hold settings, one `name: value` each", file=file, place=place)
        return section


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
