"""RESULTS.md and its picture, of the sections that were measured last."""

import os
import platform
from collections.abc import Sequence
from html import escape
from pathlib import Path

from measure import picture, summary
from measure.peers import BENCH
from measure.report import Section, kept, table

RESULTS, PICTURE = BENCH / "RESULTS.md", BENCH / "results.svg"


def write(parts: Sequence[str], versions: str) -> None:
    """Writes both; parts that were never measured are left out."""
    sections = [section for part in parts if (section := kept(part))]
    blocks = ["# Side by side", *beginning(sections), about(versions), "## Targets", targets(sections)]
    RESULTS.write_text("\n\n".join([*blocks, *map(markdown, sections)]) + "\n")


def beginning(sections: Sequence[Section]) -> list[str]:
    """For people who do not read tables."""
    figures = {what: values for section in sections for what, values in section.figures.items()}
    panels = summary.panels(figures)
    if not panels:
        return []
    words = summary.description(panels)
    PICTURE.write_text(picture.svg(panels, words))
    return [f'<img src="{PICTURE.name}" width="{picture.WIDTH}" alt="{escape(words)}">', *summary.sentences(figures)]


def about(versions: str) -> str:
    return (
        "Made by `bench/run`; [README.md](README.md) says what is compared and how to read it. A figure is the median\n"
        "of several runs, with the least and the most in brackets.\n\n"
        f"{processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}.\n{versions}"
    )


def targets(sections: Sequence[Section]) -> str:
    return table(
        ["Target", "Measured", "Met"],
        [
            [target.goal, target.measured, "yes" if target.met else "**no**"]
            for section in sections
            for target in section.targets
        ],
    )


def markdown(section: Section) -> str:
    how = f"{' with --quick' * section.quick}, load average {section.busy:.1f}"
    return f"## {section.title}\n\nMeasured {section.date}{how}.\n\n{section.text}"


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
