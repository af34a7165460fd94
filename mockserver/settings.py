"""Everything that can be set for the mock, once."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mockserver.errors import SetupError
from mockserver.setting_kinds import (
    FILE,
    FILES,
    NAMES,
    SECRET,
    SWITCH,
    TEXT,
    Kind,
    one_of,
    whole_number,
)
from mockserver.setting_table import SettingTable, Source, about

CONFIG_NAME: Final = "UNDERSTUDY_CONFIG"
CONFIG_FILES: Final = ("understudy.toml", "understudy.yaml")
PROFILES: Final = ("documented", "observed")
_FAULTS: Final = Kind("NAME[:OPERATION][:p=0.2]", TEXT.read, separator=",")
_STORE: Final = Kind("URL", TEXT.read, is_secret=True)
MAX_WORKERS: Final = 64
LOG_LEVELS: Final = ("debug", "info", "warning", "error")
LOG_FORMATS: Final = ("text", "json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a mock is made from and how it is served. The fields' helps say what each one is."""

    spec: Path | None = field(
        default=None, metadata=about(FILE, "OpenAPI document to serve instead of the bundled one")
    )
    overlays: tuple[Path, ...] | None = field(
        default=None,
        metadata=about(
            FILES,
            "overlay for the document (those of the bundled one are applied before)",
            "--overlay",
        ),
    )
    quirks_file: Path | None = field(
        default=None, metadata=about(FILE, "table of the real server's departures (quirks)")
    )
    fixtures: tuple[Path, ...] | None = field(
        default=None,
        metadata=about(FILES, "state of a fresh server (the bundled document has its own)"),
    )
    profile: str = field(
        default="documented",
        metadata=about(one_of(*PROFILES), "follow the document, or the real server as observed"),
    )
    quirk: tuple[str, ...] = field(
        default=(), metadata=about(NAMES, "one quirk of the real server to switch on")
    )
    fault: tuple[str, ...] = field(
        default=(),
        metadata=about(
            _FAULTS, "a departure to plant, with an operation and a probability if need be"
        ),
    )
    host: str = field(default="127.0.0.1", metadata=about(TEXT, "address to listen on"))
    port: int = field(
        default=4010,
        metadata=about(
            whole_number(0, 65535), "port to listen on; 0 takes a free one; PORT is read as well"
        ),
    )
    seed: int = field(
        default=1, metadata=about(whole_number(), "governs all generated ids, dates and values")
    )
    store: str = field(
        default="memory:",
        repr=False,  # it may have a password in it
        metadata=about(
            _STORE, "where the state is kept: memory:, sqlite:///FILE or postgresql://..."
        ),
    )
    workers: int = field(
        default=1,
        metadata=about(
            whole_number(1, MAX_WORKERS), "processes that serve it; more than one need a database"
        ),
    )
    rate_limit: bool = field(
        default=False, metadata=about(SWITCH, "count requests and answer 429, as the API does")
    )
    admin_token: str | None = field(
        default=None,
        repr=False,
        metadata=about(SECRET, "what /__admin asks for; without it, only this machine may use it"),
    )
    journal_size: int = field(
        default=1000, metadata=about(whole_number(0), "how many requests the journal keeps")
    )
    journal_bytes: int = field(
        default=16 * 1024 * 1024,
        metadata=about(whole_number(0), "how much memory the journal may take, in bytes"),
    )
    max_body: int = field(
        default=102400, metadata=about(whole_number(1), "largest request body, in bytes")
    )
    cors: bool = field(
        default=True, metadata=about(SWITCH, "let web pages of any origin call the mock")
    )
    log_level: str = field(
        default="info", metadata=about(one_of(*LOG_LEVELS), "how much is written to stderr")
    )
    log_format: str = field(
        default="text", metadata=about(one_of(*LOG_FORMATS), "how a line on stderr looks")
    )
    request_log: bool = field(
        default=False, metadata=about(SWITCH, "write a line to stderr for each request")
    )
    metrics: bool = field(
        default=False, metadata=about(SWITCH, "count and time requests, for /__admin/metrics")
    )
    request_timeout: int = field(
        default=30,
        metadata=about(
            whole_number(1, 3600), "how long a client may take to send a request, in seconds"
        ),
    )
    max_connections: int = field(
        default=10_000,
        metadata=about(
            whole_number(1), "how many clients may be connected at once, to each process"
        ),
    )
    watch: bool = field(
        default=False, metadata=about(SWITCH, "read the files anew when they change")
    )

    def __post_init__(self) -> None:
        """Hold values given in code to the same rules as all others. Raises SetupError."""
        SETTINGS.hold(self)


SETTINGS: Final = SettingTable(
    Settings,
    Source(
        prefix="UNDERSTUDY_",
        config_name=CONFIG_NAME,
        config_files=CONFIG_FILES,
        others=("UNDERSTUDY_CONTRACTS_", "UNDERSTUDY_RECORDINGS"),  # ... and this project's tests
        aliases={"PORT": "port"},
        sections=("contracts",),
    ),
)


def check_processes(settings: Settings) -> None:
    """Raises SetupError where several processes would not act as one mock."""
    count = settings.workers
    if count == 1:
        return
    reasons = {
        "each would keep a state of its own in memory; give them one with "
        "--store sqlite:///world.db": settings.store.startswith("memory:"),
        "each would count requests for itself; leave --rate-limit out": settings.rate_limit,
        "each would plant and count faults for itself; leave --fault out": bool(settings.fault),
        "the files are watched by one process only; leave --watch out": settings.watch,
        "this system cannot fork processes": not hasattr(os, "fork"),
    }
    for reason, is_so in reasons.items():
        if is_so:
            hint = f"{reason}, or use --workers 1"
            raise SetupError(hint, place="--workers", value=count)
