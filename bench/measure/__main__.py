"""Measures the parts that are asked for, all without any, and writes RESULTS.md with its picture."""

import argparse
import importlib
import os
from dataclasses import replace

from measure import report, results

PARTS = ["serve", "chat", "start", "memory", "curves", "visit", "size", "build", "image"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    # argparse checks the empty list, too.
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter runs")
    arguments = parser.parse_args()
    for part in arguments.parts or PARTS:
        section = importlib.import_module(f"measure.{part}").measure(arguments.quick)
        report.keep(part, replace(section, quick=arguments.quick))
        results.write(PARTS, os.environ.get("VERSIONS", ""))


main()
