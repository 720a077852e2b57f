"""Medians with their spread."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """The median of several runs, the least and the most."""

    middle: float
    least: float
    most: float

    @staticmethod
    def of(runs: Sequence[float]) -> "Figure":
        return Figure(median(runs), min(runs), max(runs))

    def times(self, factor: float) -> "Figure":
        return Figure(self.middle * factor, self.least * factor, self.most * factor)

    def __str__(self) -> str:
        return f"{short(self.middle)} ({short(self.least)}–{short(self.most)})"


def ratio(runs: Sequence[float], others: Sequence[float]) -> Figure:
    """How many times the other it is, run by run: neighbours in time share what else the machine does."""
    return Figure.of([run / other for run, other in zip(runs, others, strict=True)])


def short(number: float) -> str:
    """Three digits, with thousands apart."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"
