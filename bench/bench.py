"""Yorisoi beside its peers, on the same files, one process at a time: `python bench/bench.py` (see bench/README.md).

The first call makes a virtual environment with pinned peers beside this file and starts again inside it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VENV = HERE / ".venv"
LIMIT_SECONDS = 600


def inside_own_environment() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve() or "BENCH_PYTHON" in os.environ


def make_environment() -> Path:
    """Makes the virtual environment, with this repository's Yorisoi and the pinned peers."""
    python = VENV / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", str(HERE / "requirements.txt")], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", str(ROOT)], check=True)
    return python


def write_problem(world, folder: Path) -> None:
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    for name in ("X", "w", "y", "X_test"):
        np.save(folder / f"{name}.npy", getattr(world, name))
    facts = {"n_arms": world.n_arms, "is_binary": world.is_binary}
    facts["propensity"] = None if world.propensity is None else world.propensity.tolist()
    (folder / "facts.json").write_text(json.dumps(facts))


def run_one(peer: str, folder: Path, threads: int) -> dict:
    """Runs a peer; CPU seconds and peak memory are those of the whole process and its children."""
    command = [sys.executable, str(HERE / "one.py"), peer, str(folder), str(threads)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=HERE)
    timed_out = False
    try:
        out, err = process.communicate(timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        timed_out = True
    wall = time.perf_counter() - start
    if process.returncode:
        said = "more than 10 minutes" if timed_out else (err.strip().splitlines() or ["no word"])[-1][:200]
        return {"failed": said, "wall": wall}
    return {**json.loads(out.strip().splitlines()[-1]), "process_wall": wall}


def measured(peer: str, folder: Path, threads: int) -> dict:
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = run_one(peer, folder, threads)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found["process_cpu"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return found


def peak_memory_mb(peer: str, folder: Path, threads: int) -> dict:
    """Runs a peer under a small parent, whose children's peak is then this peer's alone."""
    code = (
        "import json, resource, sys; sys.path.insert(0, sys.argv[1]); from bench import measured; from pathlib import Path;"
        "found = measured(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]));"
        "found['memory_mb'] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024; print(json.dumps(found))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(HERE), peer, str(folder), str(threads)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def score(world, folder: Path, peer: str) -> dict:
    import numpy as np
    import score as scoring

    safe = peer.replace(" ", "_").replace("/", "_")
    effect = np.load(folder / f"{safe}.effect.npy")
    if not np.isfinite(effect).all():
        return {"failed": f"{(~np.isfinite(effect)).any(axis=1).sum()} of {len(effect)} answers are no numbers"}
    low, high = (folder / f"{safe}.{end}.npy" for end in ("low", "high"))
    ends = (np.load(low), np.load(high)) if low.exists() else (None, None)
    if world.tau is not None:
        return scoring.against_truth(world.tau, effect, *ends)
    return scoring.against_outcomes(world, effect)


def versions() -> "dict[str, str]":
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": platform.python_version()}
    for name in ("yorisoi", "econml", "causalml", "scikit-uplift", "lightgbm", "utboost", "uplift-kit", "perpetual", "dml-rs"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def machine() -> str:
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        name = lines[0] if lines else name
    load = f"load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return f"{name}, {os.cpu_count()} cores, {load}"


def main() -> None:
    import worlds
    from peers import PEERS, can

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", default=",".join(worlds.SIMULATED), help="simulated worlds, by name")
    parser.add_argument("--sizes", default="10000", help="rows of each simulated world")
    parser.add_argument("--draws", type=int, default=3, help="data sets of each simulated world, halves of each trial: a single one may be lucky")
    parser.add_argument("--real", default="hillstrom", help="real data: hillstrom, social, starbucks, IHDP 1, ACIC 1, ...")
    parser.add_argument("--data", type=Path, help="folder of real data that the project does not ship")
    parser.add_argument("--peers", default=",".join(PEERS), help="peers, by name")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=HERE / "results.json")
    parser.add_argument("--work", type=Path, default=HERE / ".work", help="folder for problems and answers")
    asked = parser.parse_args()
    peers = asked.peers.split(",")
    if unknown := set(peers) - set(PEERS):
        parser.error(f"no peer is called {', '.join(sorted(unknown))}: there are {', '.join(PEERS)}")
    simulated = [(name, int(n)) for n in asked.sizes.split(",") if n for name in asked.worlds.split(",") if name]
    problems = [(name, n, draw) for name, n in simulated for draw in range(asked.draws)]
    real = [name for name in asked.real.split(",") if name]
    problems += [(name, 0, draw) for name in real for draw in range(asked.draws if name in worlds.TRIALS else 1)]
    results = json.loads(asked.out.read_text()) if asked.out.exists() else {"runs": []}
    results.update(date=time.strftime("%Y-%m-%d"), machine=machine(), versions=versions(), threads=asked.threads)
    for name, n, draw in problems:
        world = worlds.simulated(name, n, draw=draw) if n else worlds.read(name, ROOT / "data", asked.data, draw)
        folder = asked.work / f"{name}-{n}-{draw}".replace(" ", "_")
        write_problem(world, folder)
        for peer in peers:
            if not can(peer, world) or len(world.y) > PEERS[peer][3]:
                continue
            found = peak_memory_mb(peer, folder, asked.threads)
            if "failed" not in found:
                found.update(score(world, folder, peer))
            own = {"world": name, "rows": len(world.y), "draw": draw, "peer": peer}
            # Runs of another day stay beside these.
            found.update(own, date=results["date"])
            print(json.dumps(found), file=sys.stderr, flush=True)
            kept = [run for run in results["runs"] if any(run[key] != own[key] for key in own)]
            results["runs"] = [*kept, found]
            asked.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    if not inside_own_environment():
        python = str(make_environment())
        # By its own path: a Python that is called by a bare name takes the first on the path for itself.
        os.execv(python, [python, str(HERE / "bench.py"), *sys.argv[1:]])
    sys.path.insert(0, str(HERE))
    main()
