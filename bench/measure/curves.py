"""Costs that grow with users, organizations, sign-ins under way and cookies, each up to its bound."""

from collections.abc import Callable, Sequence
from statistics import median

from measure import peers
from measure.http import LOGIN, Browser
from measure.load import Visit, load
from measure.measures import MANY_USERS_MB
from measure.peers import APP, TOKEN_LENGTH
from measure.report import Section, Target, curves, table
from measure.server import Server

BOUND = 32 * 1024 * 1024 + 10_000 * 4_000 + 10_000_000
"""Bytes: what `settings/limits.rs` of the crate allows for organizations, what its `auth/handoffs.rs` does for
hand-offs, each as large as a cookie at most, and the program itself."""

TOKEN_LENGTHS = [300, TOKEN_LENGTH, 900]

TOKEN = f"Access tokens have {TOKEN_LENGTH} characters, where nothing else is said."
HEAD = "µs of CPU time for a request, by"


def measure(quick: bool) -> Section:
    scale = 10 if quick else 1
    with Server(peers.fake_hub(), path=peers.HUB_METADATA) as hub:
        def app() -> Server:
            return Server(peers.app(hub.port))

        steps = [count // scale for count in (0, 2_500, 5_000, 7_500, 10_000)]
        users = [
            ("users signed in, in 2 organizations each", grown(app, steps, signed_in(2))),
            ("users signed in, in 50 organizations each", grown(app, steps, signed_in(50))),
            ("sign-ins begun and abandoned", grown(app, steps, lambda port, _: begin(Browser(port)))),
            ("sign-ins that no frame claims, 2 organizations", grown(app, steps, unclaimed(2))),
            ("sign-ins that no frame claims, 50 organizations", grown(app, steps, unclaimed(50))),
        ]
        memory = table(["MB resident after", *(f"{step:,}" for step in steps)], [[name, *row] for name, row in users])
        drawing = curves("MB resident", "how many", steps, users)
        rounds = 1 if quick else 5
        with app() as server:
            costs, cookies = of_a_request(server, rounds), of_a_browser(server)
    most = max(row[-1] for _, row in users)
    bound = BOUND / 1e6
    what = f"memory with {steps[-1]:,} users in up to 50 organizations, signed in or not yet claimed by their frames"
    return Section(
        "What grows",
        "\n\n".join([TOKEN, memory, drawing, *costs, by_token_length(rounds), cookies]),
        [Target(f"{what}: {bound:.0f} MB at most", f"{most:.1f} MB", most <= bound)],
        {} if quick else {MANY_USERS_MB: {APP: most}},
    )


def signed_in(orgs: int) -> Callable[[int, int], None]:
    return lambda port, number: Browser(port).sign_in(f"user-{number}", orgs)


def unclaimed(orgs: int) -> Callable[[int, int], None]:
    return lambda port, number: Browser(port).sign_in_for_a_frame(f"user-{number}", orgs)


def begin(browser: Browser) -> None:
    if browser.get(LOGIN).status != 303:
        raise RuntimeError("the login failed")


def grown(app: Callable[[], Server], steps: Sequence[int], act: Callable[[int, int], None]) -> list[float]:
    """Megabytes resident after as many acts, of a server of its own."""
    memory, done = [], 0
    with app() as server:
        for step in steps:
            print(f"curves: {step}", flush=True)
            for number in range(done, step):
                act(server.port, number)
            done = step
            memory.append(round(server.resident_bytes() / 1e6, 1))
    return memory


def of_a_request(server: Server, rounds: int) -> list[str]:
    """Microseconds of CPU time for a request, by organizations and by cookies of others."""
    orgs = [0, 10, 50, 200, 1_000]
    browsers = [Browser(server.port) for _ in orgs]
    for browser, count in zip(browsers, orgs, strict=True):
        browser.sign_in(f"user-in-{count}", count)
    by_orgs = [
        [f"`{path}`", *(microseconds(server, path, browser, rounds) for browser in browsers)]
        for path in ("/", "/profile", "/api/me")
    ]
    others = [0, 10, 50, 100]
    loaded = [
        Browser(server.port, browsers[0].cookies | {f"cookie-{number}": "x" * 20 for number in range(count)})
        for count in others
    ]
    by_cookies = [["`/`", *(microseconds(server, "/", browser, rounds) for browser in loaded)]]
    return [
        table([f"{HEAD} organizations of the user", *orgs], by_orgs),
        table([f"{HEAD} cookies of others, 30 bytes each", *others], by_cookies),
    ]


def by_token_length(rounds: int) -> str:
    row: list[object] = ["`/`"]
    for length in TOKEN_LENGTHS:
        hub = Server(peers.fake_hub(length), path=peers.HUB_METADATA)
        with hub, Server(peers.app(hub.port)) as server:
            browser = Browser(server.port)
            browser.sign_in("somebody", 2)
            row.append(microseconds(server, "/", browser, rounds))
    return table([f"{HEAD} characters of the access token", *TOKEN_LENGTHS], [row])


def microseconds(server: Server, path: str, browser: Browser, rounds: int) -> str:
    visit = Visit.by(browser, server, path)
    runs = [load(visit, 1) for _ in range(rounds)]
    return f"{median(1e6 / run.per_cpu_second for run in runs):.0f}"


def of_a_browser(server: Server) -> str:
    """Bytes of the cookies that sign-in sets, by logins begun one after the other."""
    logins = [1, 2, 3, 4, 10]
    browser, sizes, done = Browser(server.port), [], 0
    for count in logins:
        for _ in range(done, count):
            begin(browser)
        done = count
        sizes.append(len(browser.cookie_header()["Cookie"]))
    return table(["bytes of cookies, by sign-ins under way in one browser", *logins], [["", *sizes]])
