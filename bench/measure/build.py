"""Seconds that its owner waits: to generate a Space, to build it, to see a change, to test."""

from pathlib import Path
from tempfile import TemporaryDirectory

from measure import peers
from measure.cargo_run import Edit, shown_after
from measure.figures import Figure, short
from measure.measures import RUN_AFTER_PAGE_S
from measure.peers import APP
from measure.report import Section, table
from measure.space import generate, run

BUILD = ["cargo", "build", "--locked"]
TEST = ["cargo", "test", "--locked"]
RELEASE = ["--release", "--no-default-features", "--features", "space"]
PAGE, TEMPLATE, CRATE = (f"`cargo run` after a change of {what}" for what in ("a page", "a template", "the crate"))
LOGIN_CONTROL = "actix-huggingface-oauth/src/pages/login_control.rs"
EDITS = {
    PAGE: Edit("src/pages/mod.rs", '"ok"', '"fine"', "/healthz"),
    TEMPLATE: Edit("templates/home.html", "Welcome to", "You have come to", "/"),
    CRATE: Edit(LOGIN_CONTROL, "Sign in with Hugging", "Come in with Hugging", "/"),
}


def measure(quick: bool) -> Section:
    rounds = 2 if quick else 4
    with TemporaryDirectory() as name:
        folder = Path(name)
        spaces = [f"space-{number}" for number in range(rounds)]
        generating = Figure.of(generate(folder, spaces))
        space = folder / spaces[0]
        run(space, "cargo", "fetch", "--locked")
        cold = run(space, *BUILD)
        runs = {what: Figure.of(shown(space, edit, rounds)) for what, edit in EDITS.items()}
        rows: list[list[object]] = [
            ["generate a Space from a clone of this repository", generating],
            ["cold debug build", short(cold)],
            *([f"{what}, until it is shown", figure] for what, figure in runs.items()),
        ]
        if not quick:
            rows += [
                ["build the tests after that", short(run(space, *TEST, "--no-run"))],
                ["run the tests", Figure.of([run(space, *TEST) for _ in range(3)])],
                ["cold release build without the mock Hub", short(run(space, *BUILD, *RELEASE))],
            ]
        packages = short(install_seed(folder / "environment"))
        rows.append(["for comparison: install the seed's Python packages", packages])
    text = (
        "Seconds, for a Space of what is committed; crates and packages are downloaded before. Cold means an empty "
        "`target`.\n\n" + table(["", "s"], rows)
    )
    return Section("Building", text, figures={RUN_AFTER_PAGE_S: {APP: runs[PAGE].middle}})


def shown(space: Path, edit: Edit, rounds: int) -> list[float]:
    """How long the change takes until it is shown, and the change back, alternately."""
    return [shown_after(space, edit.back() if number % 2 else edit) for number in range(rounds)]


def install_seed(environment: Path) -> float:
    run(environment.parent, "python3", "-m", "venv", str(environment))
    requirements = peers.BENCH / "peers" / "seed.txt"
    return run(environment, "bin/pip", "install", "--quiet", f"--requirement={requirements}")
