"""How much memory does each kind of table cost? Peak growth of reading one, and of a fit, each in processes of its own.

    python bench/memory.py [ROWS]

needs Linux, and a Python with yorisoi, numpy, pandas, polars and pyarrow. Prints a table for docs/python.md.
"""

import ctypes
import gc
import os
import subprocess
import sys

COLUMNS = 20
KINDS = ["numpy C", "numpy Fortran", "pandas", "polars", "pyarrow"]
MB = 1e6


def made(kind, rows):
    """Returns a table of numbers, and nothing beside it."""
    import numpy as np

    def column(at):
        return np.random.default_rng(at).normal(size=rows)

    if kind.startswith("numpy"):
        X = np.empty((rows, COLUMNS), order="C" if kind == "numpy C" else "F")
        for at in range(COLUMNS):
            X[:, at] = column(at)
        return X
    columns = {f"x{at}": column(at) for at in range(COLUMNS)}
    if kind == "pandas":
        import pandas

        return pandas.DataFrame(columns)
    if kind == "polars":
        import polars

        return polars.DataFrame(columns)
    import pyarrow

    return pyarrow.table(columns)


def status(field):
    """Returns a line of the process's own status in bytes: VmRSS is what it has, VmHWM the most it has had."""
    with open("/proc/self/status") as lines:
        for line in lines:
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    raise SystemExit(f"there is no {field} here: this needs Linux")


def grown(work):
    """Runs ``work``; returns how far the peak rose above what there was before."""
    gc.collect()
    # What was freed and is kept for later would be taken again unseen.
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")
    before = status("VmRSS")
    kept = work()
    peak = status("VmHWM")
    del kept
    return peak - before


def one(kind, rows, what):
    """Measures one kind of table; the first small fit brings in what a first call loads."""
    import numpy as np
    from yorisoi import CausalForest
    from yorisoi._tables import table

    rng = np.random.default_rng(99)
    fit = lambda X, y, w: CausalForest(n_estimators=20, n_jobs=2).fit(X, y, w, propensity=0.5)  # noqa: E731
    fit(made(kind, 1000), rng.normal(size=1000), rng.integers(0, 2, 1000))
    X, w = made(kind, rows), rng.integers(0, 2, rows)
    y = rng.normal(size=rows) + w
    print(grown((lambda: table(X)) if what == "read" else (lambda: fit(X, y, w))))


def largest(kind, rows, what):
    """Returns the largest of three processes' peaks: threads that meet at other moments need other amounts."""
    command = [sys.executable, __file__, str(rows), kind, what]
    told = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(3)]
    return max(int(text.splitlines()[-1]) for text in told)


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if len(sys.argv) > 2:
        return one(sys.argv[2], rows, sys.argv[3])
    copy, floor = rows * COLUMNS * 8, rows * COLUMNS
    print(f"{rows:,} × {COLUMNS} float64: one copy {copy / MB:.0f} MB, one byte a cell {floor / MB:.0f} MB\n")
    print("| table | reading it adds, MB | in copies | a fit adds, MB | in copies | over one copy and one byte a cell, MB |")
    print("|---|---|---|---|---|---|")
    for kind in KINDS:
        read, fit = (largest(kind, rows, what) for what in ("read", "fit"))
        over = (fit - copy - floor) / MB
        print(f"| {kind} | {read / MB:.0f} | {read / copy:.2f} | {fit / MB:.0f} | {fit / copy:.2f} | {over:.0f} |", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main()
