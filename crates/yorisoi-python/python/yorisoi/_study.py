"""The whole way: from a table of past contacts to a verdict, a plan and a report."""

from __future__ import annotations

import json
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _native
from ._causal import CausalForest
from ._checks import arm_name, flag, names, number, refused, share_or_none, text, whole_or_none
from ._errors import InputError
from ._planning import limits
from ._results import Effects, Plan
from ._running import Progress, running, seed
from ._tables import table as read_table

if TYPE_CHECKING:
    from numpy.typing import NDArray


# What an argument must be that says where something stands.
COLUMN = "the name of a column"


class Study:
    """What a study found.

    Parameters
    ----------
    found : dict
        What the library hands over; :func:`study` makes a study of it.

    Attributes
    ----------
    summary : dict
        Every number of the report, as in ``summary.json``.
    effects : Effects
        Of every used row, of shape (rows, arms - 1) each: out of bag for rows the model learned from, predictions for the
        others.
    plan : Plan
        What is done with every used row.
    model : CausalForest
        Learned from the training rows, ready for new people.
    row : ndarray of int of shape (rows,)
        Row of the table behind each entry, counted from 0.
    held_out : ndarray of bool of shape (rows,)
        Whether the row was kept for judging.

    Examples
    --------
    >>> import numpy as np
    >>> import yorisoi
    >>> rng = np.random.default_rng(0)
    >>> past = {"age": rng.uniform(20, 70, 800), "offer": rng.choice(["none", "call"], 800)}
    >>> past["stayed"] = 1 * (rng.uniform(size=800) < 0.2 + 0.6 * (past["offer"] == "call") * (past["age"] > 45))
    >>> found = yorisoi.study(past, treatment="offer", outcome="stayed", propensity=0.5, n_estimators=20, repeats=1)
    >>> found.proven, found.summary["verdict"]["code"]
    (True, 'proven.targeting')
    >>> len(found.plan) == len(found.row) == 800, int(found.held_out.sum()) > 300
    (True, True)
    >>> younger, older = found.model.effect({"age": [30, 60]})
    >>> bool(older > younger + 0.2)
    True
    """

    def __init__(self, found: "dict[str, Any]") -> None:
        self._json = found["summary"]
        self.summary: "dict[str, Any]" = json.loads(self._json)
        self.effects = Effects(found["arms"], *found["effects"])
        self.plan = Plan.of(found["plan"])
        planned = found["plan"]
        self._codes = (planned["arm"][0], planned["group"][0], planned["reason"][0])
        self.model = CausalForest._opened(found["model"])
        self.row: "NDArray[Any]" = found["row"]
        self.held_out: "NDArray[Any]" = found["held_out"]

    @property
    def verdict(self) -> str:
        """The answer in one sentence."""
        return str(self.summary["verdict"]["en"])

    @property
    def proven(self) -> bool:
        """Whether help is proven to change something."""
        return bool(self.summary["verdict"]["proven"])

    def report(self, path: "Union[None, str, PathLike[str]]" = None) -> str:
        """Returns the report as one self-contained HTML page, the command line's own, and writes it to ``path``.

        Parameters
        ----------
        path : str or path, optional
            Where to write it as well.

        Returns
        -------
        str
            The page.
        """
        page = _native.report(self._json)
        if path is not None:
            Path(path).write_text(page, encoding="utf-8")
        return page

    def save(self, folder: "Union[str, PathLike[str]]") -> None:
        """Writes the five files of the command line's ``yorisoi study`` into a folder, which is made if need be.

        ``report.html``, ``effects.parquet``, ``plan.csv``, ``summary.json`` and ``model.yorisoi``; each replaces its
        namesake only when all are written. Everything else in the folder stays.
        """
        import os
        from tempfile import TemporaryDirectory

        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".unfinished-", dir=target) as unfinished:
            place = Path(unfinished)
            plan = self.plan
            amounts = (plan.effect, plan.low, plan.high, plan.value, plan.cost)
            effects = (self.effects.arms, self.effects.parts())
            _native.write_rows(str(place), effects, (self.row, self.held_out), amounts, self._codes)
            self.report(place / "report.html")
            (place / "summary.json").write_bytes(_native.summary_file(self._json))
            self.model.save(place / "model.yorisoi")
            for file in sorted(place.iterdir()):
                os.replace(file, target / file.name)

    def __repr__(self) -> str:
        return f"<Study of {self.summary['data']['used_rows']:,} rows: {self.verdict}>"

    def _repr_html_(self) -> str:
        from html import escape

        # The verdict itself begins with what is proven and what is not.
        return f"<p>{escape(self.verdict)}</p>"


def study(
    table: Any,
    *,
    treatment: str,
    outcome: str,
    control: "Union[None, str, int, float, bool]" = None,
    lower_is_better: bool = False,
    discrete_treatment: bool = True,
    features: "Optional[list[str]]" = None,
    drop: "Optional[list[str]]" = None,
    cluster: Optional[str] = None,
    sample_weight: Optional[str] = None,
    propensity: "Union[None, float, str, dict[str, float], dict[str, str]]" = None,
    costs: "Optional[dict[str, Union[float, str]]]" = None,
    budget: Optional[float] = None,
    value_per_outcome: Optional[float] = None,
    allowed_harm: Optional[float] = None,
    capacity: "Optional[dict[str, int]]" = None,
    holdout: Optional[float] = None,
    repeats: Optional[int] = None,
    trim: Optional[float] = None,
    name: Optional[str] = None,
    n_estimators: Optional[int] = None,
    nuisance_learner: str = "boosted",
    max_bins: int = 64,
    random_state: Any = None,
    n_jobs: Optional[int] = None,
    progress: Progress = None,
) -> Study:
    """Learns on one part of a table, judges on the rest, plans for all: the command line's ``yorisoi study``.

    Parameters
    ----------
    table : table with one row a person, or a path to CSV or Parquet
        Anything that :meth:`CausalForest.fit` reads, with names of columns.
    treatment, outcome : str
        The columns that say what each person got and how it ended, more being better.
    lower_is_better : bool
        Less of the outcome is better, as with complaints: effects then count the improvement.
    discrete_treatment : bool
        Whether the treatment is one of a few arms. ``False`` takes it as an amount: one unit more is then set against
        what each person got.
    control : str, int, float or bool, optional
        The arm others are compared with. ``None`` looks for one called 0, control, none, false and the like.
    features, drop : list of str, optional
        The columns that were known before; or those that were not. Default: all others are features.
    cluster, sample_weight : str, optional
        Columns that say who belongs together and how much a row counts, above 0.
    propensity : float, str or dict, optional
        Known probability of the single treated arm, a column of it, or by arm a probability or the name of a column each.
    costs, budget, value_per_outcome, capacity
        As in :func:`plan`; a cost may also be a column's name.
    allowed_harm : float, optional
        Harm that may be risked, in the unit of the outcome; ``None`` allows 0.2 standard deviations of it, what the field
        calls a small effect. Whoever answers for the people concerned should choose their own.
    holdout : float, optional
        Share of the rows kept for judging. ``None`` keeps one half, above 200,000 rows one third.
    repeats : int, optional
        Splits judged. ``None`` judges one, and five where its verdict is close.
    trim : float, optional
        Leaves rows with a smaller propensity out of all judging.
    name : str, optional
        What the report calls the table. ``None`` is the name of the file, or "table".
    n_estimators, nuisance_learner, max_bins, random_state
        As in :class:`CausalForest`.
    n_jobs : int, optional
        Threads, whose number changes no result; ``None`` and -1 take every core.
    progress : bool or callable, optional
        ``True`` shows a bar; a callable is called with stage, steps done and steps in all.

    Returns
    -------
    Study
        Verdict, numbers, plan and model; its ``report()`` is a page.

    Raises
    ------
    InputError
        For a table that cannot be studied, with the column and the row at fault. Data that can be studied and yet cannot
        answer give a verdict that says so.

    References
    ----------
    Athey, Tibshirani & Wager (2019) and Nie & Wager (2021) for the effects; Robins, Rotnitzky & Zhao (1994) for the scores
    that judge them on rows kept aside; Yadlowsky et al. (2024) for the ranking; Chernozhukov et al. (2025) for calibration;
    Athey & Wager (2021), "Policy learning with observational data", for the plan's gain. ``docs/statistics.md`` has all.

    Examples
    --------
    >>> import numpy as np
    >>> import yorisoi
    >>> rng = np.random.default_rng(0)
    >>> past = {"age": rng.uniform(20, 70, 2000), "offer": rng.choice(["none", "call"], 2000)}
    >>> past["stayed"] = (rng.uniform(size=2000) < 0.3 + 0.4 * (past["offer"] == "call") * (past["age"] > 45)).astype(int)
    >>> found = yorisoi.study(past, treatment="offer", outcome="stayed", propensity=0.5, n_estimators=50)
    >>> found.proven
    True
    >>> found.report().startswith("<!DOCTYPE html>")
    True
    """
    asked, columns = limits(costs, budget, value_per_outcome, allowed_harm, capacity)
    if columns:
        raise InputError("in a study, name the column of a cost instead of passing it", code="argument", column="costs")
    judge = {
        "holdout": share_or_none("holdout", holdout),
        "repeats": whole_or_none("repeats", repeats, 1, 2**32 - 1),
        "trim": share_or_none("trim", trim),
    }
    roles = {
        "treatment": text("treatment", treatment, COLUMN),
        "outcome": text("outcome", outcome, COLUMN),
        "control": None if control is None else arm_name(control),
        "features": None if features is None else names("features", features),
        "drop": [] if drop is None else names("drop", drop),
        "cluster": None if cluster is None else text("cluster", cluster, COLUMN),
        "weight": None if sample_weight is None else text("sample_weight", sample_weight, COLUMN),
        "propensity": _known(propensity),
        "is_dose": not flag("discrete_treatment", discrete_treatment),
        "lower_is_better": flag("lower_is_better", lower_is_better),
    }
    forest = CausalForest(n_estimators, max_bins=max_bins, random_state=seed(random_state))
    growth = forest._growth(learner=nuisance_learner)
    is_path = isinstance(table, (str, PathLike))
    label = name if name is not None else Path(fspath(table)).name if is_path else "table"
    told = (growth, {"name": text("name", label, "a text"), **judge}, asked)
    with running(n_jobs, progress) as how:
        if is_path:
            return Study(_native.study_file(fspath(table), roles, told, how))
        return Study(_native.study(read_table(table)[0], roles, told, how))


def _known(propensity: Any) -> Any:
    """Returns known propensities as the library takes them."""
    if propensity is None or isinstance(propensity, str):
        return propensity
    if isinstance(propensity, dict):
        shares = propensity.items()
        return [(arm_name(arm), p if isinstance(p, str) else number(f"propensity of {arm}", p)) for arm, p in shares]
    if hasattr(propensity, "__len__"):
        raise refused("propensity", type(propensity).__name__, "a number, the name of a column, or one of them by arm")
    return number("propensity", propensity, "a number, the name of a column, or one of them by arm")
