"""Runs one peer on one problem, in a process of its own: `python one.py PEER FOLDER THREADS`."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace


def main(peer: str, folder: Path, threads: int) -> None:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ[name] = str(threads)
    import numpy as np
    from peers import PEERS

    facts = json.loads((folder / "facts.json").read_text())
    arrays = {name: np.load(folder / f"{name}.npy") for name in ("X", "w", "y", "X_test")}
    task = SimpleNamespace(**arrays, threads=threads, **facts)
    start, start_cpu = time.perf_counter(), time.process_time()
    effect, low, high = PEERS[peer][1](task)
    took = {"wall": time.perf_counter() - start, "cpu": time.process_time() - start_cpu}
    safe = peer.replace(" ", "_").replace("/", "_")
    np.save(folder / f"{safe}.effect.npy", np.asarray(effect, dtype=float).reshape(len(task.X_test), -1))
    if low is not None:
        np.save(folder / f"{safe}.low.npy", low)
        np.save(folder / f"{safe}.high.npy", high)
    print(json.dumps(took))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
