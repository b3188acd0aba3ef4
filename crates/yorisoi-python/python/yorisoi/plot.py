"""Pictures of results, with matplotlib: the same numbers as the report.

Every function takes an ``ax`` to draw on and returns it, so that pictures combine.

Examples
--------
>>> import matplotlib
>>> matplotlib.use("Agg")
>>> import numpy as np
>>> import yorisoi
>>> effect = np.r_[np.ones(20), np.zeros(80)]
>>> ax = yorisoi.plot.toc(yorisoi.rate(effect, effect))
>>> ax.get_xlabel()
'share treated, those ranked first'
"""

from __future__ import annotations

from typing import Any, Union

from ._errors import InputError
from ._results import Curve, Effects, Plan, Quantiles, Rate

INK, BAND, REFERENCE, SECOND = "#1f5a7a", "#9cc4d8", "#8a8a8a", "#c0563b"


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("pictures need matplotlib: `pip install 'yorisoi[plot]'`") from error
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


def toc(curve: "Union[Rate, Curve]", ax: Any = None) -> Any:
    """Draws how much more those ranked first gain than everyone, by share."""
    return _curve(curve.toc_curve if isinstance(curve, Rate) else curve, ax, "gain over the average effect")


def qini(curve: "Union[Rate, Curve]", ax: Any = None) -> Any:
    """Draws the gain per head when the first ranked are treated, with the line of a ranking by chance."""
    points = curve.qini_curve if isinstance(curve, Rate) else curve
    ax = _curve(points, ax, "gain per head of everyone")
    ax.plot([0.0, 1.0], [0.0, points.estimate[-1]], color=REFERENCE, linestyle="--", linewidth=1.0)
    return ax


def calibration(cells: Quantiles, ax: Any = None) -> Any:
    """Draws found against predicted effect of each cell of :func:`yorisoi.uplift_by_quantile`."""
    ax = _axes(ax)
    predicted = [cell.predicted for cell in cells]
    found = [cell.found.estimate for cell in cells]
    errors = [[cell.found.estimate - cell.found.low for cell in cells], [cell.found.high - cell.found.estimate for cell in cells]]
    ends = [min(predicted), max(predicted)]
    ax.plot(ends, ends, color=REFERENCE, linestyle="--", linewidth=1.0, label="as predicted")
    ax.errorbar(predicted, found, yerr=errors, fmt="o", color=INK, ecolor=BAND, capsize=2, label="found, 95 %")
    ax.axhline(0.0, color=REFERENCE, linewidth=0.8)
    ax.set_xlabel("predicted effect")
    ax.set_ylabel("effect found")
    ax.legend(frameon=False)
    return ax


def effects(effects: Effects, arm: int = 0, ax: Any = None) -> Any:
    """Draws everyone's effect with its 95 % interval, lowest first (at most 200 people, evenly spaced)."""
    import numpy as np

    ax = _axes(ax)
    known = np.flatnonzero(np.isfinite(effects.effect[:, arm]))
    order = known[np.argsort(effects.effect[known, arm], kind="stable")]
    if not len(order):
        raise InputError("there is no effect to draw", code="argument")
    places = np.unique(np.linspace(0, len(order) - 1, min(200, len(order))).round().astype(int))
    share, rows = places / max(len(order) - 1, 1), order[places]
    ax.vlines(share, effects.low[rows, arm], effects.high[rows, arm], color=BAND, linewidth=1.0, label="95 %")
    ax.plot(share, effects.effect[rows, arm], ".", color=INK, markersize=3, label="effect")
    ax.axhline(0.0, color=REFERENCE, linewidth=0.8)
    ax.set_xlabel("people by effect, as a share")
    ax.set_ylabel(f"effect of {effects.arms[arm]}")
    ax.legend(frameon=False)
    return ax


def budget(study: Any, ax: Any = None) -> Any:
    """Draws what a budget buys, on held-out rows scaled to all, beside picking people at random.

    ``study`` is a :class:`yorisoi.Study` or its summary.
    """
    summary = getattr(study, "summary", study)
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


def overlap(study: Any, arm: int = 0, ax: Any = None) -> Any:
    """Draws how propensities of treated and control people overlap, by the study's 20 equal cells."""
    summary = getattr(study, "summary", study)
    found = summary["overlap"][arm]
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


def groups(plan: Plan, ax: Any = None) -> Any:
    """Draws how many people are offered something or held back, by reason."""
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
