"""Each row of the table: the server does it, and wsdebug ends as it says."""

import asyncio
from pathlib import Path

import pytest

from tests.hostile.misbehaviour import Misbehaviour, observe
from tests.hostile.readme import ELSEWHERE, PATH, TABLES, made
from wsdebug.wire.violations import VIOLATIONS

ROWS = [(title, row) for title, rows in TABLES.items() for row in rows]
AT_ONCE = 16


async def proven(row: Misbehaviour, folder: Path, *, lenient: bool) -> None:
    """Every variant of a row ends as it should."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def prove(number: int, variant: object) -> None:
        async with limit:
            path = folder / f"{number}.ws.jsonl"
            seen = await observe(row, variant, path, lenient=lenient)
        expected = row.expected(variant, lenient=lenient)
        assert seen.is_as(expected, lenient=lenient), (variant, seen, expected)

    async with asyncio.TaskGroup() as tasks:
        for number, variant in enumerate(row.variants):
            tasks.create_task(prove(number, variant))


@pytest.mark.parametrize("row", [row for _, row in ROWS], ids=[row.what for _, row in ROWS])
async def test_strict(row: Misbehaviour, tmp_path: Path) -> None:
    """Fails with the close code of the rule, or ends as the words say; the record has it."""
    await proven(row, tmp_path, lenient=False)


@pytest.mark.parametrize(
    "row",
    [row for title, row in ROWS if title != "Handshake"],
    ids=[row.what for title, row in ROWS if title != "Handshake"],
)
async def test_lenient(row: Misbehaviour, tmp_path: Path) -> None:
    """The log goes on, where there is anything to go on with."""
    await proven(row, tmp_path, lenient=True)


def test_every_violation_is_done_by_some_server() -> None:
    """Of those that a server can do."""
    said = " ".join(row.says for _, row in ROWS)
    assert {name for name in VIOLATIONS if f"`{name}`" not in said} == {"unmasked-by-client"}


@pytest.mark.parametrize("test", [test for _, _, test in ELSEWHERE])
def test_what_the_readme_names_is_there(test: str) -> None:
    """By file and function."""
    path, _, name = test.partition("::")
    assert f"\ndef {name}(" in (Path(__file__).parents[2] / path).read_text()


def test_the_readme_is_current() -> None:
    """`python -m tests.hostile.readme` writes it."""
    assert PATH.read_text() == made()
