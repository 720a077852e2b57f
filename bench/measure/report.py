"""What a part measured, as a section of RESULTS.md, and what is kept of it."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from measure.peers import CACHE

SECTIONS = CACHE / "sections"


@dataclass(frozen=True)
class Target:
    """A goal, and what came out."""

    goal: str
    measured: str
    met: bool


Figures = Mapping[str, Mapping[str, float]]
"""What was measured, and of which server."""


@dataclass(frozen=True)
class Section:
    """What one part measured, in Markdown."""

    title: str
    text: str
    targets: Sequence[Target] = ()
    figures: Figures = field(default_factory=dict)
    """Those that the summary is made of."""
    quick: bool = False
    busy: float = field(default_factory=lambda: os.getloadavg()[1])
    """How many processes wanted to run at the end, as a mean of five minutes."""
    date: str = field(default_factory=lambda: datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"))


def table(head: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table whose columns but the first are figures."""
    lines: list[Sequence[object]] = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def curves(title: str, across: str, steps: Sequence[float], lines: Sequence[tuple[str, Sequence[float]]]) -> str:
    """A drawing with a line for each name; the steps are equally far apart."""
    from_above = sorted(lines, key=lambda line: -line[1][-1])
    drawing = ["```mermaid", "xychart-beta", f'  title "{title}"', f'  x-axis "{across}" {steps[0]} --> {steps[-1]}']
    drawing += [f"  line {list(points)}" for _, points in from_above]
    names = "; ".join(name for name, _ in from_above)
    return "\n".join([*drawing, "```", "", f"From above, at the right: {names}."])


def keep(part: str, section: Section) -> None:
    SECTIONS.mkdir(parents=True, exist_ok=True)
    (SECTIONS / f"{part}.json").write_text(json.dumps(asdict(section)))


def kept(part: str) -> Section | None:
    file = SECTIONS / f"{part}.json"
    if not file.exists():
        return None
    section = json.loads(file.read_text())
    return Section(**section | {"targets": [Target(**target) for target in section["targets"]]})
