"""Are signals heard while a large table is read, in whatever form it comes?"""

import signal
import time

import numpy as np
import pytest
from yorisoi._tables import distinct, table

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no timer that sends signals here")

MANY = 1 << 25


def ones(dtype, count=MANY):
    """A column of so many numbers that holds only one."""
    return np.broadcast_to(np.ones(1, dtype), count)


def matrix():
    return table(np.broadcast_to(np.ones(4), (MANY // 4, 4)))


def column():
    return table({"amount": ones(np.float32)})


def integers():
    return table({"count": ones(np.int64)})


def identifiers():
    # No float can hold them, so that they are spelt.
    return table({"id": np.broadcast_to(np.int64(2**53 + 1), MANY // 8)})


def arms():
    # Made before the reading begins: what numpy does hears nothing.
    took = np.arange(MANY // 4) % 3
    return lambda: distinct(took, "treatment")


def texts():
    return table({"city": np.broadcast_to(np.array(["Nara"]), MANY // 8)})


def pandas_texts():
    pandas = pytest.importorskip("pandas")
    texts = pandas.Series(np.full(MANY // 4, "Nara", dtype=object), dtype=object)
    return lambda: table(pandas.DataFrame({"city": texts}))


READINGS = {
    "matrix": lambda: matrix,
    "column": lambda: column,
    "integers": lambda: integers,
    "identifiers": lambda: identifiers,
    "arms": arms,
    "texts": lambda: texts,
    "texts in pandas": pandas_texts,
}


@pytest.fixture
def beats():
    """When signals were heard that come every millisecond that this process works, by the clock of its work."""
    heard = []
    before = signal.signal(signal.SIGPROF, lambda *_: heard.append(time.process_time()))
    signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
    yield heard
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


@pytest.mark.parametrize("reading", READINGS)
def test_no_two_fifths_of_the_reading_pass_without_a_signal_being_heard(reading, beats):
    read = READINGS[reading]()
    beats.clear()
    start = time.process_time()
    read()
    end = time.process_time()
    # Work that hears nothing answers only as it begins and as it ends.
    assert np.max(np.diff([start, *beats, end])) < (end - start) * 0.4
