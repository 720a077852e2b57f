"""RESULTS.md, of the sections that were measured last."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from measure.peers import BENCH, CACHE

RESULTS = BENCH / "RESULTS.md"
SECTIONS = CACHE / "sections"


@dataclass(frozen=True)
class Target:
    """A goal, and what came out."""

    goal: str
    measured: str
    met: bool


@dataclass(frozen=True)
class Section:
    """What one part measured, in Markdown."""

    title: str
    text: str
    targets: Sequence[Target] = ()
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


def write(parts: Sequence[str], versions: str) -> None:
    """Writes RESULTS.md; parts that were never measured are left out."""
    sections = [section for part in parts if (section := kept(part))]
    targets = [target for section in sections for target in section.targets]
    goals = table(
        ["Target", "Measured", "Met"],
        [[target.goal, target.measured, "yes" if target.met else "**no**"] for target in targets],
    )
    head = (
        "# Side by side\n\n"
        "Made by `bench/run`; [README.md](README.md) says what is compared and how to read it. A figure is the median\n"
        "of several runs, with the least and the most in brackets.\n\n"
        f"{processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}.\n{versions}"
    )
    RESULTS.write_text("\n\n".join([head, f"## Targets\n\n{goals}", *map(markdown, sections)]) + "\n")


def markdown(section: Section) -> str:
    how = f"{' with --quick' * section.quick}, load average {section.busy:.1f}"
    return f"## {section.title}\n\nMeasured {section.date}{how}.\n\n{section.text}"


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
