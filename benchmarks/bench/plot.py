"""Pictures of figures, as SVG."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import matplotlib
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

WIDTH_IN: Final = 10.0
BAR_IN: Final = 0.14
COLORS: Final = colormaps["tab20"].colors  # type: ignore[attr-defined]  # of its listed maps only


def bars(title: str, names: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> bytes:
    """A group of bars for each of *names*, a bar in it for each of *series*; None draws none."""
    figure = Figure((WIDTH_IN, 1.5 + BAR_IN * len(names) * (len(series) + 1)), layout="constrained")
    axes = figure.subplots()
    height = 1 / (len(series) + 1)
    for number, (name, values) in enumerate(series.items()):
        places = [group + number * height for group in range(len(names))]
        lengths = [value or 0.0 for value in values]
        axes.barh(places, lengths, height, label=name, color=COLORS[number % len(COLORS)])
    middle = height * (len(series) - 1) / 2
    axes.set_yticks([group + middle for group in range(len(names))], names)
    axes.invert_yaxis()
    _label(axes, title, "requests a second")
    axes.grid(axis="x", alpha=0.4)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    return _drawn(figure)


def lines(
    title: str, x_title: str, x_labels: Sequence[str], series: Mapping[str, Sequence[float]]
) -> bytes:
    """A line for each of *series*, from zero."""
    figure = Figure((WIDTH_IN, 4.0), layout="constrained")
    axes = figure.subplots()
    for name, values in series.items():
        axes.plot(x_labels, values, marker="o", label=name)
    axes.set_ylim(bottom=0)
    _label(axes, title, x_title)
    axes.grid(axis="y", alpha=0.4)
    return _drawn(figure)


def _label(axes: Axes, title: str, x_title: str) -> None:
    axes.set_title(title)
    axes.set_xlabel(x_title)


def _drawn(figure: Figure) -> bytes:
    """The same bytes for the same figures."""
    figure.legend(loc="outside lower center", ncols=4, fontsize="small")
    out = BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "understudy", "svg.fonttype": "none"}):
        figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def write_whole(path: Path, content: bytes) -> None:
    """Write *content* so that a reader finds the old file or the new one, and no half of any."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)
