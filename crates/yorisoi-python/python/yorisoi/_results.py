"""Plain results: numbers with their uncertainty, curves, cells, plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Optional

from ._errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def normal_quantile(alpha: float) -> float:
    """Returns the quantile of a two-sided interval of level ``1 - alpha``."""
    if not 0.0 < alpha < 1.0:
        raise InputError(f"`alpha` is {alpha}, expected a number between 0 and 1", code="argument", column="alpha")
    return NormalDist().inv_cdf(1.0 - alpha / 2.0)


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error, 95 % interval and the units (or clusters) behind it.

    Everything is in the unit of what is estimated.

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
        """Returns the normal interval of level ``1 - alpha``."""
        half = normal_quantile(alpha) * self.std_error
        return self.estimate - half, self.estimate + half

    def __float__(self) -> float:
        return self.estimate

    def __str__(self) -> str:
        return f"{self.estimate:.4g} (95 %: {self.low:.4g} to {self.high:.4g}, n = {self.n:,})"


def estimate_of(value: "Optional[dict[str, Any]]") -> "Optional[Estimate]":
    """Reads an estimate from JSON."""
    return None if value is None else Estimate(**value)


@dataclass(frozen=True)
class Curve:
    """A curve by share treated, with its pointwise 95 % band; every array has one entry a point."""

    share: "NDArray[Any]"
    estimate: "NDArray[Any]"
    std_error: "NDArray[Any]"
    low: "NDArray[Any]"
    high: "NDArray[Any]"

    @classmethod
    def of(cls, points: "list[dict[str, float]]") -> "Curve":
        """Reads a curve from JSON."""
        import numpy as np

        names = ("share", "estimate", "std_error", "low", "high")
        columns = {name: np.array([point.get(name, np.nan) for point in points], dtype=float) for name in names}
        return cls(**columns)

    def __len__(self) -> int:
        return len(self.share)


@dataclass(frozen=True)
class Rate:
    """Rank-weighted average treatment effects of one ranking, and the curves behind them."""

    autoc: Estimate
    qini: Estimate
    toc_curve: Curve
    qini_curve: Curve

    def __str__(self) -> str:
        return f"AUTOC {self.autoc}\nQini {self.qini}"


@dataclass(frozen=True)
class Calibration:
    """Whether predicted effects have the size they claim; ``None`` where the data cannot say.

    ``mean`` is 1 where the average prediction is right. ``differential`` is 1 where the spread is right, 0 where there
    is none, and ``p_value`` says how likely so large a coefficient is without any.
    """

    mean: Optional[Estimate]
    differential: Optional[Estimate]
    p_value: Optional[float]


@dataclass(frozen=True)
class Quantile:
    """One cell of people with similar predicted effect; cell 1 has the highest."""

    cell: int
    predicted: float
    found: Estimate


@dataclass(frozen=True)
class Quantiles:
    """Cells by predicted effect, highest first, and the first less the last, paired by cluster."""

    cells: "tuple[Quantile, ...]"
    first_less_last: Estimate

    def __iter__(self) -> "Any":
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)


@dataclass(frozen=True)
class Effects:
    """Effects of people under every arm but control: arrays of shape (people, arms), in the unit of the outcome.

    ``low`` and ``high`` are the 95 % interval; it holds the effect but need not be symmetric around it. It lies around
    ``centre``, an estimate from finer leaves (``None``: midway between its ends), within ``bound`` on either side: 1 of an
    outcome that is 0 or 1, ``None`` of any other. Where it is not known, all of it is NaN.
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
        """Returns both ends of the interval of level ``1 - alpha``, each of shape (people, arms)."""
        from ._native import interval

        if alpha == 0.05:
            return self.low, self.high
        return interval(self.parts(), (self.centre, self.bound), normal_quantile(alpha))

    def parts(self) -> "tuple[Any, Any, Any, Any]":
        """Returns effect, standard error, lower and upper end."""
        return self.effect, self.std_error, self.low, self.high

    def columns(self) -> "dict[str, NDArray[Any]]":
        """Returns one array a column, named as in ``effects.parquet``: ready for ``pandas.DataFrame(...)``."""
        named = {}
        for at, arm in enumerate(self.arms):
            for prefix, part in zip(("effect", "std_error", "low", "high"), self.parts()):
                named[f"{prefix}_{arm}"] = part[:, at]
        return named


@dataclass(frozen=True)
class Plan:
    """What is done with every person, and what that costs and is expected to bring.

    Arrays have one entry a person. On a ``hold`` row ``arm`` is the one that came closest.
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
        """Reads a plan as the library hands it over."""
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
