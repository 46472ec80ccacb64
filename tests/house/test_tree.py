"""What stands in the tree: its top, its versions, and nothing of the machine it was made on."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import wsdebug

ROOT = Path(__file__).parents[2]
TOP = {
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "pyproject.toml",
    "screenshots",
    "sessions",
    "tests",
    "wsdebug",
}
# written in parts, so that this file does not find itself
MACHINE = re.compile("|".join((r"/wo" r"rk\b", r"/opt/v" r"env", r"(?<![\w)\]])\.lib" r"rary\b")))


def tracked() -> list[str]:
    """The names of the files under version control."""
    if not (ROOT / ".git").exists():
        pytest.skip("no repository, only its files")
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return done.stdout.decode().rstrip("\0").split("\0")


def test_only_what_belongs_there_stands_at_the_top() -> None:
    """And files that begin with a dot."""
    tops = {name.partition("/")[0] for name in tracked()}
    assert {top for top in tops if not top.startswith(".")} == TOP


def test_no_file_names_a_path_of_this_machine() -> None:
    """Neither in code nor in recordings."""
    found = []
    for name in tracked():
        path = ROOT / name
        text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        found += [f"{name}: {match[0]}" for match in MACHINE.finditer(text)]
    assert found == []


def test_the_version_is_the_same_everywhere() -> None:
    """The package, the project, and the changelog, unless it speaks of what comes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    newest = re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert project["version"] == wsdebug.__version__
    assert newest[1] in (wsdebug.__version__, "Unreleased")


def test_every_supported_python_is_named() -> None:
    """From the least one on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [name.rpartition("3.")[2] for name in project["classifiers"] if ":: 3." in name]
    assert named == ["11", "12", "13", "14"]
    assert project["requires-python"] == f">=3.{named[0]}"


def test_every_picture_and_session_of_the_readme_is_there() -> None:
    """No link leads nowhere."""
    text = (ROOT / "README.md").read_text()
    links = re.findall(r"\]\(((?!https?:|#)[^)]+)\)", text)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
