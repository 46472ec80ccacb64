"""A question under a pilot."""

import pytest
from textual.app import App
from textual.widgets import Static

from wsdebug.tui.hint_row import HintRow
from wsdebug.tui.question import Question

ANSWERS = (("q", "quit"), ("S", "save and quit"), ("f2", "settings"), ("escape", "stay"))


class Host(App[None]):
    """Asks, and keeps the answer."""

    def __init__(self, question: str = "A connection is open.", detail: str = "") -> None:
        super().__init__()
        self.answers: list[str | None] = []
        self._question = question
        self._detail = detail

    def on_mount(self) -> None:
        """Ask."""
        asked = Question(self._question, self._detail, answers=ANSWERS)
        self.push_screen(asked, self.answers.append)

    @property
    def is_asking(self) -> bool:
        """Whether the question stands."""
        return isinstance(self.screen, Question)


@pytest.mark.parametrize(
    ("key", "answer"), [("q", "q"), ("S", "S"), ("f2", "f2"), ("escape", None)]
)
async def test_an_answer_is_its_key(key: str, answer: str | None) -> None:
    """A character or a named key; escape is no answer."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        assert not host.is_asking
        assert host.answers == [answer]


@pytest.mark.parametrize("key", ["enter", "space", "Q", "s", "tab"])
async def test_other_keys_do_nothing(key: str) -> None:
    """A key that was meant for something else answers nothing."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        assert host.is_asking
        assert host.answers == []


@pytest.mark.parametrize(
    ("x", "answer"), [(0, "q"), (5, "q"), (9, "S"), (23, "S"), (27, "f2"), (41, None)]
)
async def test_answers_can_be_clicked(x: int, answer: str | None) -> None:
    """Each from its key to the end of its verb."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click("#question-answers", offset=(x, 0))
        await pilot.pause()
        assert host.answers == [answer]


@pytest.mark.parametrize("x", [6, 8, 24, 26, 38])
async def test_between_the_answers_is_nothing(x: int) -> None:
    """A click there leaves the question."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click("#question-answers", offset=(x, 0))
        await pilot.pause()
        assert host.is_asking


@pytest.mark.parametrize("size", [(80, 24), (140, 45), (40, 10)])
async def test_it_is_shown_whole(size: tuple[int, int]) -> None:
    """A long question goes on in the next row; what it says is not read as markup."""
    question = "This file asks for an unchecked certificate and for files of this machine."
    detail = "The file is [red]feed[/].ws.jsonl\x1b[2J"
    host = Host(question, detail)
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        panel = host.screen.query_one("#dialog").region
        assert host.screen.region.contains_region(panel)
        assert panel.width == min(72, size[0] - 4)
        title = host.screen.query_one("Heading > .title", Static)
        shown = " ".join(strip.text.strip() for strip in title.render_lines(title.size.region))
        assert shown.strip() == question
        words = host.screen.query_one("#question-detail", Static)
        assert words.visual is not None
        assert "[red]feed[/].ws.jsonl\\x1b[2J" in str(words.content)
        assert panel.contains_region(host.screen.query_one("#question-answers", HintRow).region)
