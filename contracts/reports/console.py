"""Reports for a terminal, printed into a text."""

import io
from collections.abc import Callable

from rich.console import Console
from rich.rule import Rule
from rich.text import Text


def printed(show: Callable[[Console], None], width: int, *, is_colored: bool) -> str:
    """What *show* prints, in lines of at most *width* columns without blanks at their ends."""
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=is_colored,
        color_system="standard" if is_colored else None,
        no_color=not is_colored,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    with console.capture() as capture:
        show(console)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def heading(console: Console, text: str, style: str = "bold") -> None:
    """A line with *text* that begins another part."""
    console.print()
    console.print(Rule(Text(text, style), align="left", style="dim"))
