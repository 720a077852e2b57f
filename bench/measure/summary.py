"""What RESULTS.md begins with: a picture, and five sentences."""

from collections.abc import Callable, Iterator, Mapping

from measure.figures import short
from measure.measures import (
    FIRST_ANSWER_MS,
    FIRST_VISIT_KB,
    FIRST_VISIT_REQUESTS,
    IDLE_MB,
    IMAGE_AFTER_PAGE_S,
    IMAGE_FROM_NOTHING_S,
    IMAGE_MB,
    MANY_USERS_MB,
    RUN_AFTER_PAGE_S,
    SECOND_VISIT_KB,
    SIGNED_IN_PER_CPU_SECOND,
)
from measure.peers import APP, GRADIO, SEED, SEED_ASYNC, SEED_DEF, TOKEN_LENGTH
from measure.picture import Panel
from measure.report import Figures

PANELS = [
    ("Signed-in answers per CPU-second, more is better", SIGNED_IN_PER_CPU_SECOND, ""),
    ("First answer after the start", FIRST_ANSWER_MS, " ms"),
    ("Memory, idle", IDLE_MB, " MB"),
    ("Downloaded for a first visit", FIRST_VISIT_KB, " KB"),
    ("Size of the image", IMAGE_MB, " MB"),
    ("New image after a change of a page", IMAGE_AFTER_PAGE_S, " s"),
]
"""Title, what is measured, and its unit."""

NAMES = {SEED_DEF: "seed", SEED_ASYNC: "async seed"}
"""In the picture, where a name of a server is too long."""


def panels(figures: Figures) -> list[Panel]:
    return [
        Panel(title, {NAMES.get(name, name): value for name, value in figures[what].items()}, labelled(unit))
        for title, what, unit in PANELS
        if what in figures
    ]


def labelled(unit: str) -> Callable[[float], str]:
    return lambda value: f"{short(value)}{unit}"


def description(panels: list[Panel]) -> str:
    """The picture in words."""
    return "; ".join(
        f"{panel.title}: {', '.join(f'{name} {panel.label(value)}' for name, value in panel.values.items())}"
        for panel in panels
    )


def sentences(figures: Figures) -> Iterator[str]:
    """As many of them as are measured."""
    for sentence in (cpu, start, memory, visit, changes):
        try:
            yield sentence(figures)
        except KeyError:
            continue


def cpu(figures: Figures) -> str:
    app, seed, seed_async = (figures[SIGNED_IN_PER_CPU_SECOND][name] for name in (APP, SEED_DEF, SEED_ASYNC))
    return (
        f"From the same CPU time it gives {short(app / seed)} times as many answers to signed-in users as the example "
        f"of huggingface_hub (the seed), and {short(app / seed_async)} times as many as that with `async def`; the "
        f"access token has {TOKEN_LENGTH} characters."
    )


def start(figures: Figures) -> str:
    app, seed, gradio = shown(figures[FIRST_ANSWER_MS], SEED_DEF)
    return (
        f"Its program answers {app} ms after it was started, as where a Space wakes up; the seed takes {seed} ms, "
        f"Gradio {gradio} ms."
    )


def memory(figures: Figures) -> str:
    app, seed, gradio = shown(figures[IDLE_MB], SEED_DEF)
    many = short(figures[MANY_USERS_MB][APP])
    return (
        f"Idle it takes {app} MB of memory, the seed {seed} MB and Gradio {gradio} MB; 10,000 users in 50 "
        f"organizations each make it {many} MB at most."
    )


def visit(figures: Figures) -> str:
    first, _, gradio_first = shown(figures[FIRST_VISIT_KB], SEED_DEF)
    second, _, gradio_second = shown(figures[SECOND_VISIT_KB], SEED_DEF)
    requests = figures[FIRST_VISIT_REQUESTS]
    return (
        f"A visitor downloads {first} KB in {requests[APP]:.0f} requests at first, and {second} KB the next time; of "
        f"Gradio's page with a login button it is {gradio_first} KB in {requests[GRADIO]:.0f} requests, and then "
        f"{gradio_second} KB."
    )


def changes(figures: Figures) -> str:
    nothing, seed_nothing, gradio_nothing = shown(figures[IMAGE_FROM_NOTHING_S], SEED)
    page, seed_page, gradio_page = shown(figures[IMAGE_AFTER_PAGE_S], SEED)
    run = short(figures[RUN_AFTER_PAGE_S][APP])
    return (
        f"What it costs is compiling: the first image takes {nothing} s, the seed's {seed_nothing} s and Gradio's "
        f"{gradio_nothing} s, and the one after a change of a page {page} s, theirs {seed_page} s and {gradio_page} s; "
        f"`cargo run` shows such a change after {run} s."
    )


def shown(values: Mapping[str, float], seed: str) -> list[str]:
    """Of the app, of a seed and of Gradio."""
    return [short(values[name]) for name in (APP, seed, GRADIO)]
