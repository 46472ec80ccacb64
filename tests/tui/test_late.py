"""Parts of the screen that are made when they are first wanted."""

from textual.app import App, ComposeResult
from textual.widgets import Input, Static

from tests.tui.conftest import main_of, until_state
from wsdebug.tui.advice import Advice
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.compose_close import CloseForm, CodeList
from wsdebug.tui.compose_raw import RawForm
from wsdebug.tui.composer import Composer
from wsdebug.tui.late import Late
from wsdebug.tui.settings_form import Check


class Form(Late):
    """A label and a field."""

    filled = 0

    def parts(self) -> ComposeResult:
        yield Static("name")
        yield Input(id="name")

    def fill(self) -> None:
        self.filled += len(self.query("#name"))


class Host(App[None]):
    """Holds one."""

    def compose(self) -> ComposeResult:
        yield Form()


async def test_parts_are_made_once() -> None:
    """Filled once they are there; until then there is nothing to go to."""
    host = Host()
    async with host.run_test() as pilot:
        form = host.query_one(Form)
        assert not form.children
        form.focus_first()
        await pilot.pause()
        assert host.focused is None
        for _ in range(2):
            await form.make()
            assert form.is_made
            assert len(form.children) == 2
            assert form.filled == 1
        form.focus_first()
        await pilot.pause()
        assert host.query_one(Input).has_focus


async def test_one_that_has_gone_is_not_made() -> None:
    """Its parts would never be there."""
    host = Host()
    async with host.run_test():
        form = host.query_one(Form)
        await form.remove()
        await form.make()
        assert not form.is_made
        assert not form.filled


async def test_a_tab_begins_without_forms_and_keys_typed_at_once_reach_them(
    app: WsdebugApp,
) -> None:
    """Each is made by the key that leads to it, before the next key."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        screen = main_of(app)
        for late in (Advice, CloseForm, RawForm):
            assert not screen.query_one(late).children
        await pilot.press("c", *["f3"] * 4, *"1008")
        assert screen.query_one(CodeList).code == "1008"
        assert not screen.query_one(RawForm).children
        await pilot.press("f3", "space")
        form = screen.query_one(RawForm)
        assert not form.query_one("#raw-fin", Check).value
        assert not form.draft.fin
        assert screen.query_one(Composer).kind == "raw"
        assert not screen.query_one(Advice).children
