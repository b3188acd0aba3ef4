"""Threads, seeds and progress: what is asked in scikit-learn's words, as the library takes it."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import Any, Callable, Iterator, Optional, Union

from ._checks import refused, whole

Progress = Union[None, bool, Callable[[str, int, int], None]]

DEFAULT_SEED = 42

MOST_THREADS = 65_535


def threads(n_jobs: Optional[int]) -> int:
    """Returns the number of threads; 0 is one for every core."""
    if n_jobs is None:
        return 0
    count = whole("n_jobs", n_jobs, -MOST_THREADS, MOST_THREADS)
    if count == 0:
        raise refused("n_jobs", n_jobs, "a number of threads, or -1 for all")
    if count == -1:
        return 0
    return count if count > 0 else max(1, (os.cpu_count() or 1) + 1 + count)


def seed(random_state: Any) -> int:
    """Returns the key of all randomness; ``None`` is the command line's own, so that two runs agree."""
    if random_state is None:
        return DEFAULT_SEED
    if hasattr(random_state, "randint"):
        return int(random_state.randint(0, 2**31 - 1))
    if hasattr(random_state, "integers"):
        return int(random_state.integers(0, 2**63 - 1))
    return whole("random_state", random_state, 0, 2**64 - 1)


@contextmanager
def running(n_jobs: Optional[int] = None, progress: Progress = None) -> "Iterator[dict[str, Any]]":
    """Says how long work is to run, and takes the progress bar away afterwards."""
    if progress is not None and not isinstance(progress, bool) and not callable(progress):
        raise refused("progress", progress, "True, False, or something to call with stage, steps done and steps in all")
    bar = _Bar() if progress is True else None
    callback = bar if bar is not None else (progress or None)
    try:
        yield {"threads": threads(n_jobs), "progress": callback}
    finally:
        if bar is not None:
            bar.close()


class _Bar:
    """A progress bar: that of tqdm where it is installed, a line on standard error otherwise."""

    def __init__(self) -> None:
        self.stage = ""
        self.bar: Any = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            share = f" {done / total:.0%}" if total > 1 else ""
            print(f"\r{stage}{share}".ljust(40), end="", file=sys.stderr, flush=True)
            self.stage = stage
            return
        if stage != self.stage or self.bar is None or self.bar.total != (total or None):
            self.close()
            self.stage, self.bar = stage, tqdm(total=total or None, desc=stage, leave=False)
        self.bar.update(done - self.bar.n)

    def close(self) -> None:
        """Takes the bar away."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None
        elif self.stage:
            print("\r".ljust(41) + "\r", end="", file=sys.stderr, flush=True)
