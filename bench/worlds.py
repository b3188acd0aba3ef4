"""Worlds whose truth is known, and real data.

Each function returns a :class:`World`: training rows, test rows, and for the test rows the true effect of every arm.
Features are representable in 32-bit floats, so that every peer reads the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional

import numpy as np

TEST_ROWS = 50_000


@dataclass
class World:
    """One problem: learn on ``X, w, y``, answer on ``X_test``."""

    name: str
    X: np.ndarray
    w: np.ndarray
    y: np.ndarray
    X_test: np.ndarray
    # True effects of the test rows, shape (n, arms - 1); None for real trials.
    tau: Optional[np.ndarray]
    # Known probability of each arm, control first; None where it has to be estimated.
    propensity: Optional[np.ndarray]
    # Arms and outcomes of the test rows, for real trials.
    w_test: Optional[np.ndarray] = None
    y_test: Optional[np.ndarray] = None
    # Who was drawn together among the test rows; None where everyone was drawn alone.
    cluster_test: Optional[np.ndarray] = None

    @property
    def n_arms(self) -> int:
        return int(self.w.max()) + 1

    @property
    def is_binary(self) -> bool:
        return set(np.unique(self.y)) <= {0.0, 1.0}


def logistic(z):
    return 1.0 / (1.0 + np.exp(-z))


def as_float32(X):
    return np.asfortranarray(X.astype(np.float32).astype(np.float64))


def trial_rare(rng, n, p):
    """A trial, rare yes or no; small effects, harm for 30 % (D1)."""
    X = rng.standard_normal((n, p))
    X[:, 0] = np.round(np.exp(X[:, 0]) * 4) / 4
    X[:, 1] = np.floor(3 * np.abs(X[:, 1]))
    X[:, 2] = X[:, 2] > 0.5
    X = as_float32(X)
    base = -3.55 + 0.25 * np.minimum(X[:, 0], 6) + 0.15 * np.minimum(X[:, 1], 6) - 0.4 * X[:, 3]
    mu0 = logistic(base + 0.3 * X[:, 4] * (X[:, 2] == 1))
    z = 0.9 * X[:, 3] + 0.8 * (X[:, 5] > 0.3) - 0.7 * X[:, 6] + 0.5 * X[:, 3] * X[:, 6] + 0.4 * (X[:, 2] == 1)
    mu1 = np.clip(mu0 + 0.020 * np.tanh(z) + 0.0022, 0.0005, 0.9995)
    w = (rng.random(n) < 0.5).astype(int)
    y = (rng.random(n) < np.where(w == 1, mu1, mu0)).astype(float)
    return X, w, y, (mu1 - mu0)[:, None], np.array([0.5, 0.5])


def confounded_smooth(rng, n, p):
    """Confounded, continuous, smooth effect: set-up A of Nie & Wager 2021 (D2)."""
    X = as_float32(rng.random((n, p)))
    s = np.sin(np.pi * X[:, 0] * X[:, 1])
    tau = (X[:, 0] + X[:, 1]) / 2
    w = (rng.random(n) < np.clip(s, 0.1, 0.9)).astype(int)
    base = s + 2 * (X[:, 2] - 0.5) ** 2 + X[:, 3] + 0.5 * X[:, 4]
    y = base + (w - 0.5) * tau + rng.standard_normal(n)
    return X, w, y, tau[:, None], None


def five_arms(rng, n, p):
    """A trial of five arms, yes or no (D3)."""
    X = as_float32(rng.standard_normal((n, p)))
    mu0 = logistic(-1.3 + 0.5 * X[:, 0] - 0.4 * X[:, 2])
    effects = [
        0.10 * logistic(3 * X[:, 0]),
        -0.05 + 0.13 * (X[:, 1] > 0),
        0.08 * np.tanh(X[:, 2] * X[:, 3]),
        0.04 - 0.06 * (X[:, 4] > 0.8),
    ]
    mu = np.clip(mu0[:, None] + np.stack(effects, axis=1), 0.002, 0.998)
    w = rng.integers(0, 5, n)
    of_arm = np.column_stack([mu0, mu])[np.arange(n), w]
    y = (rng.random(n) < of_arm).astype(float)
    return X, w, y, mu - mu0[:, None], np.full(5, 0.2)


def trial_hard_baseline(rng, n, p):
    """A trial with a hard baseline and a simple effect: set-up B of Nie & Wager 2021."""
    X = as_float32(rng.standard_normal((n, p)))
    base = np.maximum.reduce([X[:, 0] + X[:, 1], X[:, 2], np.zeros(n)]) + np.maximum(X[:, 3] + X[:, 4], 0)
    tau = X[:, 0] + np.log1p(np.exp(X[:, 1]))
    w = (rng.random(n) < 0.5).astype(int)
    return X, w, base + (w - 0.5) * tau + rng.standard_normal(n), tau[:, None], np.array([0.5, 0.5])


def confounded_constant(rng, n, p):
    """Strongly confounded, the same effect for everyone: set-up C of Nie & Wager 2021."""
    X = as_float32(rng.standard_normal((n, p)))
    base = 2 * np.log1p(np.exp(X[:, 0] + X[:, 1] + X[:, 2]))
    tau = np.ones(n)
    w = (rng.random(n) < logistic(X[:, 1] + X[:, 2])).astype(int)
    return X, w, base + (w - 0.5) * tau + rng.standard_normal(n), tau[:, None], None


def trial_steps(rng, n, p):
    """A trial without baseline, two sharp sigmoids: equation 28 of Wager & Athey 2018."""
    X = as_float32(rng.random((n, p)))
    bump = 1 + logistic(20 * (X[:, :2] - 1 / 3))
    tau = bump[:, 0] * bump[:, 1]
    w = (rng.random(n) < 0.5).astype(int)
    return X, w, (w - 0.5) * tau + rng.standard_normal(n), tau[:, None], np.array([0.5, 0.5])


SIMULATED: "dict[str, Callable]" = {
    "rare": trial_rare,
    "smooth": confounded_smooth,
    "five arms": five_arms,
    "baseline": trial_hard_baseline,
    "constant": confounded_constant,
    "steps": trial_steps,
}


def simulated(name: str, n: int, p: int = 12, draw: int = 0) -> World:
    """Draws a world; the same name, size, width and number of the draw give the same numbers.

    Draws differ in the rows learned from; all are judged on the same people.
    """
    key = [list(SIMULATED).index(name), p]
    learned = [*key, n] if draw == 0 else [*key, n, draw]
    X, w, y, _, propensity = SIMULATED[name](np.random.default_rng(learned), n, p)
    test = SIMULATED[name](np.random.default_rng([*key, 777]), TEST_ROWS, p)
    return World(name, X, w, y, test[0], test[3], propensity)


def numbers(table, drop):
    """Turns a table into numbers, texts into indicators, for peers that read nothing else."""
    import pandas

    features = table.drop(columns=[name for name in drop if name in table.columns])
    return pandas.get_dummies(features, dummy_na=False).astype(float).fillna(0.0).to_numpy()


def real_trial(
    name: str, table, draw: int, outcome: str, control: str, drop: "tuple[str, ...]" = (), cluster: Optional[str] = None, sign: int = 1
) -> World:
    """Splits a randomised trial into halves, other ones each draw, and keeps whole who was randomised as a whole.

    Of a household in both halves a learner would know the half that it is judged on. A `sign` of −1 turns an outcome
    round of which less is better.
    """
    arms = [control, *sorted(arm for arm in table["treatment"].astype(str).unique() if arm != control)]
    w = table["treatment"].astype(str).map(arms.index).to_numpy()
    X, y = as_float32(numbers(table, ["treatment", outcome, cluster, *drop])), sign * table[outcome].to_numpy(float)
    groups = None if cluster is None else np.unique(table[cluster].to_numpy(), return_inverse=True, equal_nan=False)[1]
    alone = np.arange(len(y)) if groups is None else groups
    is_test = (np.random.default_rng(draw).random(alone.max() + 1) < 0.5)[alone]
    shares = np.bincount(w) / len(w)
    cluster_test = None if groups is None else groups[is_test]
    return World(name, X[~is_test], w[~is_test], y[~is_test], X[is_test], None, shares, w[is_test], y[is_test], cluster_test)


def ihdp(table, replication: int) -> World:
    """One replication of IHDP: real features, simulated outcomes (Hill 2011)."""
    rows = table[table["replication"] == replication] if "replication" in table else table
    features = rows[[name for name in rows.columns if name.startswith("x")]].to_numpy(float)
    tau = (rows["mu1"] - rows["mu0"]).to_numpy()[:, None]
    w, y = rows["treatment"].to_numpy(int), rows["y_factual"].to_numpy(float)
    X = as_float32(features)
    return World(f"IHDP {replication}", X, w, y, X, tau, None)


def acic(table, process: int) -> World:
    """One process of ACIC 2016: real features, simulated treatment and outcomes (Dorie et al. 2019)."""
    X = as_float32(numbers(table[[name for name in table.columns if name.startswith("x_")]], []))
    part = {name: table[f"{name}_{process}"].to_numpy(float) for name in ("z", "y0", "y1", "mu0", "mu1")}
    w = part["z"].astype(int)
    return World(f"ACIC {process}", X, w, np.where(w == 1, part["y1"], part["y0"]), X, (part["mu1"] - part["mu0"])[:, None], None)


# What of the trial of therapies is a number of the person, the treatment in other words, or known only afterwards.
AFTERWARDS = ("pidnum", "treat", "offtrt", "cd496", "r", "cd80", "cd820", "cens", "days")


TRIALS = {
    "hillstrom": ("hillstrom", {"outcome": "visit", "control": "No E-Mail", "drop": ("conversion", "spend")}),
    "social": ("ggl_social_pressure", {"outcome": "voted", "control": "Control", "drop": ("cluster",), "cluster": "hh_id"}),
    "starbucks": ("starbucks_promotion", {"outcome": "purchase", "control": "0", "drop": ("split", "ID")}),
    "penn": ("penn_reemployment_bonus", {"outcome": "inuidur1", "control": "tg_0", "drop": ("inuidur2",), "sign": -1}),
    "actg175": ("actg175", {"outcome": "cd420", "control": "zidovudine", "drop": AFTERWARDS}),
}


def read(name: str, shipped: Path, folder: Optional[Path], draw: int = 0) -> World:
    """Reads real data: those that the project ships, others from the folder that the user names.

    Of a trial every draw has other halves; what has a truth is one data set, and `draw` says nothing there.
    """
    import pandas

    def parquet(file: str):
        for place in (shipped, folder):
            if place is not None and (place / file).exists():
                return pandas.read_parquet(place / file)
        raise SystemExit(f"{name} needs {file}: name its folder with --data (see bench/README.md)")

    kind, _, number = name.partition(" ")
    if kind == "IHDP":
        return ihdp(parquet("ihdp_1_5.parquet"), int(number))
    if kind == "ACIC":
        return acic(parquet("acic2016_dgps_1_5.parquet"), int(number))
    file, roles = TRIALS[kind]
    return real_trial(kind, parquet(f"{file}.parquet"), draw, **roles)
