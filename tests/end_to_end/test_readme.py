"""Every command, output, file and program that README.md and docs/ show works as shown."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.baseline import read_baseline
from contracts.cli import check
from mockserver import Settings, create_app
from mockserver.settings import SETTINGS
from tests.end_to_end.pages import ROOT, Block, Session, blocks_of, matches, steps_of

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [block for page in PAGES for block in blocks_of(page)]
LIBRARY = ROOT / "tests" / "data" / "library.yaml"
KINDS = ("console", "sh", "yaml", "python", "text")


def of_kind(kind: str) -> list[Block]:
    return [block for block in BLOCKS if block.kind == kind]


def place(block: Block) -> str:
    return block.place


@pytest.mark.parametrize("block", BLOCKS, ids=place)
def test_a_block_is_of_a_known_kind(block: Block) -> None:
    assert block.kind in KINDS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_print_what_it_shows(page: Path, tmp_path: Path) -> None:
    blocks = [block for block in BLOCKS if block.page == page.name]
    if not any(block.kind == "console" for block in blocks):
        return
    with Session(tmp_path) as session:
        wrong = list(wrong_outputs(blocks, session, tmp_path))
    if wrong:
        pytest.fail("\n\n".join(wrong), pytrace=False)


def wrong_outputs(blocks: list[Block], session: Session, folder: Path) -> Iterator[str]:
    """What is printed otherwise than shown; files of the page are there once it has shown them."""
    for block in blocks:
        if block.kind == "yaml" and block.file_name:
            (folder / block.file_name).write_text(block.text)
        for step in steps_of(block) if block.kind == "console" else ():
            printed = session.run(step.command)
            if not matches(step.shown, printed):
                shown = step.shown.splitlines()
                lines = unified_diff(shown, printed.splitlines(), "shown", "printed", lineterm="")
                yield "\n".join([f"{block.page}:{step.line}: $ {step.command}", *lines])


@pytest.mark.parametrize("block", of_kind("sh"), ids=place)
def test_preparations_are_those_that_the_makefile_knows(block: Block) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    venv = re.search(r"(?m)^VENV := (\S+)$", makefile)
    assert venv is not None
    tasks = re.findall(r"(?m)^([a-z]+):.*## ", makefile)
    known = {f". {venv[1]}/bin/activate", *(f"make {task}" for task in tasks)}
    assert set(block.text.splitlines()) <= known


@pytest.mark.parametrize("block", of_kind("yaml"), ids=place)
def test_a_file_that_is_shown_can_be_used(block: Block, tmp_path: Path) -> None:
    assert block.file_name, "the first line names the file: # my-world.yaml"
    for other in of_kind("yaml"):
        (tmp_path / str(other.file_name)).write_text(other.text)
    content = yaml.safe_load(block.text)
    if isinstance(content, list):
        assert read_baseline(tmp_path / block.file_name).entries
    elif "jobs" in content:
        for command in commands_of(content):
            check.make_context("check", shlex.split(command)[2:]).close()
    else:
        create_app(settings_with(tmp_path / block.file_name))


def commands_of(workflow: Any) -> list[str]:
    """The contract kit's commands in a workflow for GitHub Actions."""
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    runs = [step["run"] for step in steps if step.get("run", "").startswith("contracts ")]
    assert runs
    return runs


def settings_with(file: Path) -> Settings:
    """The settings of a mock that uses *file* as what it is. Raises SetupError on none of them."""
    content = yaml.safe_load(file.read_text())
    if "collections" in content:
        return Settings(fixtures=(file,))
    if "overlay" in content:
        return Settings(spec=LIBRARY, overlays=(file,))
    if "quirks" in content:
        return Settings(spec=LIBRARY, quirks_file=file, profile="observed")
    return SETTINGS.load({}, {}, file)


def programs() -> Iterator[list[Block]]:
    """Python files that are shown together: a name that comes again begins the next program."""
    together: list[Block] = []
    for block in of_kind("python"):
        if any(block.file_name == other.file_name for other in together):
            yield together
            together = []
        together.append(block)
    yield together


@pytest.mark.parametrize("files", [*programs()], ids=lambda files: files[0].place)
def test_a_program_that_is_shown_runs(files: list[Block], tmp_path: Path) -> None:
    for block in files:
        assert block.file_name, f"{block.place}: the first line names the file: # test_links.py"
        (tmp_path / block.file_name).write_text(block.text)
    tests = sum(len(re.findall(r"(?m)^(?:def )?test_", block.text)) for block in files)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert f"{tests} passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("shown", "printed", "is_match"),
    [
        ("one\ntwo", "one\ntwo\n", True),
        ("one", "one\ntwo", False),
        ("one\n...", "one\ntwo\nthree", True),
        ("one\n...\nthree", "one\nthree", True),
        ("one\n...\nthree", "one\ntwo", False),
        ('{"at":"...","n":1}', '{"at":"now","n":1}', True),
        ('{"at":"...","n":1}', '{"at":"now","n":2}', False),
        ("a...c", "a\nc", False),
        ("", "something", False),
        ("a.c", "abc", False),
    ],
)
def test_only_three_dots_stand_for_anything(shown: str, printed: str, is_match: bool) -> None:
    assert matches(shown, printed) is is_match
