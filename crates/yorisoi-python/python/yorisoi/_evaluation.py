"""Is it true? Rankings, calibration and groups, judged by doubly robust scores of people the model has not seen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Optional

from . import _native
from ._checks import arm_name, number, whole
from ._errors import InputError
from ._results import Calibration, Curve, Estimate, Quantile, Quantiles, Rate, estimate_of
from ._running import running, seed
from ._tables import column_data, distinct, is_scalar, matrix, table, vector

if TYPE_CHECKING:
    from numpy.typing import NDArray


# As many as a byte can number.
MOST_ARMS = 255


def _sampling(sample_weight: Any, cluster: Any) -> "dict[str, Any]":
    return {
        "weights": None if sample_weight is None else vector(sample_weight, "sample_weight"),
        "clusters": None
        if cluster is None
        else _native.ColumnSet.from_columns([("cluster", column_data(cluster, "cluster"))]),
    }


def _options(replicates: Any, random_state: Any, points: Any) -> "dict[str, int]":
    return {
        "replicates": whole("replicates", replicates, 2, 1_000_000),
        "seed": seed(random_state),
        "points": whole("points", points, 1, 1_000_000),
    }


def rate(
    priority: Any,
    scores: Any,
    *,
    sample_weight: Any = None,
    cluster: Any = None,
    replicates: int = 200,
    points: int = 100,
    random_state: Any = 0,
    n_jobs: Optional[int] = None,
) -> Rate:
    """Judges a ranking by the effects found in those it puts first.

    The standard errors take the ranking as fixed, so proof needs people whom nothing behind it has learned from: those kept
    aside, as :func:`study` keeps them. Out-of-bag effects with the forest's own scores (``effect_oob_``,
    ``doubly_robust_scores()``) come close, since no row takes part in ranking itself; but every row takes part in ranking the
    others, and leaf sizes were chosen on all of them. Take that as a first look.

    Parameters
    ----------
    priority : array of shape (n,)
        Who comes first: predicted effects, or any other number, higher first.
    scores : array of shape (n,)
        Doubly robust scores of the same people, which the model behind ``priority`` must not have learned from.
    sample_weight, cluster : column of shape (n,), optional
        How much each counts; who belongs together.
    replicates : int
        Half-samples behind the standard errors, at least 2.
    points : int
        Points of each curve.
    random_state : int, RandomState or Generator, optional
        Key of the half-samples; ``None`` is 42.
    n_jobs : int, optional
        Threads, whose number changes no result; ``None`` and -1 take every core.

    Returns
    -------
    Rate
        AUTOC (weight on the first ranked) and Qini (weight by share), with standard errors, and both curves; in the
        unit of the scores.

    Raises
    ------
    InputError
        For numbers that are not finite, with the row; for different lengths; for fewer than 10 people or clusters.

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
    judged = (vector(priority, "priority"), vector(scores, "scores"))
    with running(n_jobs) as how:
        text = _native.rate(judged, _sampling(sample_weight, cluster), _options(replicates, random_state, points), how)
    found = json.loads(text)
    return Rate(
        autoc=Estimate(**found["autoc"]),
        qini=Estimate(**found["qini"]),
        toc_curve=Curve.of(found["toc"]),
        qini_curve=Curve.of(found["qini_curve"]),
    )


def toc(
    priority: Any,
    scores: Any,
    *,
    sample_weight: Any = None,
    cluster: Any = None,
    replicates: int = 200,
    points: int = 100,
    random_state: Any = 0,
    n_jobs: Optional[int] = None,
) -> Curve:
    """Returns the TOC curve: how much more those ranked first gain than everyone, by share.

    Parameters
    ----------
    priority, scores : array of shape (n,)
        Who comes first, higher first, and doubly robust scores of the same people.
    sample_weight, cluster, replicates, points, random_state, n_jobs
        As in :func:`rate`.

    Returns
    -------
    Curve
        In the unit of the scores.

    Raises
    ------
    InputError
        As :func:`rate`.

    References
    ----------
    Yadlowsky, Fleming, Shah, Brunskill & Wager (2024), *JASA*; see :func:`rate`.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import toc
    >>> effect = np.r_[np.ones(20), np.zeros(80)]
    >>> round(float(toc(effect, effect, points=10).estimate[1]), 6)  # the best two tenths gain 1, everyone 0.2
    0.8
    """
    judged = rate(
        priority,
        scores,
        sample_weight=sample_weight,
        cluster=cluster,
        replicates=replicates,
        points=points,
        random_state=random_state,
        n_jobs=n_jobs,
    )
    return judged.toc_curve


def qini(
    priority: Any,
    scores: Any,
    *,
    sample_weight: Any = None,
    cluster: Any = None,
    replicates: int = 200,
    points: int = 100,
    random_state: Any = 0,
    n_jobs: Optional[int] = None,
) -> Curve:
    """Returns the Qini curve: gain per head of everyone when the first ranked are treated, by share.

    Parameters
    ----------
    priority, scores : array of shape (n,)
        Who comes first, higher first, and doubly robust scores of the same people.
    sample_weight, cluster, replicates, points, random_state, n_jobs
        As in :func:`rate`.

    Returns
    -------
    Curve
        In the unit of the scores.

    Raises
    ------
    InputError
        As :func:`rate`.

    References
    ----------
    Radcliffe (2007), "Using control groups to target on predicted lift", for the curve; Yadlowsky, Fleming, Shah,
    Brunskill & Wager (2024), *JASA*, for its standard errors.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import qini
    >>> effect = np.r_[np.ones(20), np.zeros(80)]
    >>> round(float(qini(effect, effect, points=10).estimate[1]), 6)
    0.2
    """
    judged = rate(
        priority,
        scores,
        sample_weight=sample_weight,
        cluster=cluster,
        replicates=replicates,
        points=points,
        random_state=random_state,
        n_jobs=n_jobs,
    )
    return judged.qini_curve


def compare_rates(
    priority: Any,
    against: Any,
    scores: Any,
    *,
    sample_weight: Any = None,
    cluster: Any = None,
    replicates: int = 200,
    random_state: Any = 0,
    n_jobs: Optional[int] = None,
) -> "dict[str, Estimate]":
    """Compares two rankings of the same people, paired: ``autoc`` and ``qini`` of the first less the second.

    Ranking by effect against ranking by risk is the comparison that tells whether uplift earns its keep. Both are judged
    on the same half-samples, so that what they have in common cancels.

    Parameters
    ----------
    priority, against : array of shape (n,)
        Two rankings, higher first.
    scores : array of shape (n,)
        Doubly robust scores of the same people, which nothing behind either ranking must have learned from.
    sample_weight, cluster : column of shape (n,), optional
        How much each counts; who belongs together.
    replicates, random_state, n_jobs
        As in :func:`rate`.

    Returns
    -------
    dict
        ``autoc`` and ``qini``, an :class:`Estimate` each, in the unit of the scores.

    Raises
    ------
    InputError
        As :func:`rate`.

    References
    ----------
    Yadlowsky, Fleming, Shah, Brunskill & Wager (2024), "Evaluating treatment prioritization rules via rank-weighted
    average treatment effects", *JASA*: differences of rank-weighted effects have the half-sample bootstrap's errors.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import compare_rates
    >>> effect = np.r_[np.ones(20), np.zeros(80)]
    >>> compare_rates(effect, -effect, effect)["autoc"].low > 0
    True
    """
    judged = (vector(priority, "priority"), vector(against, "against"), vector(scores, "scores"))
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
        How much each counts; who belongs together.
    n_jobs : int, optional
        Threads; ``None`` and -1 take every core.

    Returns
    -------
    Calibration

    Raises
    ------
    InputError
        For numbers that are not finite, with the row; for different lengths; for too few people or clusters.

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
    judged = (vector(predicted, "predicted"), vector(scores, "scores"))
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
        Cells, at least 2.
    sample_weight, cluster : column of shape (n,), optional
        How much each counts; who belongs together.
    n_jobs : int, optional
        Threads; ``None`` and -1 take every core.

    Returns
    -------
    Quantiles
        In the unit of the scores.

    Raises
    ------
    InputError
        For numbers that are not finite, with the row; for different lengths; for a cell with fewer than two people or
        clusters.

    References
    ----------
    Chernozhukov, Demirer, Duflo & Fernández-Val (2025), "Generic machine learning inference on heterogeneous treatment
    effects", *Econometrica*: sorted group average treatment effects (GATES).

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import uplift_by_quantile
    >>> effect = np.arange(100.0)
    >>> [round(cell.found.estimate, 1) for cell in uplift_by_quantile(effect, effect, bins=4)]
    [87.0, 62.0, 37.0, 12.0]
    """
    judged = (vector(predicted, "predicted"), vector(scores, "scores"))
    with running(n_jobs) as how:
        text = _native.uplift_by_quantile(judged, whole("bins", bins, 2, 1_000_000), _sampling(sample_weight, cluster), how)
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
        Features to project on; a missing number stands at the mean.
    scores : array of shape (n,)
        Doubly robust scores of the same people.
    sample_weight, cluster : column of shape (n,), optional
        How much each counts; who belongs together.
    n_jobs : int, optional
        Threads; ``None`` and -1 take every core.

    Returns
    -------
    dict
        ``"(mean)"``, the effect at the mean of every feature, and one entry a numeric feature, in the unit of the
        scores; ``None`` for a feature that is constant or a combination of earlier ones.

    Raises
    ------
    InputError
        For columns of different lengths; for a score that is not finite or an infinite feature, with the row; for no
        more people or clusters than features.

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
    import numpy as np

    columns, _, _ = table(X)
    names, features = columns.numbers()
    for row, at in np.argwhere(np.isinf(features))[:1].tolist():
        raise InputError(
            f"column `{names[at]}` is {features[row, at]} in row {row + 1}, expected a finite number",
            code="argument",
            column=names[at],
            row=row,
        )
    with running(n_jobs) as how:
        text = _native.best_linear_projection(
            features, vector(scores, "scores"), _sampling(sample_weight, cluster), how
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
        Arms, all of one kind.
    effect : array of shape (n,) or (n, arms - 1)
        Estimated effects, out of fold; arms in sorted order without control. NaN, for somebody whose effect is not known,
        gives NaN.
    expected_outcome : array of shape (n,)
        ``E[Y | X]`` over arms as they were given, out of fold.
    propensity : float, or array of shape (n,) or (n, arms)
        Probability of the single treated arm; or of every arm, control first and the others in sorted order.
    control : optional
        The arm of ``treatment`` that others are compared with. ``None`` is 0 (or False).

    Returns
    -------
    ndarray of shape (n,) or (n, arms - 1)
        In the unit of the outcome.

    Raises
    ------
    InputError
        For a propensity outside (0, 1) or a number that is not finite, with the row; for different lengths; for as many
        columns as do not fit the arms.

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

    outcome = vector(y, "y")
    arms, codes = distinct(treatment, "treatment")
    number_of = _numbered(arms.tolist(), control)
    effects = _columns(effect, "effect")
    _check_columns("effect", effects, len(arms) - 1, "one for each arm of `treatment` but control")
    if is_scalar(propensity):
        shares = np.full((len(outcome), 1), number("propensity", propensity))
    else:
        shares = _columns(propensity, "propensity")
    if shares.shape[1] == 1 and len(arms) == 2:
        shares = np.column_stack([1.0 - shares, shares])
    _check_columns("propensity", shares, len(arms), "one for each arm of `treatment`, control first")
    expected = vector(expected_outcome, "expected_outcome")
    evidence = _native.evidence_of(outcome, number_of[codes], effects, expected, shares)
    with running() as how:
        scores = evidence.scores(how)
    return scores[:, 0] if scores.shape[1] == 1 else scores


def _numbered(arms: "list[Any]", control: Any) -> "NDArray[Any]":
    """Returns the number of every arm, in their order: control 0, the others behind."""
    import numpy as np

    spelt = [arm_name(arm) for arm in arms]
    first = arm_name(0 if control is None else control)
    known = ", ".join(spelt[:10])
    if first not in spelt:
        code, said = "treatment.unknown_control", f"`treatment` has no arm `{first}`: {known}"
        if control is None:
            code, said = "treatment.no_control", f"cannot tell which arm of `treatment` is control: {known}"
        raise InputError(said, code=code, column="treatment", hint="name the arm that others are compared with, `control=`")
    if len(arms) < 2:
        said = f"everyone in `treatment` is in the one arm `{first}`: there is nothing to compare"
        raise InputError(said, code="treatment.one_arm", column="treatment")
    if len(arms) > MOST_ARMS:
        said = f"`treatment` has {len(arms)} arms, expected at most {MOST_ARMS}"
        raise InputError(said, code="treatment.many_arms", column="treatment")
    number_of = np.empty(len(arms), dtype=np.uint8)
    at = spelt.index(first)
    number_of[[at, *(other for other in range(len(arms)) if other != at)]] = np.arange(len(arms))
    return number_of


def _columns(values: Any, name: str) -> "NDArray[Any]":
    """Returns numbers as a matrix; a single column is a matrix of one."""
    if getattr(values, "ndim", 1) == 1 and not hasattr(values, "columns") and not _is_nested(values):
        return vector(values, name)[:, None]
    numbers = matrix(values, name)
    if numbers.ndim != 2:
        raise InputError(f"`{name}` has {numbers.ndim} dimensions, expected 1 or 2", code="argument", column=name)
    return numbers


def _is_nested(values: Any) -> bool:
    first = values[0] if isinstance(values, (list, tuple)) and values else None
    return hasattr(first, "__len__") and not isinstance(first, str)


def _check_columns(name: str, numbers: "NDArray[Any]", expected: int, which: str) -> None:
    if numbers.shape[1] != expected:
        raise InputError(
            f"`{name}` has {numbers.shape[1]} columns, expected {expected}: {which}", code="argument", column=name
        )
