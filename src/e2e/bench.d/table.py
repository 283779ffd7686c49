"""A figure, what stands beside it, and the table of all."""

import dataclasses
import statistics
from collections.abc import Callable

HEADINGS = ["", "figure", "median (min–max)", "beside it", "median (min–max)", "ratio", "aim", "met"]


@dataclasses.dataclass(frozen=True)
class Aim:
    text: str
    """Given the medians of the figure and of what stands beside it."""
    met: Callable[[float, float], bool]


@dataclasses.dataclass(frozen=True)
class Unit:
    name: str
    divisor: float
    digits: int

    def text(self, values: list[float]) -> str:
        middle, least, most = (
            f"{it / self.divisor:.{self.digits}f}" for it in (statistics.median(values), min(values), max(values))
        )
        return f"{middle} {self.name} ({least}–{most})" if len(values) > 1 else f"{middle} {self.name}"


MILLISECONDS = Unit("ms", 1e-3, 0)
SECONDS = Unit("s", 1, 2)
MEBIBYTES = Unit("MiB", 2**20, 0)
WRITES = Unit("writes", 1, 0)
MEGABYTES_A_SECOND = Unit("MB/s", 1e6, 0)


@dataclasses.dataclass(frozen=True)
class Row:
    """Both series have one unit; none stands beside a figure that has no floor."""

    number: int
    name: str
    unit: Unit
    values: list[float]
    beside: str = ""
    beside_values: list[float] | None = None
    aim: Aim | None = None

    def cells(self) -> list[str]:
        cells = [str(self.number), self.name, self.unit.text(self.values), self.beside]
        if self.beside_values is None:
            return cells + ["", "", *self.judged(0.0)]
        other = statistics.median(self.beside_values)
        ratio = f"{statistics.median(self.values) / other:.2f}" if other else ""
        return cells + [self.unit.text(self.beside_values), ratio, *self.judged(other)]

    def judged(self, other: float) -> list[str]:
        if self.aim is None:
            return ["", ""]
        return [self.aim.text, "yes" if self.aim.met(statistics.median(self.values), other) else "**no**"]


def render(rows: list[Row]) -> str:
    lines = [HEADINGS, ["---"] * len(HEADINGS), *(row.cells() for row in rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
