"""One finding as text: on the terminal, and in the message of a failed test."""

from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from contracts.exchange import Exchange
from contracts.findings import Finding, Severity
from contracts.reports.curl import NEW_LINE, curl_of
from contracts.reports.printable import one_line, visible

_LONGEST_CAME: Final = 400
_LONGEST_COMMAND: Final = 4000
_SEVERITIES: Final = {
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "bold cyan",
}


def print_finding(console: Console, finding: Finding, target: str) -> None:
    """Print a finding in lines of the console's width, then its command as it is."""
    label = Text("  ").append(finding.severity.value.upper(), _SEVERITIES[finding.severity])
    console.print(label.append("  " + _rule(finding), "dim"))
    console.print(Padding(Text(visible(finding.message)), (0, 0, 0, 2)))
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_column(style="dim")
    facts.add_column(overflow="fold")
    facts.add_row("expected", visible(finding.expected))
    facts.add_row("source", visible(finding.source))
    if finding.came:
        facts.add_row("came", one_line(finding.came, _LONGEST_CAME))
    console.print(Padding(facts, (0, 0, 0, 4)))
    if finding.exchange is not None:
        console.print(Text(_command(finding.exchange, target), "cyan"), soft_wrap=True)
    console.print()


def finding_lines(finding: Finding, target: str = "") -> list[str]:
    """A finding as plain lines, as a test that fails shows it."""
    lines = [
        f"{finding.severity.value.upper()}  {_rule(finding)}",
        visible(finding.message),
        f"  operation  {one_line(finding.operation)}",
        f"  expected   {visible(finding.expected)}",
        f"  source     {visible(finding.source)}",
    ]
    if finding.came:
        lines.append(f"  came       {one_line(finding.came, _LONGEST_CAME)}")
    if finding.exchange is not None:
        lines.append(_command(finding.exchange, target))
    return lines


def _command(exchange: Exchange, target: str) -> str:
    command = visible(curl_of(exchange, target, joint=NEW_LINE))
    if len(command) <= _LONGEST_COMMAND:
        return command
    return "the command to send it again is long: see the JSON report"


def _rule(finding: Finding) -> str:
    """`status-undocumented (fuzz, 12 times)`."""
    times = [f"{finding.count} times"] if finding.count > 1 else []
    beside = ", ".join([*([finding.suite] if finding.suite else []), *times])
    return one_line(f"{finding.rule} ({beside})" if beside else finding.rule)
