"""Whom does help really help, with what, and whom is it better to leave in peace?

Yorisoi estimates the effect of help on each person from a table of past contacts, says how sure it is, proves the
ranking on people it has not learned from, and plans under a budget. See ``docs/python.md``.

===========================  ============================================================
:class:`CausalForest`        the effect of each arm (or of an amount) for each person
:class:`InstrumentalForest`  the effect on those whom an instrument moves
:class:`RegressionForest`    the mean of an outcome, with intervals
:class:`ProbabilityForest`   probabilities of a few classes, with intervals
:func:`rate`                 does the ranking find those whom help helps? also :func:`toc`, :func:`qini`
:func:`calibration`          are predicted effects the size they claim? also :func:`uplift_by_quantile`
:func:`plan`                 who is offered what under a budget
:func:`decide`               what now, for one person
:func:`study`                the whole way, with a verdict and a report
:func:`load`                 opens what ``save`` wrote
===========================  ============================================================
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._native import __version__

if TYPE_CHECKING:
    from . import plot as plot
    from ._causal import CausalForest as CausalForest
    from ._deciding import Decision as Decision
    from ._deciding import decide as decide
    from ._errors import InputError as InputError
    from ._errors import YorisoiWarning as YorisoiWarning
    from ._evaluation import best_linear_projection as best_linear_projection
    from ._evaluation import calibration as calibration
    from ._evaluation import compare_rates as compare_rates
    from ._evaluation import doubly_robust_scores as doubly_robust_scores
    from ._evaluation import qini as qini
    from ._evaluation import rate as rate
    from ._evaluation import toc as toc
    from ._evaluation import uplift_by_quantile as uplift_by_quantile
    from ._forests import ProbabilityForest as ProbabilityForest
    from ._forests import RegressionForest as RegressionForest
    from ._instrumental import InstrumentalForest as InstrumentalForest
    from ._planning import plan as plan
    from ._results import Calibration as Calibration
    from ._results import Curve as Curve
    from ._results import Effects as Effects
    from ._results import Estimate as Estimate
    from ._results import Plan as Plan
    from ._results import Quantiles as Quantiles
    from ._results import Rate as Rate
    from ._stored import load as load
    from ._study import Study as Study
    from ._study import study as study

# Where each name lives. Names are fetched when they are first used, so that `import yorisoi` costs
# milliseconds although scikit-learn, where it is installed, takes a second.
_HOMES = {
    "CausalForest": "_causal",
    "InputError": "_errors",
    "YorisoiWarning": "_errors",
    "best_linear_projection": "_evaluation",
    "calibration": "_evaluation",
    "compare_rates": "_evaluation",
    "doubly_robust_scores": "_evaluation",
    "qini": "_evaluation",
    "rate": "_evaluation",
    "toc": "_evaluation",
    "uplift_by_quantile": "_evaluation",
    "ProbabilityForest": "_forests",
    "RegressionForest": "_forests",
    "InstrumentalForest": "_instrumental",
    "Decision": "_deciding",
    "decide": "_deciding",
    "plan": "_planning",
    "Calibration": "_results",
    "Curve": "_results",
    "Effects": "_results",
    "Estimate": "_results",
    "Plan": "_results",
    "Quantiles": "_results",
    "Rate": "_results",
    "load": "_stored",
    "Study": "_study",
    "study": "_study",
}

__all__ = ["__version__", "plot", *sorted(_HOMES)]


# A type checker knows the names from above; told of this function, it would believe in every other name as well.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name == "plot":
            return import_module(".plot", __name__)
        if name in _HOMES:
            value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
            globals()[name] = value
            return value
        raise AttributeError(f"module 'yorisoi' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
