"""What the main screen can do: one table for keys, help and palette."""

from dataclasses import dataclass

from textual.binding import Binding

__all__ = ["ACTIONS", "APP_BINDINGS", "Action", "bindings"]


@dataclass(frozen=True, slots=True)
class Action:
    """`name` is the screen's action; `title` and `help` are shown in help and palette. The keymap
    knows it as `called`, or by its name.
    """

    name: str
    keys: str
    title: str
    help: str
    priority: bool = False
    called: str = ""

    @property
    def id(self) -> str:
        """What the keymap calls it."""
        return self.called or self.name


ACTIONS = (
    Action("toggle_connection", "f5", "Connect or disconnect", "Open, close or try again now"),
    Action("connect_again", "ctrl+r", "Connect again", "Close what is open and connect anew"),
    Action("edit_url", "ctrl+l", "URL", "Enter another URL"),
    Action("settings", "f2", "Settings", "Headers, authentication, TLS and options"),
    Action("compose", "c", "Compose", "Write a message"),
    Action("send", "ctrl+j,f8,ctrl+enter", "Send", "Send what is in the composer"),
    Action("next_kind", "f3", "Next kind", "Text, binary, ping, pong or close"),
    Action("messages", "f7", "Messages", "Sent before, or kept by a name", priority=True),
    Action(
        "keep_message",
        "alt+k",
        "Keep the message",
        "By a name, to be filled in and sent",
        priority=True,
    ),
    Action(
        "repeat",
        "alt+r",
        "Send again and again",
        "What is in the composer, at a steady pace",
        priority=True,
    ),
    Action("send_lines", "alt+l", "Send a file by lines", "Each a text message", priority=True),
    Action("stop_sending", "alt+s", "Stop sending", "Again and again", priority=True),
    Action("save", "ctrl+s", "Save", "Give the session a name"),
    Action("library", "ctrl+o", "Library", "Open a saved session or a recording"),
    Action("next_region", "f6", "Next region", "Log, inspector, composer", priority=True),
    Action("previous_region", "shift+f6", "Previous region", "The way back", priority=True),
    Action("filter", "slash", "Filter", "Only rows that match, or match to match"),
    Action("fold_heartbeats", "h", "Fold heartbeats", "Runs of them as one row each, and back"),
    Action("heartbeats", "H", "What is folded", "A filter that takes heartbeats, of any kind"),
    Action("copy", "y", "Copy", "The payload, or the value under the cursor"),
    Action("copy_as", "Y", "Copy as", "Text, hex, base64 or a session line"),
    Action("send_again", "s", "Send again", "The message of the row, as it is"),
    Action("edit_again", "e", "Edit and send", "The message of the row, in the composer"),
    Action("note", "m", "Note", "A remark on the row, kept in the session"),
    Action("payload_file", "w", "Payload to a file", "The whole message, beside the session"),
    Action("payload_pager", "o", "Open in pager", "The whole message, in $PAGER"),
    Action("payload_editor", "O", "Open in editor", "A copy of the message, in $EDITOR"),
    Action("tab(1)", "1", "Payload", "Of the row: JSON, text, bytes", called="tab_1"),
    Action("tab(2)", "2", "Frame", "Of the row: every bit of its head", called="tab_2"),
    Action("tab(3)", "3", "Message", "Of the row: all of its frames", called="tab_3"),
    Action("tab(4)", "4", "Handshake", "Of the row's connection", called="tab_4"),
    Action("view", "v", "Next view", "Of the payload: pretty, text, hex"),
    Action("timeline", "T", "Timeline", "Of frames, of bytes, or none"),
    Action(
        "span(False)",
        "right_square_bracket",
        "Later",
        "To the next bar of the timeline",
        called="later",
    ),
    Action(
        "span(True)",
        "left_square_bracket",
        "Earlier",
        "To the bar before, of the timeline",
        called="earlier",
    ),
    Action("statistics", "S", "Statistics", "Counts, sizes, rates and latencies"),
    Action("over_time", "L", "Over time", "Throughput and latencies as bars"),
    Action("replay", "r", "Replay", "Into a new connection, answers compared"),
    Action("replay_step", "x", "Next step", "Of a replay: send the next message"),
    Action("replay_on", "R", "Run on", "Of a replay: send the others without steps"),
    Action("whole_screen", "z", "Whole screen", "The log or the inspector alone, and back"),
    Action("new_tab", "ctrl+t", "New tab", "Another connection beside this one"),
    Action("next_tab", "ctrl+pagedown", "Next tab", "Around the end", priority=True),
    Action("previous_tab", "ctrl+pageup", "Previous tab", "Around the end", priority=True),
    Action("close_tab", "f9", "Close tab", "Asks where a connection is open"),
    Action("keys", "f1,question_mark", "Keys", "The keys of this place"),
    Action("back", "escape", "Back", "Finally to the log"),
)

PICTURE = "Beside the session, in a file"
# Of the application: key, action, title, help, name in the keymap.
OF_THE_APP = (
    ("ctrl+q", "leave", "Quit", "Asks where a connection is open", "quit"),
    ("f12", "picture('svg')", "Screen as SVG", PICTURE, "picture_svg"),
    ("ctrl+f12", "picture('html')", "Screen as HTML", PICTURE, "picture_html"),
    ("shift+f1", "tour", "Tour", "What this screen is for, in six steps", "tour"),
    ("shift+f2", "preferences", "Preferences", "Theme, keys, defaults: config.toml", "preferences"),
    ("ctrl+z", "suspend_process", "Suspend", "Back to the shell; fg returns", "suspend"),
)
APP_BINDINGS = (
    Binding(
        "ctrl+c",
        "copy_or_leave",
        "Copy what is chosen, else quit",
        show=False,
        priority=True,
        system=True,  # not for the palette, where nothing is chosen
    ),
    *(
        Binding(key, action, title, show=False, priority=True, tooltip=words, id=name)
        for key, action, title, words, name in OF_THE_APP
    ),
)
FIXED = ("back",)  # escape leads out, whatever else is changed


def bindings() -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """The table as Textual bindings; the keymap knows them by their names."""
    return [
        Binding(
            action.keys,
            action.name,
            action.title,
            show=False,
            priority=action.priority,
            id=action.id if action.name not in FIXED else None,
            tooltip=action.help,
        )
        for action in ACTIONS
    ]
