"""What is shipped: the wheel and the sdist hold everything, and the wheel works by itself."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("contracts", "mockserver")
SHIPPED_FOLDERS = (*PACKAGES, "spec")
SHIPPED_FILES = ("pyproject.toml", "README.md", "LICENSE")
NOT_SOURCE = shutil.ignore_patterns("__pycache__", "*.pyc")
DOCUMENTS = sorted(
    path.relative_to(ROOT / "spec").as_posix()
    for folder in ("", "overlays", "fixtures")
    for path in (ROOT / "spec" / folder).glob("*.yaml")
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with an sdist, and the wheel that was built from that sdist.

    Built from a copy: setuptools leaves folders behind, and would ship what lies in old ones.
    """
    source = tmp_path_factory.mktemp("source")
    for folder in SHIPPED_FOLDERS:
        shutil.copytree(ROOT / folder, source / folder, ignore=NOT_SOURCE)
    for file in SHIPPED_FILES:
        shutil.copy(ROOT / file, source / file)
    out = tmp_path_factory.mktemp("built")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out)], cwd=source)
    return out


@pytest.fixture(scope="module")
def wheel_names(built: Path) -> list[str]:
    [wheel] = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's content, to be put on the module path."""
    [wheel] = built.glob("*.whl")
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(
    command: Sequence[str], *, cwd: Path, path: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run *command* with nothing of this project in its environment but the module *path*."""
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    if path is not None:
        environ["PYTHONPATH"] = str(path)
    done = subprocess.run(
        command, cwd=cwd, env=environ, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_every_folder_with_code_is_a_declared_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = set(project["tool"]["setuptools"]["packages"])
    folders = {
        ".".join(file.parent.relative_to(ROOT).parts)
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
    }
    assert declared == folders | {"mockserver.bundled"}


def test_the_wheel_has_every_module_and_data_file_of_the_packages(wheel_names: list[str]) -> None:
    held = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert held - set(wheel_names) == set()


def test_the_wheel_has_every_bundled_document(wheel_names: list[str]) -> None:
    bundled = {f"mockserver/bundled/{name}" for name in DOCUMENTS}
    assert "mockserver/bundled/openapi.yaml" in bundled
    assert bundled - set(wheel_names) == set()


def test_the_wheel_puts_nothing_beside_the_packages(wheel_names: list[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {*PACKAGES}


def test_the_sdist_has_the_documents_and_the_licence(built: Path) -> None:
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "README.md", *(f"spec/{name}" for name in DOCUMENTS)} - names == set()


def test_the_wheel_finds_its_document_from_any_folder(installed: Path, tmp_path: Path) -> None:
    code = "from mockserver.openapi import bundled_spec_dir; print(bundled_spec_dir())"
    done = run([sys.executable, "-c", code], cwd=tmp_path, path=installed)
    assert Path(done.stdout.strip()) == installed / "mockserver" / "bundled"


def test_the_wheel_plays_the_bundled_document_by_itself(installed: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mockserver", "routes", "--json"]
    done = run(command, cwd=tmp_path, path=installed)
    answered = {route["path"]: route["answeredBy"] for route in json.loads(done.stdout)}
    assert answered["/v2/event-types/{eventTypeId}/private-links"] == "domain"


def test_the_wheel_checks_what_it_plays(installed: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "contracts",
        "check",
        "--suite",
        "examples",
        "--only",
        "/v2/me",
    ]
    done = run([*command, "--html", "report.html"], cwd=tmp_path, path=installed)
    assert done.stdout.startswith("clean\n")
    assert "</html>" in (tmp_path / "report.html").read_text("utf-8")


def test_the_wheel_has_the_world_of_a_fresh_server(installed: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mockserver", "state", "export"]
    done = run(command, cwd=tmp_path, path=installed)
    assert "cal_test_demo" in json.loads(done.stdout)["collections"]["api-keys"]


def test_the_commands_and_the_pytest_plugins_are_declared(installed: Path) -> None:
    [entry_points] = installed.glob("*.dist-info/entry_points.txt")
    declared = {
        "mockserver = mockserver.cli:main",
        "contracts = contracts.cli:main",
        "understudy = mockserver.pytest_plugin",
        "understudy_contracts = contracts.pytest_entry",
    }
    assert declared <= {*entry_points.read_text("utf-8").splitlines()}


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt"])
def test_pins_name_versions_only(name: str) -> None:
    """No index, no folder of one machine, no hash of one platform's file."""
    lines = (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    pins = [line for line in lines if line.strip() and not line.startswith("#")]
    assert [line for line in pins if "==" not in line or "/" in line or line[0] == "-"] == []


def test_what_is_tested_is_what_is_installed_by_users() -> None:
    runtime, dev = (
        set((ROOT / "requirements" / name).read_text("utf-8").splitlines())
        for name in ("runtime.txt", "dev.txt")
    )
    assert {line for line in runtime if not line.startswith("#")} - dev == set()
