"""Bars beside each other, as one SVG that is readable in light and dark."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

COLUMNS = 2
WIDTH, MARGIN, GAP = 840, 20, 30
TITLE, BAR, STEP = 30, 14, 22
"""Heights: of a panel's title, of a bar, and from a bar to the next one."""
NAMES, VALUES = 110, 80
"""Widths: of what stands before a bar, and behind the longest."""

STYLE = """
  svg { color-scheme: light dark; font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif }
  .title { font-weight: 600 }
  .paper { fill: #ffffff } text { fill: #1f2328 } .bar { fill: #8c959f } .ours { fill: #bc4c00 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } text { fill: #f0f6fc } .bar { fill: #656c76 } .ours { fill: #f0883e }
  }
"""


@dataclass(frozen=True)
class Panel:
    """What is compared, and the values by name, the first of which are ours."""

    title: str
    values: Mapping[str, float]
    label: Callable[[float], str]


def svg(panels: Sequence[Panel], description: str) -> str:
    width = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS
    rows = [panels[start : start + COLUMNS] for start in range(0, len(panels), COLUMNS)]
    drawn, top = [], MARGIN
    for row in rows:
        for column, panel in enumerate(row):
            drawn.append(draw(panel, MARGIN + column * (width + GAP), top, width))
        top += TITLE + STEP * max(len(panel.values) for panel in row) + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img">\n'
        f"<title>{escape(description)}</title>\n<style>{STYLE}</style>\n"
        f'<rect class="paper" width="{WIDTH}" height="{top}" rx="6"/>\n' + "\n".join(drawn) + "\n</svg>\n"
    )


def draw(panel: Panel, left: float, top: float, width: float) -> str:
    longest = width - NAMES - VALUES
    most = max(panel.values.values())
    lines = [f'<text class="title" x="{left:.0f}" y="{top + 14}">{escape(panel.title)}</text>']
    for number, (name, value) in enumerate(panel.values.items()):
        y = top + TITLE + STEP * number
        length = max(longest * value / most, 1)
        lines += [
            f'<text x="{left:.0f}" y="{y + BAR - 3}">{escape(name)}</text>',
            f'<rect class="{"ours" if number == 0 else "bar"}" x="{left + NAMES:.0f}" y="{y}" width="{length:.1f}" '
            f'height="{BAR}" rx="2"/>',
            f'<text x="{left + NAMES + length + 6:.0f}" y="{y + BAR - 3}">{escape(panel.label(value))}</text>',
        ]
    return "\n".join(lines)
