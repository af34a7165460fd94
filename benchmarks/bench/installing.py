"""Sets up the servers beside the stub, in a folder that git ignores."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

from benchmarks.bench.peers import Package, Peer
from benchmarks.bench.places import PEERS

AUTOCANNON: Final = Package("autocannon", "9.0.0")


class NotInstalled(Exception):
    """A package or a program is missing; says why."""


def install(peer: Peer) -> None:
    """See to it that all is there that *peer* needs. Raises NotInstalled."""
    missing = [name for name in peer.needs if shutil.which(name) is None]
    if missing:
        raise NotInstalled(f"needs {' and '.join(missing)}, which this machine lacks")
    install_packages(PEERS / peer.folder, peer.packages)


def install_generator() -> None:
    """See to it that the load generator is there. Raises NotInstalled."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise NotInstalled("the load generator needs Node.js and npm, from 20 on")
    install_packages(PEERS / "autocannon", [AUTOCANNON])


def install_packages(folder: Path, packages: Sequence[Package]) -> None:
    """Put those of *packages* into *folder* that are not there yet. Raises NotInstalled."""
    missing = [one for one in packages if _installed(folder, one) != one.version]
    if not missing:
        return
    print(f"  installing {' '.join(one.name for one in missing)}", file=sys.stderr, flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(_command(folder, missing), capture_output=True, text=True)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotInstalled(f"does not install: {' '.join(said[-3:])[-300:]}")


def _command(folder: Path, packages: Sequence[Package]) -> list[str]:
    if packages[0].registry == "pip":
        pins = [f"{one.name}=={one.version}" for one in packages]
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        return [*pip, "--target", str(folder), *pins]
    if shutil.which("npm") is None:
        raise NotInstalled("needs npm, which this machine lacks")
    pins = [f"{one.name}@{one.version}" for one in packages]
    return ["npm", "install", "--no-fund", "--no-audit", "--prefix", str(folder), *pins]


def _installed(folder: Path, package: Package) -> str | None:
    if package.registry == "pip":
        found = distributions(name=package.name, path=[str(folder)])
        return next((one.version for one in found), None)
    told = folder / "node_modules" / package.name / "package.json"
    if not told.exists():
        return None
    version: str = json.loads(told.read_text("utf-8"))["version"]
    return version
