"""Figures of groups: median and quartiles over people, and nothing of groups so small that it would tell of one of them.

Whether groups differ is for a statistician to say, with the person as a random effect (docs/cohorts.md).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.core.history.accumulation import LEAST_PEOPLE, Spread, spread_of

EVERYBODY = "everybody"
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class MetricFormat:
    """A figure as people read it: its column, its name, its unit, by what it is divided, with how many digits it is shown."""

    column: str
    name: str
    unit: str = ""
    per: float = 1.0
    digits: int = 2

    def text(self, value: float | None) -> str:
        """The value as it is shown; ``-`` for none."""
        return "-" if value is None or math.isnan(value) else f"{value / self.per:.{self.digits}f}"


SHOWN = (
    MetricFormat("unseen_share", "unseen", "%", 0.01, 1),
    MetricFormat("sitting_share", "sitting", "% of seen", 0.01, 1),
    MetricFormat("standing_share", "standing", "% of seen", 0.01, 1),
    MetricFormat("moving_share", "moving", "% of seen", 0.01, 1),
    MetricFormat("median_bout_s", "median bout", "min", _MINUTE_S, 1),
    MetricFormat("w50_s", "usual bout (W50)", "min", _MINUTE_S, 1),
    MetricFormat("gini_index", "Gini index"),
    MetricFormat("alpha", "alpha"),
    MetricFormat("share_30min", "in bouts of 30 min and longer", "% of sitting", 0.01, 1),
    MetricFormat("share_60min", "in bouts of 60 min and longer", "% of sitting", 0.01, 1),
    MetricFormat("breaks_per_sedentary_h", "breaks", "per sedentary h"),
    MetricFormat("transitions_per_seen_h", "transitions", "per seen h"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one group."""

    group: str
    shown: MetricFormat
    spread: Spread

    @property
    def shows(self) -> bool:
        """Whether the group has enough people for the figure."""
        return self.spread.people >= LEAST_PEOPLE

    @property
    def text(self) -> str:
        """Median and quartiles, or that they are withheld."""
        if not self.shows:
            return "withheld"
        lower, middle, upper = (self.shown.text(v) for v in (self.spread.lower, self.spread.median, self.spread.upper))
        return f"{middle} ({lower} to {upper})"


def cells(people: Sequence[Mapping[str, Any]]) -> list[Cell]:
    """Every figure of every group of people with valid days; of a single participant there is none: that is no group."""
    if len(people) < 2:  # noqa: PLR2004  # one is no group
        return []
    groups: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in people:
        groups[row["group"] or EVERYBODY].append(row)
    return [Cell(name, shown, spread_of(_values(rows, shown.column))) for name, rows in sorted(groups.items()) for shown in SHOWN]


def _values(rows: Iterable[Mapping[str, Any]], column: str) -> Iterator[float]:
    for row in rows:
        value = row[column]
        yield math.nan if value is None or not row["valid_days"] else float(value)


def table_of(given: Sequence[Cell]) -> tuple[list[list[str]], str]:
    """Rows for a table: a head, then a row a figure, a column a group with a figure to show; and the line that belongs to it.

    There are no rows where every group is too small.
    """
    groups = list(dict.fromkeys(cell.group for cell in given if cell.shows))
    if not groups:
        return [], f"No figure has {LEAST_PEOPLE} people of one group: there is no table of groups."
    rows = [["", *groups]]
    for shown in SHOWN:
        mine = {cell.group: cell.text for cell in given if cell.shown is shown}
        rows.append([f"{shown.name}, {shown.unit}".rstrip(", "), *(mine[group] for group in groups)])
    said = f"Median (lower to upper quartile) over people; withheld where fewer than {LEAST_PEOPLE} people have the figure."
    small = ", ".join(dict.fromkeys(cell.group for cell in given if cell.group not in groups))
    return rows, f"{said} Withheld as a whole: {small}." if small else said
