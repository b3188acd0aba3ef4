"""Is long work answerable: to Ctrl-C, to other threads, to whoever watches?"""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest
from yorisoi import CausalForest, _native, rate
from yorisoi._tables import table


def long_work():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50_000, 10))
    w = rng.integers(0, 2, len(X))
    return X, X[:, 1] + w + rng.normal(size=len(X)), w


@pytest.fixture
def heard():
    """Ctrl-C as at a console: whatever a shell starts in the background is told to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_is_answered_within_a_second_while_others_go_on(heard):
    X, y, w = long_work()
    ticks, asked = [], []
    is_over = threading.Event()

    def tick():
        while not is_over.wait(0.01):
            ticks.append(time.perf_counter())

    def interrupt():
        time.sleep(1.5)
        asked.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    threads = [threading.Thread(target=tick), threading.Thread(target=interrupt)]
    for thread in threads:
        thread.start()
    with pytest.raises(KeyboardInterrupt):
        CausalForest(n_estimators=5000).fit(X, y, w)
    answered = time.perf_counter()
    is_over.set()
    for thread in threads:
        thread.join()
    assert answered - asked[0] < 1.0
    # The lock was released: another thread ran all the time, not only at the beginning and the end.
    assert len(ticks) > 30 and np.max(np.diff(ticks)) < 1.0


def test_an_interrupt_is_answered_while_objects_are_read(heard):
    # One call reads all columns, seconds long, and no line of Python runs meanwhile.
    X = np.full((100_000, 200), "Nara", dtype=object)
    X[::3] = 2.5
    asked = []

    def interrupt():
        time.sleep(0.4)
        asked.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        table(X)
    answered = time.perf_counter()
    thread.join()
    assert answered - asked[0] < 1.0


def test_an_interrupt_is_answered_while_a_stream_is_read(heard):
    pyarrow = pytest.importorskip("pyarrow")
    batch = pyarrow.record_batch({"a": np.arange(1000.0)})
    asked, given = [], []

    def slowly():
        until = time.perf_counter() + 20
        while time.perf_counter() < until:
            given.append(time.perf_counter())
            time.sleep(0.01)
            yield batch

    def interrupt():
        time.sleep(0.4)
        asked.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        table(pyarrow.RecordBatchReader.from_batches(batch.schema, slowly()))
    answered = time.perf_counter()
    thread.join()
    assert answered - asked[0] < 1.0
    # Nor does it go on behind the caller's back.
    time.sleep(0.5)
    assert given[-1] < answered + 0.4


def test_an_interrupted_ranking_does_not_go_on_unseen(heard):
    priority, scores = np.random.default_rng(0).normal(size=(2, 200_000))
    asked = []

    def interrupt():
        time.sleep(0.5)
        asked.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        rate(priority, scores, replicates=100_000)
    answered = time.perf_counter()
    thread.join()
    assert answered - asked[0] < 1.0
    time.sleep(0.5)
    worked = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - worked < 0.2


def test_others_go_on_while_outcomes_are_averaged():
    n = 2_000_000
    rng = np.random.default_rng(0)
    w = rng.integers(0, 2, n).astype(np.uint8)
    zeros, half = np.zeros(n), np.full((n, 2), 0.5)
    evidence = _native.evidence_of(rng.normal(size=n), w, zeros[:, None], zeros, half)
    is_over = threading.Event()
    ticks = []

    def tick():
        while not is_over.wait(0.001):
            ticks.append(time.perf_counter())

    thread = threading.Thread(target=tick)
    thread.start()
    for _ in range(10):
        evidence.average("all", {"threads": 1, "progress": None})
    is_over.set()
    thread.join()
    # Each call is long enough for many turns of the other; it would get one or two if the lock were held.
    assert len(ticks) > 50


def test_progress_is_told_stage_by_stage_and_its_errors_stop_the_work():
    X, y, w = long_work()
    seen = []
    CausalForest(n_estimators=60, progress=lambda *told: seen.append(told)).fit(X[:20_000], y[:20_000], w[:20_000])
    stages = [stage for stage, _, _ in seen]
    assert "nuisances" in stages or "forest" in stages
    assert all(0 <= done <= max(total, 1) for _, done, total in seen)

    def refuse(stage, done, total):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        CausalForest(n_estimators=5000, progress=refuse).fit(X, y, w)


def test_a_bar_appears_on_standard_error_only(capfd):
    X, y, w = long_work()
    CausalForest(n_estimators=50, progress=True).fit(X[:20_000], y[:20_000], w[:20_000])
    out, err = capfd.readouterr()
    assert out == "" and err != ""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_process_can_fit_too():
    code = """
        import os, sys, numpy as np
        from yorisoi import CausalForest
        rng = np.random.default_rng(0)
        X, w = rng.normal(size=(500, 3)), rng.integers(0, 2, 500)
        fit = lambda: CausalForest(n_estimators=20).fit(X, X[:, 0] + w + rng.normal(size=500), w)
        fit()
        child = os.fork()
        if child == 0:
            fit()
            os._exit(7)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)], timeout=120).returncode == 7


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_process_can_read_arrow_too():
    pytest.importorskip("pyarrow")
    code = """
        import os, sys, numpy as np, pyarrow
        from yorisoi._tables import table
        X = pyarrow.table({name: np.arange(5000.0) for name in "abcdefgh"})
        table(X)
        child = os.fork()
        if child == 0:
            table(X)
            os._exit(7)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)], timeout=30).returncode == 7
