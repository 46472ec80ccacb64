"""The command palette: every action of the screen, to be found by its name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.actions import parse
from textual.app import App
from textual.binding import Binding
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.theme import ThemeProvider
from textual.types import IgnoreReturnCallbackType
from textual.widget import Widget
from textual.widgets import Input

from wsdebug.tui.bars import Hint
from wsdebug.tui.dialog import MARGIN, Heading
from wsdebug.tui.glyphs import Glyphs, glyphs_of
from wsdebug.tui.key_words import key_words
from wsdebug.tui.keys import ANYWHERE, own_bindings, place_of, title_of
from wsdebug.tui.paint import lacks_colour
from wsdebug.tui.recent_messages import RecentMessages
from wsdebug.tui.status_line import StatusLine

__all__ = ["Command", "Palette", "WsdebugCommands", "commands_of"]

WIDTH = 84  # cells of the panel where the screen has them
BESIDE = 4  # cells of the panel that a row of the list does not have
CHROME = 7  # rows that stand above and below the list
ROWS = 24  # of the list, at most
TITLE = 22  # cells


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do; `keys` do it too, by Textual's names. `why_not` says why not now."""

    title: str
    help: str
    keys: tuple[str, ...]
    run: IgnoreReturnCallbackType
    action: str = ""
    why_not: str = ""

    def row(self, title: Content, width: int, glyphs: Glyphs, *, coloured: bool) -> Content:
        """`title` with help and keys in `width` cells."""
        muted, strong = ("$foreground-muted", "bold $foreground") if coloured else ("", "bold")
        keys = "  ".join(key_words(key, glyphs) for key in self.keys)
        title = title.truncate(TITLE, ellipsis=True)
        if self.why_not:
            title = title.stylize_before(muted)
        left = Content.assemble(
            title.pad_right(max(0, TITLE - title.cell_length)),
            "  ",
            (f"not now: {self.why_not}" if self.why_not else self.help, muted),
        )
        room = max(0, width - len(keys) - 2)
        if left.cell_length > room:
            left = left.truncate(room, ellipsis=True)
        gap = " " * max(0, width - left.cell_length - len(keys))
        return Content.assemble(left, gap, (keys, strong))


def commands_of(screen: Screen[Any]) -> list[Command]:
    """Every action that is possible on a screen: its own, the places', the application's.

    What a place binds to an action that the screen has too is there once, as the screen's; what
    can be done in no place now is there once too.
    """
    commands = list(_commands(screen, screen))
    known = {command.action for command in commands}
    for node in [*_places(screen), screen.app]:
        found = [one for one in _commands(node, screen) if one.action not in known]
        known |= {one.action for one in found if one.why_not}
        commands += found
    return commands


def _places(screen: Screen[Any]) -> list[DOMNode]:
    """What has keys of its own: around the focus first, then the other places in sight."""
    focused = screen.focused
    chain: list[DOMNode] = [
        node
        for node in (focused.ancestors_with_self if focused is not None else ())
        if isinstance(node, Widget) and not isinstance(node, Screen)
    ]
    others = [
        node
        for node in screen.walk_children(Widget)
        if node not in chain and place_of(node) != place_of(screen) and _in_sight(node)
    ]
    return [*chain, *others]


def _in_sight(widget: Widget) -> bool:
    return all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))


def _commands(node: DOMNode, screen: Screen[Any]) -> Iterable[Command]:
    """One for each action of a node that can be done now, with all of its keys."""
    found: dict[tuple[str, str], list[Binding]] = {}
    for binding in own_bindings(node):
        if not binding.system:
            found.setdefault((binding.action, binding.description), []).append(binding)
    place = place_of(node)
    why_not: Mapping[str, str] = getattr(screen, "why_not", dict)()
    for (action, _), bindings in found.items():
        namespace, name, parameters = parse(action)
        targets: dict[str, DOMNode] = {"app": screen.app, "screen": screen}
        if targets.get(namespace, node).check_action(name, parameters):
            first = bindings[0]
            yield Command(
                title_of(first),
                first.tooltip or ("" if place == ANYWHERE else place),
                tuple(binding.key for binding in bindings),
                partial(_run, node, action),
                action,
                why_not.get(name, ""),
            )


async def _run(node: DOMNode, action: str) -> None:
    """Do it in its place, where the person then is."""
    if isinstance(node, Widget) and node.focusable:
        node.focus()
    if isinstance(node, Widget | App):
        await node.run_action(action)


class WsdebugCommands(Provider):
    """The screen's actions, its recent messages, and the themes."""

    async def discover(self) -> Hits:
        """All of them."""
        for command in self._all():
            row = self._row(command, Content(command.title))
            yield DiscoveryHit(row, command.run, text=command.title)

    async def search(self, query: str) -> Hits:
        """Those whose title is like `query`; after them, those whose help is."""
        matcher = self.matcher(query)
        for command in self._all():
            title = Content(command.title)
            score = matcher.match(command.title)
            if score > 0:
                title = matcher.highlight(command.title)
            else:
                score = matcher.match(f"{command.title} {command.help}") / 4
            if score > 0:
                yield Hit(score, self._row(command, title), command.run, text=command.title)

    def _all(self) -> list[Command]:
        commands = commands_of(self.screen)
        own = getattr(self.screen, "own_commands", None)  # what a screen has beside its bindings
        if own is not None:
            commands += own()
        line = next(iter(self.screen.query(StatusLine)), None)
        if line is not None:
            said = partial(self._recent, line)
            commands.append(Command("Recent messages", "What the last row said lately", (), said))
        commands.append(
            Command("Theme", "Other colours for now; Preferences keeps them", (), self._themes)
        )
        return commands

    def _row(self, command: Command, title: Content) -> Content:
        is_framed = lacks_colour(self.app)
        width = panel_width(self.app) - BESIDE - (2 if is_framed else 0)
        return command.row(title, width, glyphs_of(self.app), coloured=not is_framed)

    def _recent(self, line: StatusLine) -> None:
        self.app.push_screen(RecentMessages(tuple(line.recent)))

    def _themes(self) -> None:
        self.app.push_screen(Palette("Theme", [Themes], placeholder="type a name"))


class Themes(ThemeProvider):
    """The themes by name, our own first."""

    @property
    def commands(self) -> list[tuple[str, Callable[[], None]]]:
        """Name and what takes it."""
        return sorted(super().commands, key=lambda command: not command[0].startswith("wsdebug"))


def panel_width(app: App[Any]) -> int:
    """Cells of the panel on this screen."""
    return min(WIDTH, app.size.width - MARGIN)


class Palette(CommandPalette):
    """Textual's palette, calm: a panel with a heading, one row an action, its keys at the right."""

    DEFAULT_CSS = """
    Palette {
        background: $background 45%;
        & > .command-palette--highlight { text-style: bold underline; }
        & > Vertical, &:dark > Vertical {
            width: 84; max-width: 100%; height: auto; margin: 1 0 0 0; padding: 1 0;
            visibility: visible; background: $panel;
        }
        #--input { border: none; height: 1; margin: 0 2 1 1; }
        #--input.--list-visible { border: none; }
        SearchIcon { display: none; }
        CommandInput, CommandInput:focus {
            border: none; height: 1; padding: 0 1; background: $primary 30%;
        }
        CommandInput > .input--placeholder { color: $foreground-muted; }
        #--results { overlay: none; height: auto; }
        CommandList, CommandList:focus {
            border: none; padding: 0; background: $panel; scrollbar-size-vertical: 1;
            scrollbar-background: $panel; scrollbar-background-hover: $panel;
            scrollbar-color: $border-blurred; scrollbar-color-hover: $border-blurred;
        }
        CommandList > .option-list--option {
            padding: 0 1; color: $foreground; text-style: none;
        }
        CommandList > .option-list--option-highlighted {
            background: $primary 16%; color: $foreground; text-style: none;
        }
        &.-framed CommandList > .option-list--option-highlighted {
            background: $foreground; color: $background;
        }
        LoadingIndicator, LoadingIndicator.--visible { display: none; }
        &.-framed > Vertical { border: solid $foreground-muted; padding: 0; }
        &.-framed Heading > .bar { visibility: hidden; }
        &.-framed.-ascii > Vertical { border: ascii $foreground-muted; }
    }
    """

    def __init__(
        self,
        title: str = "All actions",
        providers: Sequence[type[Provider]] = (WsdebugCommands,),
        *,
        placeholder: str = "type what you want to do",
    ) -> None:
        super().__init__(providers, placeholder=placeholder)
        self._title = title

    async def on_mount(self) -> None:
        """Heading and frame."""
        self.set_class(lacks_colour(self.app), "-framed")
        self.set_class(glyphs_of(self.app).is_ascii, "-ascii")
        row = (Hint("enter", "run", "choose"), Hint("esc", "back", "escape"))
        self.query_one(Input).cursor_blink = False
        await self.query_one("#--container").mount(Heading(self._title, row), before=0)

    def on_resize(self) -> None:
        """As wide and high as there is room for."""
        height = self.app.size.height
        panel = self.query_one("#--container")
        panel.styles.width = panel_width(self.app)
        above = 1 if height < 30 else 3
        panel.styles.margin = (above, 0, 0, 0)
        self.query_one("CommandList").styles.max_height = max(1, min(ROWS, height - above - CHROME))

    def action_choose(self) -> None:
        """What enter does, for a click on its hint."""
        self._select_or_command()
