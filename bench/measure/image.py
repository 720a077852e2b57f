"""Seconds from a push to its image: from nothing, after a change of a page, and of a dependency."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import pushed
from measure.figures import Figure
from measure.measures import IMAGE_AFTER_PAGE_S, IMAGE_FROM_NOTHING_S, IMAGE_MB
from measure.peers import GRADIO, SEED
from measure.pushed import Build, Pushed
from measure.report import Section, table

UVICORN = ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]

HEAD = ["", "from nothing, s", "after a change of a page, s", "after a change of a dependency, s", "image, MB"]

Builds = Mapping[str, Sequence[Build]]


def measure(quick: bool) -> Section:
    rounds_of_all, rounds_of_page = (1, 1) if quick else (3, 5)
    with TemporaryDirectory() as name:
        folder = Path(name)
        images = [
            pushed.space(folder),
            pushed.peer(folder, SEED, "seed_def.py", UVICORN),
            pushed.peer(folder, GRADIO, "gradio_login.py", ["python", "app.py"]),
        ]
        from_nothing = in_turns(images, rounds_of_all, lambda image: image.build_after(pushed.start_anew))
        after_page = in_turns(images, rounds_of_page, lambda image: image.build_after(image.change_page))
        after_dependency = in_turns(images, rounds_of_all, lambda image: image.build_after(image.change_dependency))
    columns = [seconds(builds) for builds in (from_nothing, after_page, after_dependency)]
    size = {name: builds[0].size / 1e6 for name, builds in from_nothing.items()}
    text = [
        "Seconds of a build, with what is downloaded meanwhile. What the image starts from is there before. Where no "
        "registry of images can be reached, that is a stand-in: Debian slim with Rust, or with Debian's Python.",
        table(HEAD, [[name, *(column[name] for column in columns), f"{size[name]:.1f}"] for name in size]),
    ]
    figures = {
        IMAGE_FROM_NOTHING_S: middles(columns[0]),
        IMAGE_AFTER_PAGE_S: middles(columns[1]),
        IMAGE_MB: size,
    }
    return Section("Images", "\n\n".join(text), figures=figures)


def in_turns(images: Sequence[Pushed], rounds: int, build: Callable[[Pushed], Build]) -> Builds:
    builds: dict[str, list[Build]] = {image.name: [] for image in images}
    for _ in range(rounds):
        for image in images:
            builds[image.name].append(build(image))
    return builds


def seconds(builds: Builds) -> Mapping[str, Figure]:
    return {name: Figure.of([build.seconds for build in some]) for name, some in builds.items()}


def middles(figures: Mapping[str, Figure]) -> Mapping[str, float]:
    return {name: figure.middle for name, figure in figures.items()}
