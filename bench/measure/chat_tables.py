"""The tables of the part `chat`."""

from collections.abc import Mapping, Sequence

from measure.chat_times import Chats
from measure.figures import Figure, ratio
from measure.open_chats import CHATS_OF_A_USER, Resident
from measure.peers import APP, TOKEN_LENGTH
from measure.report import table

ROUTER = "fake router"

HEAD = ["", "first token, ms", "p99, ms", "whole answer, ms", "CPU of it, ms"]
OF_THIS_APP = "as a multiple of this app"
BESIDE = ["", "as a multiple of the direct", "added, ms", f"added, {OF_THIS_APP}", f"CPU, {OF_THIS_APP}"]

Times = Mapping[str, Sequence[Chats]]


def answers(times: Times, rounds: int, chats: int) -> list[str]:
    others = [name for name in times if name != ROUTER]
    return [
        f"{rounds} rounds of {chats} chats for each line, one chat after the other over a connection that is kept "
        "alive. The router says the first word at once, and the others 2 ms later. Access tokens have "
        f"{TOKEN_LENGTH} characters.",
        table(HEAD, [line(name, runs) for name, runs in times.items()]),
        "The median until the first token beside that of the direct request; added is what it takes more:",
        table(BESIDE, [[name, *beside(times, name)] for name in others]),
    ]


def line(name: str, runs: Sequence[Chats]) -> list[object]:
    first, p99 = Figure.of(firsts(runs)), Figure.of([run.first_p99 for run in runs])
    last, cpu = Figure.of([run.last for run in runs]), Figure.of(cpus(runs))
    # What the router itself costs stands for nothing.
    return ["the router, asked directly", first, p99, last, ""] if name == ROUTER else [name, first, p99, last, cpu]


def beside(times: Times, name: str) -> list[object]:
    direct, app, runs = times[ROUTER], times[APP], times[name]
    figures: list[object] = [ratio(firsts(runs), firsts(direct)), Figure.of(added(runs, direct))]
    if name == APP:
        return [*figures, "", ""]
    return [*figures, ratio(added(runs, direct), added(app, direct)), ratio(cpus(runs), cpus(app))]


def firsts(runs: Sequence[Chats]) -> list[float]:
    return [run.first for run in runs]


def cpus(runs: Sequence[Chats]) -> list[float]:
    return [run.cpu for run in runs]


def added(runs: Sequence[Chats], direct: Sequence[Chats]) -> list[float]:
    """Milliseconds until the first token more than without what stands between, round by round."""
    return [run - other for run, other in zip(firsts(runs), firsts(direct), strict=True)]


def memory(measured: Mapping[str, Sequence[Resident]], rounds: int, count: int) -> list[str]:
    return [
        f"Resident memory with {count} chats that have said one word and stay silent, {CHATS_OF_A_USER} of each user, "
        f"in {rounds} rounds with new servers:",
        table(
            ["", "before, MB", "with them open, MB", "KB for each", OF_THIS_APP],
            [[name, *memory_cells(runs, measured[APP], count)] for name, runs in measured.items()],
        ),
    ]


def memory_cells(runs: Sequence[Resident], ours: Sequence[Resident], count: int) -> list[object]:
    of_each, of_ours = ([run.per_chat(count) / 1e3 for run in some] for some in (runs, ours))
    before, after = [run.before / 1e6 for run in runs], [run.after / 1e6 for run in runs]
    multiple = "" if runs is ours else ratio(of_each, of_ours)
    return [Figure.of(before), Figure.of(after), Figure.of(of_each), multiple]
