"""POST /api/v1/embeddings beside LitServe, BentoML, MLServer and infinity with the same encoder.

    python scripts/measure_embedding_servers.py --documents DIR --precision int8
    python scripts/measure_embedding_servers.py --documents DIR --precision fp32

Real passages, cut as the service cuts them; two processors for the server and the one that asks;
every server in an environment of its own (--environments), made at the first run. A rival is tried
with two settings, and the faster one is measured. int8 is this project's graph, for the rivals in
padded batches as their documentation would have it; fp32 is sentence-transformers in all of them.
The servers take turns in rounds, and those whose turn it is not are paused. Cold start is from the
start of the process to its first vector, its files still in the machine's cache. "Processor ms" is
what a server spends on a passage, whatever else the machine does.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from real_resumes import real_resumes
from rival_servers.environments import NotInstalled, Precision, default_folder, install
from rival_servers.running import RunningServer, ServerFailed, Turn
from rival_servers.servers import CALLS, OURS, OURS_BASE64, SETTINGS, Setting, start_of

from tests.service_process import free_port

PROCESSORS = 2
TRIAL_PASSAGES, TRIALS = 60, 3
GRAPH_NOT_TAKEN = (
    "left out: its ONNX engine reads last_hidden_state and pools itself; "
    "this graph has pooled unit vectors and no such output"
)
WARNED = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Load:
    name: str
    clients: int
    passages_a_request: int


LOADS = (
    Load("one client, 20 passages a request", 1, 20),
    Load("eight clients, 20 passages a request", 8, 20),
    Load("eight clients, 1 passage a request", 8, 1),
)


@dataclass(slots=True)
class Found:
    """What was measured of one server."""

    setting: str = ""
    starts_s: list[float] = field(default_factory=list)
    rest_bytes: list[int] = field(default_factory=list)
    load_bytes: list[int] = field(default_factory=list)
    load_pss_bytes: list[int] = field(default_factory=list)
    turns: dict[str, list[Turn]] = field(default_factory=dict)
    cosines: list[float] = field(default_factory=list)


class Measuring:
    """One precision on one set of passages."""

    def __init__(
        self, passages: Sequence[str], precision: Precision, commands: Mapping[str, Path], at: Path
    ) -> None:
        self.passages, self._precision = passages, precision
        self._commands, self._at = commands, at
        self._folders = itertools.count()

    def started(self, server: str, setting: Setting) -> tuple[RunningServer, float]:
        """Raises ServerFailed."""
        port = free_port()
        start = start_of(
            server,
            setting,
            precision=self._precision,
            commands=self._commands[server],
            folder=self._at / str(next(self._folders)),
            port=port,
        )
        return RunningServer.started(start, CALLS[server], port, self.passages[0])

    def bodies(self, name: str, load: Load) -> list[bytes]:
        """Passages that follow one another come together, as those of one document do."""
        step = load.passages_a_request
        starts = range(0, len(self.passages), step)
        return [CALLS[name].request(self.passages[at : at + step]) for at in starts]

    def faster(self, server: str) -> Setting:
        """Of the settings that are tried, by the geometric mean of the loads' rates."""
        if len(SETTINGS[server]) == 1:
            return SETTINGS[server][0]
        rates = {setting.name: self._rate(server, setting) for setting in SETTINGS[server]}
        WARNED.print(f"{server}, passages a second: {rates}")
        return max(SETTINGS[server], key=lambda setting: rates[setting.name])

    def _rate(self, server: str, setting: Setting) -> float:
        few = Measuring(
            self.passages[:TRIAL_PASSAGES], self._precision, self._commands, self._at / server
        )
        few._folders = self._folders
        try:
            running, _ = self.started(server, setting)
        except ServerFailed as failed:
            WARNED.print(f"{server}, {setting.name}: {failed}")
            return 0.0
        try:
            spent = [self._least_s(server, running, few, load) for load in LOADS]
        finally:
            running.close()
        rates = [len(few.passages) / seconds for seconds in spent]
        return round(statistics.geometric_mean(rates), 1)

    @staticmethod
    def _least_s(server: str, running: RunningServer, few: Measuring, load: Load) -> float:
        bodies = few.bodies(server, load)
        return min(running.turn(bodies, clients=load.clients).seconds for _ in range(TRIALS))


def main() -> None:
    given = _arguments()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:PROCESSORS])
    console = Console(width=120)
    resumes = real_resumes(given.documents, given.documents_used)
    all_passages = itertools.chain.from_iterable(resume.passages for resume in resumes)
    passages = list(itertools.islice(all_passages, given.passages))
    commands, left_out = _installed(given)
    with tempfile.TemporaryDirectory() as at, ExitStack() as ending:
        measuring = Measuring(passages, given.precision, commands, Path(at))
        found, running = _started(measuring, given.starts, left_out, ending)
        _take_turns(measuring, found, running, given.rounds)
    _compare_vectors(found)
    console.print(
        f"{given.precision}, {PROCESSORS} processors, {len(passages)} passages of "
        f"{statistics.median(map(len, passages)):.0f} characters (median), {given.rounds} rounds; "
        f"others used {_others(found):.0%} of the processors meanwhile (median of turns)"
    )
    for load in LOADS:
        console.print(_speeds(found, load, len(passages)))
    console.print(_costs(found))
    for name, reason in left_out.items():
        console.print(f"{name}: {reason}")
    for load in LOADS:
        console.print(_verdict(found, load))


def _installed(given: argparse.Namespace) -> tuple[dict[str, Path], dict[str, str]]:
    """Commands by server, and why which are missing."""
    commands, left_out = {OURS: Path(sys.executable).parent}, {}
    for server in given.servers:
        if server == "infinity" and given.precision == "int8":
            left_out[server] = GRAPH_NOT_TAKEN
            continue
        try:
            commands[server] = install(server, given.precision, given.environments)
        except NotInstalled as reason:
            left_out[server] = f"not installed: {reason}"
    return commands, left_out


def _started(
    measuring: Measuring, starts: int, left_out: dict[str, str], ending: ExitStack
) -> tuple[dict[str, Found], dict[str, RunningServer]]:
    """All at once and paused, after every one was started ``starts`` times in turn."""
    settings = {server: measuring.faster(server) for server in measuring._commands}
    found = {server: Found(setting.name) for server, setting in settings.items()}
    running: dict[str, RunningServer] = {}
    for round_ in range(starts):
        for server, setting in settings.items():
            if server in left_out:
                continue
            try:
                started, seconds = measuring.started(server, setting)
            except ServerFailed as failed:
                left_out[server] = f"did not start: {failed}"
                found.pop(server)
                continue
            found[server].starts_s.append(seconds)
            found[server].rest_bytes.append(started.rss_bytes())
            if round_ < starts - 1:
                started.close()
                continue
            ending.callback(started.close)
            started.pause()
            running[server] = started
    return found, running


def _take_turns(
    measuring: Measuring,
    found: dict[str, Found],
    running: Mapping[str, RunningServer],
    rounds: int,
) -> None:
    found[OURS_BASE64] = Found("as ours")
    asked = {**running, OURS_BASE64: running[OURS]}
    bodies = {(name, load): measuring.bodies(name, load) for name in asked for load in LOADS}
    for name, server in asked.items():
        with server.awake():
            server.turn(bodies[name, LOADS[1]], clients=LOADS[1].clients)
    for at in track(range(rounds), "rounds", console=WARNED):
        names = [*asked][at % len(asked) :] + [*asked][: at % len(asked)]
        for load, name in itertools.product(LOADS, names):
            with asked[name].awake(), asked[name].weighed() as weights:
                turn = asked[name].turn(bodies[name, load], clients=load.clients)
            found[name].turns.setdefault(load.name, []).append(turn)
            found[name].load_bytes.append(max(weights))
        for name, server in asked.items():
            found[name].load_pss_bytes.append(server.pss_bytes())


def _compare_vectors(found: Mapping[str, Found]) -> None:
    reference: np.ndarray | None = None
    for name, of_it in sorted(found.items(), key=lambda pair: pair[0] != OURS):
        turn = of_it.turns[LOADS[1].name][0]
        vectors = np.concatenate([CALLS[name].vectors(answer) for answer in turn.answers])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        reference = vectors if reference is None else reference
        of_it.cosines = [float(cosine) for cosine in (vectors * reference).sum(axis=1)]


def _others(found: Mapping[str, Found]) -> float:
    turns = [turn for of_it in found.values() for load in of_it.turns.values() for turn in load]
    return statistics.median(turn.others_s / turn.seconds / PROCESSORS for turn in turns)


def _speeds(found: Mapping[str, Found], load: Load, n_passages: int) -> Table:
    table = Table(title=load.name)
    for column in (
        "",
        "passages/s",
        "worst round",
        "p50 ms",
        "p95 ms",
        "processor ms",
        "ours by it",
    ):
        table.add_column(column)
    for name, of_it in found.items():
        turns = of_it.turns[load.name]
        rates = [n_passages / turn.seconds for turn in turns]
        latencies = [1000 * seconds for turn in turns for seconds in turn.latencies_s]
        p50, p95 = np.quantile(latencies, [0.5, 0.95])
        table.add_row(
            name,
            f"{statistics.median(rates):.1f}",
            f"{min(rates):.1f}",
            f"{p50:.0f}",
            f"{p95:.0f}",
            f"{1000 * statistics.median(turn.server_s for turn in turns) / n_passages:.1f}",
            f"{_ours_by(found, name, load):.2f}",
        )
    return table


def _ours_by(found: Mapping[str, Found], name: str, load: Load) -> float:
    """Rate by rate of the same round."""
    pairs = zip(found[OURS].turns[load.name], found[name].turns[load.name], strict=True)
    return statistics.median(its.seconds / ours.seconds for ours, its in pairs)


def _costs(found: Mapping[str, Found]) -> Table:
    table = Table(title="Start, memory (MB, all processes), cosine with ours")
    columns = ("", "setting", "cold start s", "RSS at rest", "RSS under load", "PSS", "mean", "min")
    for column in columns:
        table.add_column(column)
    for name, of_it in found.items():
        if name == OURS_BASE64:
            continue
        table.add_row(
            name,
            of_it.setting,
            f"{statistics.median(of_it.starts_s):.1f}",
            f"{statistics.median(of_it.rest_bytes) / 1e6:.0f}",
            f"{max(of_it.load_bytes) / 1e6:.0f}",
            f"{statistics.median(of_it.load_pss_bytes) / 1e6:.0f}",
            f"{statistics.fmean(of_it.cosines):.5f}",
            f"{min(of_it.cosines):.5f}",
        )
    return table


def _verdict(found: Mapping[str, Found], load: Load) -> str:
    rivals = [name for name in found if name not in {OURS, OURS_BASE64}]
    if not rivals:
        return "no rival ran"
    best = min(rivals, key=lambda name: _ours_by(found, name, load))
    ratio = _ours_by(found, best, load)
    return f"{load.name}: {ratio:.2f} x {best}: {'met' if ratio >= 1 else 'NOT met'}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    rivals = [server for server in SETTINGS if server != OURS]
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--documents-used", type=int, default=100)
    parser.add_argument("--passages", type=int, default=240)
    parser.add_argument("--precision", choices=["int8", "fp32"], default="int8")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--servers", nargs="*", choices=rivals, default=rivals)
    parser.add_argument("--environments", type=Path, default=default_folder())
    return parser.parse_args()


if __name__ == "__main__":
    main()
