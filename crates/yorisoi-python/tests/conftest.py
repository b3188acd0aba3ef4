"""Worlds with known truth, small enough for every test."""

import warnings

import numpy as np
import pytest


class World:
    """A trial: five features, the first decides whom help helps."""

    def __init__(self, n=3000, seed=0):
        rng = np.random.default_rng(seed)
        self.X = rng.normal(size=(n, 5))
        self.w = rng.integers(0, 2, n)
        self.tau = np.where(self.X[:, 0] > 0, 1.0, -0.5)
        self.y = self.X[:, 1] + self.w * self.tau + rng.normal(size=n)
        self.names = ["age", "income", "visits", "calls", "days"]


@pytest.fixture(scope="session")
def world():
    return World()


@pytest.fixture(scope="session")
def forest(world):
    from yorisoi import CausalForest

    return CausalForest(n_estimators=100).fit(world.X, world.y, world.w, propensity=0.5)


@pytest.fixture(autouse=True)
def _quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield
