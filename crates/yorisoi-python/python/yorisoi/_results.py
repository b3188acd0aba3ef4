"""Plain results: numbers with their uncertainty, curves, cells, plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Optional

from . import _native
from ._checks import amount_or_none, refused, share
from ._errors import InputError
from ._tables import matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error, 95 % interval and the people (or clusters) behind it.

    Attributes
    ----------
    estimate : float
        In the unit of what is estimated, as are the others.
    std_error : float
        Its standard error, in that unit.
    low, high : float
        The 95 % interval, in that unit.
    n : int
        People behind it, or clusters where there are any.

    Examples
    --------
    >>> from yorisoi import Estimate
    >>> print(Estimate(estimate=0.5, std_error=0.1, low=0.304, high=0.696, n=1000))
    0.5 (95 %: 0.304 to 0.696, n = 1,000)
    """

    estimate: float
    std_error: float
    low: float
    high: float
    n: int

    def interval(self, alpha: float = 0.05) -> "tuple[float, float]":
        """Returns both ends of the normal interval.

        Parameters
        ----------
        alpha : float
            One less the level: 0.05 for 95 %.

        Returns
        -------
        low, high : float
            In the unit of the estimate.

        Raises
        ------
        InputError
            For an ``alpha`` that is not between 0 and 1.

        Examples
        --------
        >>> from yorisoi import Estimate
        >>> low, high = Estimate(0.5, 0.1, 0.304, 0.696, 1000).interval(alpha=0.1)
        >>> round(low, 3), round(high, 3)
        (0.336, 0.664)
        """
        return _native.estimate_interval(self.estimate, self.std_error, share("alpha", alpha))

    def __float__(self) -> float:
        return self.estimate

    def __str__(self) -> str:
        return f"{self.estimate:.4g} (95 %: {self.low:.4g} to {self.high:.4g}, n = {self.n:,})"


def estimate_of(value: "Optional[dict[str, Any]]") -> "Optional[Estimate]":
    """Reads an estimate from JSON."""
    return None if value is None else Estimate(**value)


@dataclass(frozen=True)
class Curve:
    """A curve by share treated, with its pointwise 95 % band; every array has one entry a point.

    Attributes
    ----------
    share : ndarray of shape (points,)
        Share of the people treated, above 0, at most 1.
    estimate : ndarray of shape (points,)
        The curve, in the unit of the scores.
    std_error : ndarray of shape (points,)
        Its standard error, in that unit; NaN where a study's summary, which has none, was read.
    low, high : ndarray of shape (points,)
        The band, in that unit.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import qini
    >>> effect = np.r_[np.ones(20), np.zeros(80)]
    >>> curve = qini(effect, effect, points=5)
    >>> curve.share.round(2).tolist(), curve.estimate.round(2).tolist()
    ([0.2, 0.4, 0.6, 0.8, 1.0], [0.2, 0.2, 0.2, 0.2, 0.2])
    """

    share: "NDArray[Any]"
    estimate: "NDArray[Any]"
    std_error: "NDArray[Any]"
    low: "NDArray[Any]"
    high: "NDArray[Any]"

    @classmethod
    def of(cls, points: "list[dict[str, float]]") -> "Curve":
        """Reads a curve from its ``points`` in JSON."""
        import numpy as np

        names = ("share", "estimate", "std_error", "low", "high")
        columns = {name: np.array([point.get(name, np.nan) for point in points], dtype=float) for name in names}
        return cls(**columns)

    def __len__(self) -> int:
        return len(self.share)


@dataclass(frozen=True)
class Rate:
    """Rank-weighted average treatment effects of one ranking, and the curves behind them.

    Attributes
    ----------
    autoc : Estimate
        Area under the TOC curve, in the unit of the scores: those ranked first weigh most.
    qini : Estimate
        Area between the Qini curve and a ranking by chance, in that unit: everyone weighs by share. It is not divided by what
        a perfect ranking would have.
    toc_curve, qini_curve : Curve
        How much more those ranked first gain than everyone; gain per head when they are treated; in that unit.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import rate
    >>> rng = np.random.default_rng(0)
    >>> effect = rng.normal(size=500)
    >>> found = rate(effect, effect + rng.normal(size=500))
    >>> found.autoc.low > 0 and found.qini.low > 0
    True
    >>> len(found.toc_curve)
    100
    """

    autoc: Estimate
    qini: Estimate
    toc_curve: Curve
    qini_curve: Curve

    def __str__(self) -> str:
        return f"AUTOC {self.autoc}\nQini {self.qini}"


@dataclass(frozen=True)
class Calibration:
    """Whether predicted effects have the size they claim; ``None`` where the data cannot say.

    Attributes
    ----------
    mean : Estimate or None
        Found over predicted, without unit: 1 where the average prediction is right.
    differential : Estimate or None
        The same of differences, without unit: 1 where the spread is right, 0 where there is none.
    p_value : float or None
        Probability of so large a ``differential`` where there is no spread.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import calibration
    >>> rng = np.random.default_rng(0)
    >>> effect = rng.normal(1, 1, 2000)
    >>> found = calibration(effect, effect + rng.normal(size=2000))
    >>> found.differential.low < 1 < found.differential.high, found.p_value < 0.001
    (True, True)
    """

    mean: Optional[Estimate]
    differential: Optional[Estimate]
    p_value: Optional[float]


@dataclass(frozen=True)
class Quantile:
    """One cell of people with similar predicted effect.

    Attributes
    ----------
    cell : int
        Its number; 1 has the highest prediction.
    predicted : float
        Mean predicted effect, in the unit of the scores.
    found : Estimate
        Mean effect found, in that unit.
    """

    cell: int
    predicted: float
    found: Estimate


@dataclass(frozen=True)
class Quantiles:
    """Cells by predicted effect, highest first.

    Attributes
    ----------
    cells : tuple of Quantile
        What iterating gives too.
    first_less_last : Estimate
        Effect found in the first cell less that in the last, paired by cluster, in the unit of the scores.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import uplift_by_quantile
    >>> effect = np.arange(100.0)
    >>> cells = uplift_by_quantile(effect, effect, bins=2)
    >>> [(cell.cell, round(cell.predicted, 1)) for cell in cells], round(cells.first_less_last.estimate, 1)
    ([(1, 74.5), (2, 24.5)], 50.0)
    """

    cells: "tuple[Quantile, ...]"
    first_less_last: Estimate

    def __iter__(self) -> "Any":
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)


def _shaped(name: str, values: Any, shape: "tuple[int, ...]") -> "NDArray[Any]":
    numbers = matrix(values, name)
    if numbers.shape != shape:
        raise InputError(
            f"`{name}` has the shape {numbers.shape}, expected {shape}: one row a person, one column an arm but control",
            code="argument",
            column=name,
        )
    return numbers


@dataclass(frozen=True)
class Effects:
    """Effects of people under every arm but control: arrays of shape (people, arms), in the unit of the outcome.

    Attributes
    ----------
    arms : list of str
        The arms, control left out.
    effect : ndarray of shape (people, arms)
        Estimated effects, in the unit of the outcome.
    std_error : ndarray of shape (people, arms)
        Their standard errors, in that unit; NaN where the interval is not known.
    low, high : ndarray of shape (people, arms)
        The 95 % interval, in that unit, which holds the effect but need not be symmetric around it.
    centre : ndarray of shape (people, arms), optional
        What the interval lies around, in that unit: an estimate from finer leaves. ``None`` is midway between its ends.
    bound : float, optional
        What no effect can exceed on either side, in that unit: 1 of an outcome that is 0 or 1, ``None`` of any other.

    Examples
    --------
    Of another model, with standard errors of its own:

    >>> import numpy as np
    >>> from yorisoi import Effects
    >>> effect, std_error = np.array([[0.5], [-0.1]]), np.full((2, 1), 0.1)
    >>> effects = Effects(["call"], effect, std_error, effect - 1.96 * std_error, effect + 1.96 * std_error)
    >>> low, high = effects.interval(alpha=0.1)
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([[0.34], [-0.26]], [[0.66], [0.06]])
    >>> sorted(effects.columns())
    ['effect_call', 'high_call', 'low_call', 'std_error_call']
    """

    arms: "list[str]"
    effect: "NDArray[Any]"
    std_error: "NDArray[Any]"
    low: "NDArray[Any]"
    high: "NDArray[Any]"
    centre: "Optional[NDArray[Any]]" = None
    bound: Optional[float] = None

    def __len__(self) -> int:
        return len(self.effect)

    def interval(self, alpha: float = 0.05) -> "tuple[NDArray[Any], NDArray[Any]]":
        """Returns both ends of the interval.

        Parameters
        ----------
        alpha : float
            One less the level: 0.05 for 95 %.

        Returns
        -------
        low, high : ndarray of shape (people, arms)
            In the unit of the outcome.

        Raises
        ------
        InputError
            For an ``alpha`` that is not between 0 and 1; for parts that differ in shape.
        """
        level = share("alpha", alpha)
        if level == 0.05:
            return self.low, self.high
        parts = self.checked_parts()
        centre = None if self.centre is None else _shaped("centre", self.centre, parts[0].shape)
        return _native.interval(parts, (centre, amount_or_none("bound", self.bound)), level)

    def parts(self) -> "tuple[Any, Any, Any, Any]":
        """Returns effect, standard error, lower and upper end."""
        return self.effect, self.std_error, self.low, self.high

    def checked_parts(self) -> "tuple[Any, Any, Any, Any]":
        """Returns :meth:`parts` as matrices of numbers that agree in shape."""
        if not isinstance(self.arms, (list, tuple)):
            raise refused("arms", self.arms, "a list of names")
        try:
            shape = len(self.effect), len(self.arms)
        except TypeError:
            raise refused("effect", type(self.effect).__name__, "a matrix of one row a person") from None
        named = zip(("effect", "std_error", "low", "high"), self.parts())
        effect, std_error, low, high = (_shaped(name, part, shape) for name, part in named)
        return effect, std_error, low, high

    def columns(self) -> "dict[str, NDArray[Any]]":
        """Returns one array a column, named as in ``effects.parquet``: ready for ``pandas.DataFrame(...)``."""
        named = {}
        for at, arm in enumerate(self.arms):
            for prefix, part in zip(("effect", "std_error", "low", "high"), self.parts()):
                named[f"{prefix}_{arm}"] = part[:, at]
        return named


@dataclass(frozen=True)
class Plan:
    """What is done with every person, and what that costs and is expected to bring; arrays have one entry a person.

    Attributes
    ----------
    row : ndarray of int of shape (people,)
        Row of the table, counted from 0.
    action : ndarray of str of shape (people,)
        ``offer`` or ``hold``.
    arm : ndarray of str of shape (people,)
        What is offered; on a ``hold`` row, what came closest.
    effect, low, high : ndarray of shape (people,)
        Effect of that arm, with its 95 % interval, in the unit of the outcome.
    value : ndarray of shape (people,)
        What it is worth: with ``value_per_outcome`` and costs what the effect brings less its cost, in money; otherwise the
        effect itself, in the unit of the outcome.
    cost : ndarray of shape (people,)
        What it costs this person, in money; 1 everywhere where no costs were given.
    group : ndarray of str of shape (people,)
        ``persuadable``, ``no_effect``, ``sleeping_dog`` or ``undecided``.
    reason : ndarray of str of shape (people,)
        Stable code of why; ``words`` has it in English and Japanese.
    people : int
        People who are offered something.
    people_by_arm : dict of arm to int
        The same by arm.
    spend : float
        Money spent in all; people, where no costs were given.
    expected_gain : float
        Sum of the effects of what is offered, in the unit of the outcome.
    price : float or None
        Gain of the last unit of money spent, in units of the outcome per unit of money; ``None`` where the budget does not
        bind.
    words : dict of code to (str, str)
        Every reason in English and in Japanese.

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import Effects, plan
    >>> effect = np.array([[0.5], [-0.1]])
    >>> effects = Effects(["call"], effect, np.full((2, 1), 0.05), effect - 0.1, effect + 0.1)
    >>> found = plan(effects, allowed_harm=0.1, costs={"call": 10.0})
    >>> for row in zip(found.row.tolist(), found.action, found.reason):
    ...     print(*row)
    0 offer offer.best_value
    1 hold hold.no_gain
    >>> found.people_by_arm, found.spend, found.expected_gain
    ({'call': 1}, 10.0, 0.5)
    """

    row: "NDArray[Any]"
    action: "NDArray[Any]"
    arm: "NDArray[Any]"
    effect: "NDArray[Any]"
    low: "NDArray[Any]"
    high: "NDArray[Any]"
    value: "NDArray[Any]"
    cost: "NDArray[Any]"
    group: "NDArray[Any]"
    reason: "NDArray[Any]"
    people: int
    people_by_arm: "dict[str, int]"
    spend: float
    expected_gain: float
    price: Optional[float]
    words: "dict[str, tuple[str, str]]" = field(repr=False)

    @classmethod
    def of(cls, native: "dict[str, Any]") -> "Plan":
        """Reads a plan as the library hands it over, ``native``."""
        import numpy as np

        def named(codes: Any) -> Any:
            numbers, names = codes
            return np.array(names, dtype=object)[numbers]

        reason = named(native["reason"])
        is_offer = np.array([code.startswith("offer") for code in native["reason"][1]])[native["reason"][0]]
        return cls(
            row=native["row"],
            action=np.where(is_offer, "offer", "hold").astype(object),
            arm=named(native["arm"]),
            effect=native["effect"],
            low=native["low"],
            high=native["high"],
            value=native["value"],
            cost=native["cost"],
            group=named(native["group"]),
            reason=reason,
            people=native["n_reached"],
            people_by_arm=dict(zip(native["arm"][1], native["people_by_arm"])),
            spend=native["spend"],
            expected_gain=native["expected_gain"],
            price=native["price"],
            words=dict(zip(native["reason"][1], native["words"])),
        )

    def __len__(self) -> int:
        return len(self.row)

    def columns(self) -> "dict[str, NDArray[Any]]":
        """Returns one array a column, named as in ``plan.csv``: ready for ``pandas.DataFrame(...)``."""
        names = ("row", "action", "arm", "effect", "low", "high", "value", "cost", "group", "reason")
        return {name: getattr(self, name) for name in names}
