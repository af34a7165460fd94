"""Everything that can be set for a check, once."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from contracts.door.base_url import LIVE_RATE
from contracts.suites.registry import NAMES as SUITES
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
from mockserver.setting_table import SettingTable, Source, about

DOCUMENTS: Final = ("effective", "published")
STUB: Final = "stub"
"""The target that is the mock, made in this process."""


def _target(raw: object) -> str:
    text = str(raw)
    if text == STUB:
        return text
    try:
        parts = urlsplit(text)
        is_url = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_url, parts = False, urlsplit("")
    if parts.username or parts.password:
        raise WrongValue("must not hold a password: name the variable that has it with --as")
    if not is_url:
        raise WrongValue("must be `stub`, or a URL that begins with http:// or https://", [STUB])
    return text.rstrip("/")


def _pair(raw: object) -> tuple[str, str]:
    if isinstance(raw, tuple | list) and len(raw) == 2:
        return str(raw[0]), str(raw[1])
    name, equals, value = str(raw).partition("=")
    if not (name.strip() and equals and value.strip()):
        raise WrongValue("must look like NAME=VALUE")
    return name.strip(), value.strip()


def _variable(raw: object) -> tuple[str, str]:
    name, variable = _pair(raw)
    if not variable.isidentifier():
        raise WrongValue(
            "must look like owner=ENV_VAR: the name of the variable that holds the key, "
            "never the key itself"
        )
    return name, variable


def _minimum(raw: object) -> tuple[str, float]:
    kind, equals, number = str(raw).rpartition("=")
    if isinstance(raw, tuple | list) and len(raw) == 2:
        kind, number = str(raw[0]), str(raw[1])
    try:
        percent = float(number)
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100 or (equals and not kind):
        raise WrongValue("must be a percentage from 0 to 100, or KIND=PERCENT")
    return kind.strip(), percent


def _seconds(raw: object) -> float:
    try:
        seconds = float(str(raw))
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise WrongValue("must be a number of seconds above 0, and 3600 at most")
    return seconds


_TARGET: Final = Kind("stub|URL", _target)
_PATHS: Final = Kind("NAME=VALUE", _pair, separator=",")
_ACTORS: Final = Kind("NAME=ENV", _variable, separator=",", is_secret=True)
"""Secret, for some give the key instead of the variable: what is wrong is not shown."""
_MINIMUMS: Final = Kind("[KIND=]PERCENT", _minimum, separator=",")
_SECONDS: Final = Kind("SECONDS", _seconds)
_SUITE: Final = Kind("NAME", one_of(*SUITES).read, separator=",")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is checked, how, and how carefully. The fields' helps say what each one is."""

    target: str = field(
        default=STUB,
        metadata=about(_TARGET, "what is checked: the mock in this process, or a base URL"),
    )
    spec: Path | None = field(
        default=None, metadata=about(FILE, "OpenAPI document instead of the bundled one")
    )
    overlays: tuple[Path, ...] | None = field(
        default=None, metadata=about(FILES, "overlay for the document", "--overlay")
    )
    document: str = field(
        default=DOCUMENTS[0],
        metadata=about(one_of(*DOCUMENTS), "judge by the document with its overlays, or without"),
    )
    actors: tuple[tuple[str, str], ...] = field(
        default=(),
        metadata=about(
            _ACTORS, "who sends requests: owner, other, ..., and the variable with the key", "--as"
        ),
    )
    path: tuple[tuple[str, str], ...] = field(
        default=(), metadata=about(_PATHS, "value of a path parameter, such as orgId=1")
    )
    suite: tuple[str, ...] = field(
        default=(), metadata=about(_SUITE, f"run this one of {', '.join(SUITES)}")
    )
    only: tuple[str, ...] = field(
        default=(),
        metadata=about(NAMES, "run the cases whose id (`GET /x/rule`) has this text in it"),
    )
    quick: bool = field(
        default=False, metadata=about(SWITCH, "leave out what is slow and seldom finds anything")
    )
    seed: int = field(
        default=1, metadata=about(whole_number(), "same seed, same requests in the same order")
    )
    examples: int = field(
        default=10,
        metadata=about(whole_number(1, 10000), "generated requests for each operation and phase"),
    )
    strict: bool = field(
        default=False,
        metadata=about(SWITCH, "fail where nothing was wrong but a variant never came up"),
    )
    min_coverage: tuple[tuple[str, float], ...] = field(
        default=(),
        metadata=about(_MINIMUMS, "fail below this share of what is documented (`statuses=80`)"),
    )
    baseline: Path | None = field(
        default=None, metadata=about(FILE, "known findings, each with an owner and an end date")
    )
    allow_writes: bool = field(
        default=False, metadata=about(SWITCH, "let a URL be written to; the stub always is")
    )
    allow: tuple[str, ...] = field(
        default=(), metadata=about(NAMES, "call only this operation (operationId, label or *)")
    )
    deny: tuple[str, ...] = field(default=(), metadata=about(NAMES, "never call this operation"))
    rate: int | None = field(
        default=None,
        metadata=about(
            whole_number(1, 1_000_000),
            f"requests a minute (else {LIVE_RATE} for a URL beyond this machine)",
        ),
    )
    budget: int | None = field(
        default=None, metadata=about(whole_number(1), "end the run after so many requests")
    )
    write_budget: int | None = field(
        default=None, metadata=about(whole_number(0), "send no more writing requests than this")
    )
    timeout: float = field(default=10.0, metadata=about(_SECONDS, "how long one answer may take"))
    slow_after: float = field(
        default=2.0, metadata=about(_SECONDS, "an answer that takes longer is a finding")
    )
    control: bool = field(
        default=False,
        metadata=about(
            SWITCH, "the URL is a mock of ours: its clock may be moved, uses be counted"
        ),
    )
    control_token: str | None = field(
        default=None, repr=False, metadata=about(SECRET, "what the mock's /__admin asks for")
    )
    ledger: Path | None = field(
        default=None,
        metadata=about(FILE, "where created things are noted (else understudy-ledger-RUN.jsonl)"),
    )
    run_id: str | None = field(
        default=None, metadata=about(TEXT, "part of the names of all created things")
    )
    profile: str = field(
        default="documented",
        metadata=about(one_of("documented", "observed"), "how the stub behaves"),
    )
    quirk: tuple[str, ...] = field(
        default=(), metadata=about(NAMES, "one quirk of the real server that the stub has")
    )
    fault: tuple[str, ...] = field(
        default=(), metadata=about(NAMES, "one fault to plant in the stub, to see it found")
    )
    html: Path | None = field(default=None, metadata=about(FILE, "write a page for people"))
    junit: Path | None = field(default=None, metadata=about(FILE, "write JUnit XML"))
    json: Path | None = field(default=None, metadata=about(FILE, "write the report as JSON"))
    har: Path | None = field(default=None, metadata=about(FILE, "write all traffic as HAR"))
    quiet: bool = field(
        default=False, metadata=about(SWITCH, "say no more than the verdict and the findings")
    )

    def __post_init__(self) -> None:
        """Hold values given in code to the same rules as all others. Raises SetupError."""
        SETTINGS.hold(self)

    @property
    def is_stub(self) -> bool:
        return self.target == STUB

    @property
    def effective_rate(self) -> int | None:
        """Requests a minute; None for no limit."""
        host = urlsplit(self.target).hostname
        is_near = self.is_stub or host in ("127.0.0.1", "localhost", "::1")
        return self.rate if self.rate or is_near else LIVE_RATE


SETTINGS: Final = SettingTable(
    Settings,
    Source(
        prefix="UNDERSTUDY_CONTRACTS_",
        config_name="UNDERSTUDY_CONFIG",
        config_files=("understudy.toml", "understudy.yaml"),
        section="contracts",
    ),
)
