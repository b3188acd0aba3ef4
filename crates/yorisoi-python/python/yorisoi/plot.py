"""Pictures of results, with matplotlib: the same numbers as the report.

Every function takes what it draws, and by name an ``arm`` where there may be several and an ``ax`` to draw on, which it
returns, so that pictures combine. Without matplotlib (``pip install matplotlib``) a call says what is missing.

Examples
--------
>>> import matplotlib.pyplot as plt
>>> import numpy as np
>>> import yorisoi
>>> effect = np.r_[np.ones(20), np.zeros(80)]
>>> found = yorisoi.rate(effect, effect)
>>> figure, (left, right) = plt.subplots(1, 2)
>>> yorisoi.plot.toc(found, ax=left) is left and yorisoi.plot.qini(found, ax=right) is right
True
"""

from __future__ import annotations

import numbers
from typing import Any, Union

from ._checks import arm_name
from ._errors import InputError
from ._results import Curve, Effects, Estimate, Plan, Quantile, Quantiles, Rate

INK, BAND, REFERENCE, SECOND = "#1f5a7a", "#9cc4d8", "#8a8a8a", "#c0563b"


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("pictures need matplotlib: `pip install matplotlib`") from error
    return plt.subplots(figsize=(6.0, 4.0), layout="constrained")[1]


def _curve(curve: Curve, ax: Any, label: str) -> Any:
    ax = _axes(ax)
    ax.fill_between(curve.share, curve.low, curve.high, color=BAND, alpha=0.5, linewidth=0, label="95 %, pointwise")
    ax.plot(curve.share, curve.estimate, color=INK)
    ax.axhline(0.0, color=REFERENCE, linewidth=0.8)
    ax.set_xlabel("share treated, those ranked first")
    ax.set_ylabel(label)
    ax.set_xlim(0.0, 1.0)
    ax.legend(frameon=False)
    return ax


def _summary(source: Any) -> Any:
    """Returns the summary of a study, or of one that is given as such; ``None`` for anything else."""
    summary = getattr(source, "summary", source)
    return summary if isinstance(summary, dict) and "verdict" in summary else None


def _of_study(study: Any) -> Any:
    summary = _summary(study)
    if summary is None:
        raise InputError("give a `Study`, or its summary", code="argument", column="study")
    return summary


def _place(arm: "Union[int, str]", names: "list[str]") -> int:
    """Returns the place of an arm among those but control: its number there, or that of its name."""
    if isinstance(arm, str):
        if arm in names:
            return names.index(arm)
    elif isinstance(arm, numbers.Integral) and not isinstance(arm, bool) and 0 <= int(arm) < len(names):
        return int(arm)
    known = ", ".join(names)
    raise InputError(f"`arm` is {arm!r}, expected a name or its place among {known}", code="argument", column="arm")


def _of_arm(found: Any, summary: Any, arm: "Union[int, str]", what: str) -> Any:
    """Returns the entry of one arm, of those that a summary lists by arm."""
    name = [entry["arm"] for entry in summary["arms"][1:]]
    wanted = name[_place(arm, name)]
    entry = next((entry for entry in found if entry["arm"] == wanted), None)
    if entry is None:
        raise InputError(f"this study has no {what} of `{wanted}`", code="argument", column="arm")
    return entry


def _points(source: Any, arm: "Union[int, str]", kind: str) -> Curve:
    """Returns the curve of a ranking, or of one arm of a study."""
    if isinstance(source, Curve):
        return source
    if isinstance(source, Rate):
        return source.toc_curve if kind == "toc" else source.qini_curve
    summary = _summary(source)
    if summary is None:
        raise InputError("give a `Rate`, a `Curve`, or a `Study`", code="argument", column="curve")
    curves = [curve for curve in summary["curves"] if curve["kind"] == kind]
    return Curve.of(_of_arm(curves, summary, arm, f"{kind} curve")["points"])


def toc(curve: "Union[Rate, Curve, Any]", *, arm: "Union[int, str]" = 0, ax: Any = None) -> Any:
    """Draws how much more those ranked first gain than everyone, by share.

    Parameters
    ----------
    curve : Rate, Curve or Study
        What :func:`yorisoi.rate` or :func:`yorisoi.toc` found, or a study: its report's curve.
    arm : int or str
        Which arm of a study, by place among those but control, or by name.
    ax : matplotlib axes, optional
        Where to draw. ``None`` makes a figure.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    InputError
        For an arm that does not exist, or has no curve.

    Examples
    --------
    >>> import numpy as np
    >>> import yorisoi
    >>> effect = np.r_[np.ones(20), np.zeros(80)]  # a perfect ranking; two in ten are helped, by 1
    >>> ax = yorisoi.plot.toc(yorisoi.rate(effect, effect, points=10))
    >>> [round(float(gain), 2) for gain in ax.lines[0].get_ydata()[:3]]
    [0.8, 0.8, 0.47]
    """
    return _curve(_points(curve, arm, "toc"), ax, "gain over the average effect")


def qini(curve: "Union[Rate, Curve, Any]", *, arm: "Union[int, str]" = 0, ax: Any = None) -> Any:
    """Draws the gain per head when the first ranked are treated, with the line of a ranking by chance.

    Parameters
    ----------
    curve : Rate, Curve or Study
        What :func:`yorisoi.rate` or :func:`yorisoi.qini` found, or a study: its report's curve.
    arm, ax
        As in :func:`toc`.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    InputError
        As :func:`toc`.

    Examples
    --------
    >>> import numpy as np
    >>> import yorisoi
    >>> effect = np.r_[np.ones(20), np.zeros(80)]  # a perfect ranking; two in ten are helped, by 1
    >>> ax = yorisoi.plot.qini(yorisoi.rate(effect, effect, points=10))
    >>> [round(float(gain), 2) for gain in ax.lines[0].get_ydata()[:3]]
    [0.1, 0.2, 0.2]
    """
    points = _points(curve, arm, "qini")
    ax = _curve(points, ax, "gain per head of everyone")
    ax.plot([0.0, 1.0], [0.0, points.estimate[-1]], color=REFERENCE, linestyle="--", linewidth=1.0)
    return ax


def _cells(source: Any, arm: "Union[int, str]") -> "list[Quantile]":
    """Returns cells by predicted effect, or the tenths of one arm of a study."""
    if isinstance(source, Quantiles):
        return list(source)
    summary = _summary(source)
    if summary is None:
        raise InputError("give what `uplift_by_quantile` returns, or a `Study`", code="argument", column="cells")
    tenths = _of_arm(summary["calibration"], summary, arm, "calibration")["tenths"]
    return [Quantile(tenth["tenth"], _number(tenth["predicted"]), _estimate(tenth["found"])) for tenth in tenths]


def _number(value: Any) -> float:
    """Reads a number of a summary, where ``None`` is what is not known."""
    return float("nan") if value is None else float(value)


def _estimate(value: "dict[str, Any]") -> Estimate:
    parts = {name: _number(value[name]) for name in ("estimate", "std_error", "low", "high")}
    return Estimate(n=value["n"], **parts)


def calibration(cells: "Union[Quantiles, Any]", *, arm: "Union[int, str]" = 0, ax: Any = None) -> Any:
    """Draws found against predicted effect of each cell of people.

    Parameters
    ----------
    cells : Quantiles or Study
        What :func:`yorisoi.uplift_by_quantile` found, or a study: its report's tenths.
    arm, ax
        As in :func:`toc`.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    InputError
        As :func:`toc`.

    Examples
    --------
    >>> import numpy as np
    >>> import yorisoi
    >>> effect = np.arange(100.0)
    >>> ax = yorisoi.plot.calibration(yorisoi.uplift_by_quantile(effect, effect, bins=4))
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('predicted effect', 'effect found')
    """
    drawn = _cells(cells, arm)
    ax = _axes(ax)
    predicted = [cell.predicted for cell in drawn]
    found = [cell.found.estimate for cell in drawn]
    errors = [[cell.found.estimate - cell.found.low for cell in drawn], [cell.found.high - cell.found.estimate for cell in drawn]]
    ends = [min(predicted), max(predicted)]
    ax.plot(ends, ends, color=REFERENCE, linestyle="--", linewidth=1.0, label="as predicted")
    ax.errorbar(predicted, found, yerr=errors, fmt="o", color=INK, ecolor=BAND, capsize=2, label="found, 95 %")
    ax.axhline(0.0, color=REFERENCE, linewidth=0.8)
    ax.set_xlabel("predicted effect")
    ax.set_ylabel("effect found")
    ax.legend(frameon=False)
    return ax


def effects(effects: "Union[Effects, Any]", *, arm: "Union[int, str]" = 0, ax: Any = None) -> Any:
    """Draws everyone's effect with its 95 % interval, lowest first (at most 200 people, evenly spaced).

    Parameters
    ----------
    effects : Effects or Study
        Of :meth:`yorisoi.CausalForest.effects`, or a study: its report's people.
    arm, ax
        As in :func:`toc`.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    InputError
        As :func:`toc`; where no effect is known.

    Examples
    --------
    >>> import numpy as np
    >>> import yorisoi
    >>> effect = np.array([[0.4], [0.2], [-0.1]])
    >>> of_call = yorisoi.Effects(["call"], effect, np.full((3, 1), 0.05), effect - 0.1, effect + 0.1)
    >>> ax = yorisoi.plot.effects(of_call, arm="call")
    >>> ax.get_ylabel(), ax.lines[0].get_ydata().tolist()
    ('effect of call', [-0.1, 0.2, 0.4])
    """
    name, ranked = _ranked(effects, arm)
    if not len(ranked):
        raise InputError("there is no effect to draw", code="argument")
    ax = _axes(ax)
    share, effect, low, high = ranked.T
    ax.vlines(share, low, high, color=BAND, linewidth=1.0, label="95 %")
    ax.plot(share, effect, ".", color=INK, markersize=3, label="effect")
    ax.axhline(0.0, color=REFERENCE, linewidth=0.8)
    ax.set_xlabel("people by effect, as a share")
    ax.set_ylabel(f"effect of {name}")
    # Effects rise from left to right, so this corner is free.
    ax.legend(frameon=False, loc="upper left")
    return ax


def _ranked(source: Any, arm: "Union[int, str]") -> "tuple[str, Any]":
    """Returns the name of an arm, and share, effect and both ends of people by effect, lowest first."""
    import numpy as np

    if not isinstance(source, Effects):
        summary = _summary(source)
        if summary is None:
            raise InputError("give `Effects`, such as `forest.effects(X)`, or a `Study`", code="argument", column="effects")
        spread = _of_arm(summary["effects"], summary, arm, "effects")
        people = [[person[part] for part in ("share", "effect", "low", "high")] for person in spread["ranked"]]
        return spread["arm"], np.array(people, dtype=float).reshape(-1, 4)
    names = [arm_name(name) for name in source.arms]
    at = _place(arm, names)
    parts = source.checked_parts()
    effect, low, high = (part[:, at] for part in (parts[0], parts[2], parts[3]))
    known = np.flatnonzero(np.isfinite(effect))
    order = known[np.argsort(effect[known], kind="stable")]
    shown = min(200, len(order))
    places = np.arange(shown) * (len(order) - 1) // max(shown - 1, 1)
    share, rows = (places + 0.5) / max(len(order), 1), order[places]
    return names[at], np.column_stack([share, effect[rows], low[rows], high[rows]])


def budget(study: Any, *, ax: Any = None) -> Any:
    """Draws what a budget buys, on held-out rows scaled to all, beside picking people at random.

    Parameters
    ----------
    study : Study
        A study, or its summary.
    ax : matplotlib axes, optional
        Where to draw. ``None`` makes a figure.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    InputError
        For a study without a budget curve.

    Examples
    --------
    >>> import numpy as np
    >>> import yorisoi
    >>> rng = np.random.default_rng(0)
    >>> past = {"age": rng.uniform(20, 70, 800), "offer": rng.choice(["none", "call"], 800)}
    >>> past["stayed"] = 1 * (rng.uniform(size=800) < 0.3 + 0.4 * (past["offer"] == "call") * (past["age"] > 45))
    >>> study = yorisoi.study(past, treatment="offer", outcome="stayed", n_estimators=20, repeats=1)
    >>> yorisoi.plot.budget(study).get_xlabel()
    'people offered something'
    """
    summary = _of_study(study)
    plan, points = summary["plan"], summary["plan"]["curve"]
    if not points:
        raise InputError("this study has no budget curve", code="argument")
    ax = _axes(ax)
    spend = [point["spend"] for point in points]
    ax.fill_between(
        spend, [p["low"] for p in points], [p["high"] for p in points], color=BAND, alpha=0.5, linewidth=0, label="95 %"
    )
    ax.plot(spend, [point["gain"] for point in points], color=INK, label="by effect")
    ax.plot(spend, [point["random"] for point in points], color=REFERENCE, linestyle="--", label="at random")
    if plan["budget"] is not None:
        ax.axvline(plan["budget"], color=SECOND, linewidth=1.0, label="budget")
    ax.set_xlabel("money spent" if plan["is_priced"] else "people offered something")
    ax.set_ylabel("outcome gained")
    ax.legend(frameon=False)
    return ax


def overlap(study: Any, *, arm: "Union[int, str]" = 0, ax: Any = None) -> Any:
    """Draws how propensities of treated and control people overlap, by the study's 20 equal cells.

    Parameters
    ----------
    study : Study
        A study, or its summary.
    arm, ax
        As in :func:`toc`.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    InputError
        For an arm that does not exist; for an amount, which has no propensities.

    Examples
    --------
    >>> import numpy as np
    >>> import yorisoi
    >>> rng = np.random.default_rng(0)
    >>> past = {"age": rng.uniform(20, 70, 800), "offer": rng.choice(["none", "call"], 800)}
    >>> past["stayed"] = 1 * (rng.uniform(size=800) < 0.3 + 0.4 * (past["offer"] == "call") * (past["age"] > 45))
    >>> study = yorisoi.study(past, treatment="offer", outcome="stayed", n_estimators=20, repeats=1)
    >>> yorisoi.plot.overlap(study).get_xlabel()
    'probability of call'
    """
    summary = _of_study(study)
    found = _of_arm(summary["overlap"], summary, arm, "overlap")
    ax = _axes(ax)
    cells = len(found["histogram_treated"])
    left = [cell / cells for cell in range(cells)]
    for name, label, colour in (
        ("histogram_treated", found["arm"], INK),
        ("histogram_control", summary["arms"][0]["arm"], SECOND),
    ):
        total = max(sum(found[name]), 1)
        shares = [count / total for count in found[name]]
        ax.bar(left, shares, width=1 / cells, align="edge", color=colour, alpha=0.5, label=label)
    ax.set_xlabel(f"probability of {found['arm']}")
    ax.set_ylabel("share of people")
    ax.set_xlim(0.0, 1.0)
    ax.legend(frameon=False)
    return ax


def groups(plan: "Union[Plan, Any]", *, ax: Any = None) -> Any:
    """Draws how many people are offered something or held back, by reason.

    Parameters
    ----------
    plan : Plan or Study
        What :func:`yorisoi.plan` found, or a study.
    ax : matplotlib axes, optional
        Where to draw. ``None`` makes a figure.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> import numpy as np
    >>> import yorisoi
    >>> effect = np.array([[0.5], [0.2], [-0.1]])
    >>> effects = yorisoi.Effects(["call"], effect, np.full((3, 1), 0.05), effect - 0.1, effect + 0.1)
    >>> ax = yorisoi.plot.groups(yorisoi.plan(effects, allowed_harm=0.1))
    >>> [int(bar.get_width()) for bar in ax.patches]  # held back one, offered two
    [1, 2]
    """
    plan = getattr(plan, "plan", plan)
    if not isinstance(plan, Plan):
        raise InputError("give a `Plan`, or a `Study`", code="argument", column="plan")
    ax = _axes(ax)
    reasons, counts = [], []
    for reason in dict.fromkeys(plan.words):
        people = int((plan.reason == reason).sum())
        if people:
            reasons.append(plan.words[reason][0])
            counts.append(people)
    ax.barh(reasons[::-1], counts[::-1], color=INK)
    ax.set_xlabel("people")
    return ax
