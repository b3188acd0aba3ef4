"""Is it true? Rankings, calibration and groups, judged by doubly robust scores of people the model has not seen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Optional

from . import _native
from ._errors import InputError
from ._results import Calibration, Curve, Estimate, Quantile, Quantiles, Rate, estimate_of
from ._running import running
from ._tables import column_data, table

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _vector(values: Any, name: str) -> "NDArray[Any]":
    import numpy as np

    vector = np.ascontiguousarray(values, dtype=np.float64)
    if vector.ndim == 2 and vector.shape[1] == 1:
        vector = np.ascontiguousarray(vector[:, 0])
    if vector.ndim != 1:
        raise InputError(
            f"`{name}` has {vector.ndim} dimensions, expected 1: pass one arm's column", code="argument", column=name
        )
    return vector


def _sampling(sample_weight: Any, cluster: Any) -> "dict[str, Any]":
    return {
        "weights": None if sample_weight is None else _vector(sample_weight, "sample_weight"),
        "clusters": None
        if cluster is None
        else _native.ColumnSet.from_columns([("cluster", column_data(cluster, "cluster"))]),
    }


def _options(replicates: int, random_state: int, points: int) -> "dict[str, int]":
    if points < 1:
        raise InputError(f"`points` is {points}, expected at least 1", code="argument", column="points")
    return {"replicates": replicates, "seed": random_state, "points": points}


def rate(
    priority: Any,
    scores: Any,
    *,
    sample_weight: Any = None,
    cluster: Any = None,
    replicates: int = 200,
    points: int = 100,
    random_state: int = 0,
    n_jobs: Optional[int] = None,
) -> Rate:
    """Judges a ranking by the effects found in those it puts first.

    Parameters
    ----------
    priority : array of shape (n,)
        Who comes first: predicted effects, or any other number, higher first.
    scores : array of shape (n,)
        Doubly robust scores of the same people, which the model behind ``priority`` must not have learned from.
    sample_weight, cluster : column of shape (n,), optional
        How much each counts; who belongs together.
    replicates : int
        Half-samples behind the standard errors.
    points : int
        Points of each curve.

    Returns
    -------
    Rate
        AUTOC (weight on the first ranked) and Qini (weight by share), with standard errors, and both curves; in the
        unit of the scores.

    Raises
    ------
    InputError
        For numbers that are not finite, different lengths, fewer than 10 people.

    References
    ----------
    Yadlowsky, Fleming, Shah, Brunskill & Wager (2024), "Evaluating treatment prioritization rules via rank-weighted
    average treatment effects", *JASA*.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import rate
    >>> effect = np.r_[np.ones(20), np.zeros(80)]
    >>> found = rate(effect, effect)  # a perfect ranking; two in ten are helped, by 1
    >>> round(found.autoc.estimate, 6), round(0.2 * float(np.log(5)), 6)
    (0.321888, 0.321888)
    """
    judged = (_vector(priority, "priority"), _vector(scores, "scores"))
    with running(n_jobs) as how:
        text = _native.rate(judged, _sampling(sample_weight, cluster), _options(replicates, random_state, points), how)
    found = json.loads(text)
    return Rate(
        autoc=Estimate(**found["autoc"]),
        qini=Estimate(**found["qini"]),
        toc_curve=Curve.of(found["toc"]),
        qini_curve=Curve.of(found["qini_curve"]),
    )


def toc(priority: Any, scores: Any, **options: Any) -> Curve:
    """Returns the TOC curve: how much more those ranked first gain than everyone, by share. See :func:`rate`.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import toc
    >>> effect = np.r_[np.ones(20), np.zeros(80)]
    >>> round(float(toc(effect, effect, points=10).estimate[1]), 6)  # the best two tenths gain 1, everyone 0.2
    0.8
    """
    return rate(priority, scores, **options).toc_curve


def qini(priority: Any, scores: Any, **options: Any) -> Curve:
    """Returns the Qini curve: gain per head when the first ranked are treated, by share. See :func:`rate`.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import qini
    >>> effect = np.r_[np.ones(20), np.zeros(80)]
    >>> round(float(qini(effect, effect, points=10).estimate[1]), 6)
    0.2
    """
    return rate(priority, scores, **options).qini_curve


def compare_rates(
    priority: Any,
    against: Any,
    scores: Any,
    *,
    sample_weight: Any = None,
    cluster: Any = None,
    replicates: int = 200,
    random_state: int = 0,
    n_jobs: Optional[int] = None,
) -> "dict[str, Estimate]":
    """Compares two rankings of the same people, paired: ``autoc`` and ``qini`` of the first less the second.

    Ranking by effect against ranking by risk is the comparison that tells whether uplift earns its keep. Parameters as
    in :func:`rate`.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import compare_rates
    >>> effect = np.r_[np.ones(20), np.zeros(80)]
    >>> compare_rates(effect, -effect, effect)["autoc"].low > 0
    True
    """
    judged = (_vector(priority, "priority"), _vector(against, "against"), _vector(scores, "scores"))
    with running(n_jobs) as how:
        text = _native.compare_rates(
            judged, _sampling(sample_weight, cluster), _options(replicates, random_state, 1), how
        )
    autoc, qini_area = json.loads(text)
    return {"autoc": Estimate(**autoc), "qini": Estimate(**qini_area)}


def calibration(
    predicted: Any, scores: Any, *, sample_weight: Any = None, cluster: Any = None, n_jobs: Optional[int] = None
) -> Calibration:
    """Asks whether predicted effects have the size they claim, on people the model has not learned from.

    Parameters
    ----------
    predicted, scores : array of shape (n,)
        Predicted effects of one arm, and doubly robust scores of the same people.
    sample_weight, cluster : column of shape (n,), optional

    Returns
    -------
    Calibration

    References
    ----------
    Chernozhukov, Demirer, Duflo & Fernández-Val (2025), "Generic machine learning inference on heterogeneous treatment
    effects", *Econometrica*.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import calibration
    >>> rng = np.random.default_rng(0)
    >>> effect = rng.normal(1, 1, 2000)
    >>> found = calibration(2 * effect, effect + rng.normal(size=2000))  # claims twice of what there is
    >>> round(found.differential.estimate, 1), round(found.mean.estimate, 1)
    (0.5, 0.5)
    """
    judged = (_vector(predicted, "predicted"), _vector(scores, "scores"))
    with running(n_jobs) as how:
        found = json.loads(_native.calibration(judged, _sampling(sample_weight, cluster), how))
    return Calibration(
        mean=estimate_of(found["mean"]), differential=estimate_of(found["differential"]), p_value=found["p_value"]
    )


def uplift_by_quantile(
    predicted: Any,
    scores: Any,
    bins: int = 10,
    *,
    sample_weight: Any = None,
    cluster: Any = None,
    n_jobs: Optional[int] = None,
) -> Quantiles:
    """Returns predicted and found effect in equal cells of people by predicted effect, highest first.

    Parameters
    ----------
    predicted, scores : array of shape (n,)
        Predicted effects of one arm, and doubly robust scores of the same people.
    bins : int
        Cells.
    sample_weight, cluster : column of shape (n,), optional

    Returns
    -------
    Quantiles
        In the unit of the scores.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import uplift_by_quantile
    >>> effect = np.arange(100.0)
    >>> [round(cell.found.estimate, 1) for cell in uplift_by_quantile(effect, effect, bins=4)]
    [87.0, 62.0, 37.0, 12.0]
    """
    judged = (_vector(predicted, "predicted"), _vector(scores, "scores"))
    with running(n_jobs) as how:
        text = _native.uplift_by_quantile(judged, int(bins), _sampling(sample_weight, cluster), how)
    found = json.loads(text)
    cells = [Quantile(cell["cell"], cell["predicted"], Estimate(**cell["found"])) for cell in found["cells"]]
    return Quantiles(tuple(cells), Estimate(**found["first_less_last"]))


def best_linear_projection(
    X: Any, scores: Any, *, sample_weight: Any = None, cluster: Any = None, n_jobs: Optional[int] = None
) -> "dict[str, Optional[Estimate]]":
    """Returns how the effect changes with one standard deviation of each feature, the others held.

    A summary that is valid whatever the shape of the effect, with HC3 standard errors. Text columns are left out:
    project on indicators of your own.

    Parameters
    ----------
    X : table of shape (n, features)
    scores : array of shape (n,)
        Doubly robust scores of the same people.
    sample_weight, cluster : column of shape (n,), optional

    Returns
    -------
    dict
        ``"(mean)"``, the effect at the mean of every feature, and one entry a numeric feature, in the unit of the
        scores; ``None`` for a feature that is constant or a combination of earlier ones.

    References
    ----------
    Semenova & Chernozhukov (2021), *Econometrics Journal* 24.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import best_linear_projection
    >>> x = np.tile([0.0, 4.0], 50)
    >>> found = best_linear_projection({"x": x}, 3 + 0.5 * x)
    >>> round(found["(mean)"].estimate, 6), round(found["x"].estimate, 6)
    (4.0, 1.0)
    """
    columns, _, names = table(X)
    names, matrix = columns.numbers()
    with running(n_jobs) as how:
        text = _native.best_linear_projection(
            matrix, _vector(scores, "scores"), _sampling(sample_weight, cluster), how
        )
    return dict(zip(["(mean)", *names], map(estimate_of, json.loads(text))))


def doubly_robust_scores(
    y: Any, treatment: Any, effect: Any, *, expected_outcome: Any, propensity: Any, control: Any = None
) -> "NDArray[Any]":
    """Returns doubly robust (AIPW) scores from any model's effects and nuisances.

    For effects of Yorisoi's own forests use :meth:`CausalForest.doubly_robust_scores`.

    Parameters
    ----------
    y : array of shape (n,)
        Outcomes.
    treatment : column of shape (n,)
        Arms, control 0 (or named by ``control``).
    effect : array of shape (n,) or (n, arms - 1)
        Estimated effects, out of fold; arms in sorted order without control.
    expected_outcome : array of shape (n,)
        ``E[Y | X]`` over arms as they were given, out of fold.
    propensity : float, or array of shape (n,) or (n, arms)
        Probability of the single treated arm; or of every arm, control first.

    Returns
    -------
    ndarray of shape (n,) or (n, arms - 1)
        In the unit of the outcome.

    Raises
    ------
    InputError
        For a propensity outside (0, 1), with its row; for numbers that are not finite.

    References
    ----------
    Robins, Rotnitzky & Zhao (1994), *JASA* 89.

    Examples
    --------
    >>> from yorisoi import doubly_robust_scores
    >>> doubly_robust_scores([3.0, 1.0], [1, 0], [2.0, 2.0], expected_outcome=[1.0, 1.0], propensity=0.5).tolist()
    [4.0, 0.0]
    """
    import numpy as np

    outcome = _vector(y, "y")
    arms, codes = np.unique(np.asarray(treatment), return_inverse=True)
    first = arms[0] if control is None else control
    if first not in arms.tolist():
        raise InputError(f"`treatment` has no arm `{first}`", code="treatment.unknown_control", column="treatment")
    order = [list(arms).index(first), *(at for at, arm in enumerate(arms) if arm != first)]
    number = np.empty(len(arms), dtype=np.uint8)
    number[order] = np.arange(len(arms))
    effects = np.asarray(effect, dtype=np.float64)
    effects = effects[:, None] if effects.ndim == 1 else effects
    shares = np.asarray(propensity, dtype=np.float64)
    if shares.ndim < 2:
        shares = np.broadcast_to(shares, outcome.shape)
        shares = np.column_stack([1.0 - shares, shares])
    expected = _vector(expected_outcome, "expected_outcome")
    evidence = _native.evidence_of(outcome, number[codes], effects, expected, shares)
    scores = evidence.scores()
    return scores[:, 0] if scores.shape[1] == 1 else scores
