"""Schemathesis over HTTP against the documented profile: all checks, no failure.

The plain run is short and leaves the coverage phase out, whose cases take minutes; `make fuzz` has
all phases and a hundred examples for each operation, CI all phases and twenty.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.servers import Running, serving

CONFIG = Path(__file__).parents[1] / "data" / "schemathesis.toml"
EXAMPLES = os.environ.get("FUZZ_EXAMPLES")
PHASES = "examples,coverage,fuzzing,stateful" if EXAMPLES else "examples,fuzzing,stateful"


@pytest.fixture(params=[1, 2])
def seed(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server() -> Iterator[Running]:
    with serving() as running:
        yield running


def test_schemathesis_finds_nothing(server: Running, seed: str, tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        f"--config-file={CONFIG}",
        "run",
        f"{server.base_url}/__admin/spec",
        f"--url={server.base_url}",
        f"--seed={seed}",
        f"--max-examples={EXAMPLES or 5}",
        f"--phases={PHASES}",
        "--checks=all",
        "--no-color",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    print(done.stdout[-1500:])
    assert done.returncode == 0, done.stdout[-20000:]
    assert "Tested: 20" in done.stdout
