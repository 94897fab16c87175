"""What a measurement yields, and how it is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Dict, List, Optional, Sequence


@dataclass(frozen=True)
class Aim:
    """What a figure should reach.

    Args:
        text: the aim in words.
        times_stock: at least so many times better than stock.
        at_most: no more than this, in the figure's own unit.
    """

    text: str
    times_stock: Optional[float] = None
    at_most: Optional[float] = None


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Args:
        name: what was measured.
        unit: of all three values.
        ours: this product.
        stock: stock Rasa.
        bare: the limit without any product, where there is one.
        more_is_better: a rate, not a duration.
    """

    name: str
    unit: str
    ours: float
    stock: float
    aim: Aim
    bare: Optional[float] = None
    more_is_better: bool = False
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times better than stock: above 1 is better, whichever way the figure runs."""
        better, worse = (self.ours, self.stock) if self.more_is_better else (self.stock, self.ours)
        return better / worse if worse else float("inf")

    @property
    def met(self) -> bool:
        """Whether the aim is reached."""
        enough = self.aim.times_stock is None or self.ratio >= self.aim.times_stock
        return enough and (self.aim.at_most is None or self.ours <= self.aim.at_most)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that ``percent`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table, with the notes below it."""
    head = ["figure", "unit", "ours", "stock", "better by", "bare limit", "aim", ""]
    rows = [head] + [_cells(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [_line(rows[0], widths), _line(["-" * width for width in widths], widths)]
    lines += [_line(row, widths) for row in rows[1:]]
    notes = [f"{figure.name}: {figure.note}" for figure in figures if figure.note]
    return "\n".join(lines + ([""] + notes if notes else []))


def _cells(one: Figure) -> List[str]:
    bare = "" if one.bare is None else _number(one.bare)
    met = "met" if one.met else "MISSED"
    return [one.name, one.unit, _number(one.ours), _number(one.stock), f"{one.ratio:.1f} x", bare, one.aim.text, met]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def plain(figure: Figure) -> Dict[str, object]:
    """A figure as JSON takes it."""
    return {**figure.__dict__, "aim": figure.aim.text, "ratio": figure.ratio, "met": figure.met}
