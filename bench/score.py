"""How good were the answers? Against the truth where there is one, against held-out outcomes otherwise."""

from __future__ import annotations

import numpy as np
from yorisoi import doubly_robust_scores, rate


def against_truth(tau, effect, low, high):
    """PEHE, share of the oracle's AUTOC (mean over arms), coverage and mean width of 95 % intervals."""
    found = {"pehe": float(np.sqrt(np.mean((effect - tau) ** 2))), "constant_pehe": float(np.sqrt(np.mean((tau - tau.mean(0)) ** 2)))}
    shares = []
    for arm in range(tau.shape[1]):
        best = rate(tau[:, arm], tau[:, arm], replicates=2, points=1).autoc.estimate
        if best > 1e-9:
            shares.append(rate(effect[:, arm], tau[:, arm], replicates=2, points=1).autoc.estimate / best)
    found["autoc_share"] = float(np.mean(shares)) if shares else None
    if low is not None:
        found["coverage"] = float(np.mean((low <= tau) & (tau <= high)))
        found["width"] = float(np.mean(high - low))
    return found


def against_outcomes(world, effect):
    """Qini of the first arm's ranking on held-out people, by scores from nuisances that no peer has made."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    def expected(arm):
        model = HistGradientBoostingRegressor(random_state=1)
        return model.fit(world.X[world.w == arm], world.y[world.w == arm]).predict(world.X_test)

    found = []
    for arm in range(1, world.n_arms):
        of_two = (world.w_test == 0) | (world.w_test == arm)
        share = world.propensity[arm] / (world.propensity[0] + world.propensity[arm])
        outcomes = [expected(0)[of_two], expected(arm)[of_two]]
        middle = share * outcomes[1] + (1 - share) * outcomes[0]
        scores = doubly_robust_scores(
            world.y_test[of_two], (world.w_test[of_two] == arm).astype(int), outcomes[1] - outcomes[0],
            expected_outcome=middle, propensity=share,
        )
        cluster = None if world.cluster_test is None else world.cluster_test[of_two]
        qini = rate(effect[of_two, arm - 1], scores, cluster=cluster).qini
        found.append({"estimate": qini.estimate, "low": qini.low, "high": qini.high})
    return {"qini": found}
