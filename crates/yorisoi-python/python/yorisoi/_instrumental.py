"""What help changes when people choose it themselves."""

from __future__ import annotations

from typing import Any

from ._causal import CausalForest
from ._errors import InputError, not_fitted


class InstrumentalForest(CausalForest):
    """Estimates the effect on those whom an instrument moves, for each person.

    Who takes an offer differs from who does not, in ways no table shows. Where something moved the offer but touches the
    outcome through nothing else (a coin, a lottery, a delay), it tells cause from company. A :class:`CausalForest` in
    everything else; the parameters are the same, though some have nothing to do here.

    Parameters
    ----------
    n_estimators, min_samples_leaf, interval_leaf, max_samples, cv, max_bins, random_state, n_jobs, progress
        As in :class:`CausalForest`; one leaf size answers for point and interval, ``interval_leaf`` where both are given.
    nuisance_learner : {"boosted", "forest"}
        What centres instrument, treatment and outcome; as in :class:`CausalForest`.
    control, discrete_treatment
        Not used: the treatment is a number, and the effect is per unit of it.

    Attributes
    ----------
    first_stage_f_ : float
        How strongly the instrument moves the treatment: the F statistic of the first stage, without unit.

    Notes
    -----
    Given the features, the instrument must be as good as random, act through the treatment alone, and move nobody the
    other way. Below an F of 10 fitting is refused.

    References
    ----------
    Imbens & Angrist (1994), *Econometrica* 62(2); Athey, Tibshirani & Wager (2019), section 7.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import InstrumentalForest
    >>> rng = np.random.default_rng(0)
    >>> X, keen = rng.normal(size=(4000, 2)), rng.uniform(size=4000) < 0.2
    >>> coin = rng.integers(0, 2, 4000)
    >>> took = np.where(keen, 1, coin * (rng.uniform(size=4000) < 0.7))
    >>> y = took + 2 * keen + rng.normal(size=4000)  # the effect is 1; the keen do better anyway
    >>> forest = InstrumentalForest(n_estimators=100).fit(X, y, took, instrument=coin)
    >>> bool(abs(forest.effect(X).mean() - 1) < 0.3)
    True
    """

    def fit(
        self,
        X: Any,
        y: Any,
        treatment: Any = None,
        *,
        instrument: Any = None,
        cluster: Any = None,
        sample_weight: Any = None,
        propensity: Any = None,
    ) -> "InstrumentalForest":
        """Learns as :meth:`CausalForest.fit` does, with an instrument.

        Parameters
        ----------
        X : table of shape (n, features)
            As in :meth:`CausalForest.fit`.
        y, treatment, instrument : column of shape (n,)
            How it ended; what each person got, 0 or 1 or an amount; what moved that. Numbers, none missing: a gap is
            refused with its row, where a :class:`CausalForest` without an instrument leaves the row out.
        cluster : column of shape (n,), optional
            As in :meth:`CausalForest.fit`.
        sample_weight : column of shape (n,), optional
            How much each row counts; 0 leaves it out.
        propensity : None
            There is none: who takes the treatment is not up to chance.

        Returns
        -------
        InstrumentalForest
            Itself.

        Raises
        ------
        InputError
            As :meth:`CausalForest.fit`; for a value that is missing; for an instrument that hardly moves the treatment (an
            F below 10).
        """
        if instrument is None:
            raise InputError("`instrument` is needed: what moved the treatment", code="argument", column="instrument")
        more = {"cluster": cluster, "sample_weight": sample_weight, "propensity": propensity}
        super().fit(X, y, treatment, instrument=instrument, **more)
        return self

    @property
    def first_stage_f_(self) -> float:
        """How strongly the instrument moves the treatment."""
        if getattr(self, "_instrument", None) is None:
            raise not_fitted(self)
        return self._instrument.first_stage_f  # type: ignore[union-attr]
