"""Bytes to ship: the program, and what pip installs for the peers."""

from pathlib import Path

from measure import peers
from measure.report import Section, table

PIP_ITSELF = ("pip", "setuptools", "_distutils_hack", "pkg_resources")
"""What an environment has before anything is installed."""


def measure(quick: bool) -> Section:
    del quick  # There is nothing to shorten.
    app = Path(peers.programs().app).stat().st_size + Path(peers.CERTIFICATES).stat().st_size
    rows = [["this app: the program and the certificates, which are all that the image has", megabytes(app), ""]]
    for environment, name in (("seed", "seed: its Python packages"), ("gradio", "Gradio: its Python packages")):
        size = packages(environment)
        rows.append([name, megabytes(size), f"{size / app:.0f}"])
    return Section(
        "Size",
        "The peers need Python and an operating system's files besides.\n\n"
        + table(["", "MB", "as a multiple of this app"], rows),
    )


def packages(environment: str) -> int:
    [site_packages] = (peers.CACHE / environment / "lib").glob("python*/site-packages")
    return sum(
        file.stat().st_size
        for package in site_packages.iterdir()
        if not package.name.startswith(PIP_ITSELF)
        for file in (package.rglob("*") if package.is_dir() else [package])
        if file.is_file()
    )


def megabytes(size: int) -> str:
    return f"{size / 1e6:.1f}"
