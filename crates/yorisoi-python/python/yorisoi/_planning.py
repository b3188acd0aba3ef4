"""Who is offered what, within a budget?"""

from __future__ import annotations

from typing import Any, Optional, Union

from . import _native
from ._errors import InputError
from ._results import Effects, Plan
from ._running import running, seed
from ._tables import column_data


def limits(
    costs: Any, budget: Any, value_per_outcome: Any, allowed_harm: Any, capacity: Any
) -> "tuple[dict[str, Any], list[tuple[str, Any]]]":
    """Checks limits and hands them over; columns of costs, one entry a person, come second."""
    columns: "list[tuple[str, Any]]" = []
    named: "list[tuple[str, Union[str, float]]]" = []
    for arm, cost in (costs or {}).items():
        if isinstance(cost, str):
            named.append((str(arm), cost))
        elif hasattr(cost, "__len__"):
            name = f"cost of {arm}"
            columns.append((name, column_data(cost, name)))
            named.append((str(arm), name))
        else:
            named.append((str(arm), float(cost)))
    for name, value in (("budget", budget), ("allowed_harm", allowed_harm)):
        if value is not None and not float(value) >= 0.0:
            raise InputError(f"`{name}` is {value}, expected 0 or more", code="argument", column=name)
    asked = {
        "costs": named,
        "budget": None if budget is None else float(budget),
        "value_per_outcome": None if value_per_outcome is None else float(value_per_outcome),
        "allowed_harm": None if allowed_harm is None else float(allowed_harm),
        "capacity": [(str(arm), int(people)) for arm, people in (capacity or {}).items()],
    }
    return asked, columns


def plan(
    effects: Effects,
    *,
    allowed_harm: float,
    costs: "Optional[dict[str, Union[float, Any]]]" = None,
    budget: Optional[float] = None,
    value_per_outcome: Optional[float] = None,
    capacity: "Optional[dict[str, int]]" = None,
    random_state: Any = None,
    n_jobs: Optional[int] = None,
) -> Plan:
    """Chooses for each person an arm or nothing, so that the limits are kept and the gain is largest.

    Parameters
    ----------
    effects : Effects
        Of :meth:`CausalForest.effects`, or made from arrays of another model.
    allowed_harm : float
        Harm that may be risked, in the unit of the outcome: nobody is offered an arm whose interval reaches below
        minus this. There is no default: whoever answers for the people concerned must choose.
    costs : dict of arm to float or column of shape (n,), optional
        What an arm costs a person. Without, every offer counts 1, so that money means people.
    budget : float, optional
        Money there is; ``None`` is unlimited.
    value_per_outcome : float, optional
        Worth of one unit of the outcome: nobody is then offered what costs more than it is expected to bring.
    capacity : dict of arm to int, optional
        People an arm can take.

    Returns
    -------
    Plan
        Its ``expected_gain`` sums effects that were chosen because they look large, and so overstates: what a plan is
        worth is told by people the model has not learned from (:func:`study` does).

    Raises
    ------
    InputError
        For an arm that does not exist, a cost that is no amount of money.

    References
    ----------
    Sverdrup, Wu, Athey & Wager (2024), "Qini curves for multi-armed treatment rules".

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import Effects, plan
    >>> effect = np.array([[0.5], [0.2], [-0.1], [0.4]])
    >>> effects = Effects(["call"], effect, np.full((4, 1), 0.05), effect - 0.1, effect + 0.1)
    >>> chosen = plan(effects, allowed_harm=0.1, costs={"call": 10.0}, budget=20.0)
    >>> chosen.action.tolist(), chosen.spend
    (['offer', 'hold', 'hold', 'offer'], 20.0)
    """
    import numpy as np

    if not isinstance(effects, Effects):
        raise InputError("`effects` must be an `Effects`, such as `forest.effects(X)`", code="argument", column="effects")
    asked, columns = limits(costs, budget, value_per_outcome, allowed_harm, capacity)
    # The library finds costs by column; a column of its own keeps the table from being empty.
    columns.append(("(row)", np.zeros(len(effects))))
    parts = tuple(np.ascontiguousarray(part, dtype=np.float64) for part in effects.parts())
    if any(part.shape != (len(effects), len(effects.arms)) for part in parts):
        raise InputError("the parts of `effects` differ in shape", code="argument", column="effects")
    with running(n_jobs) as how:
        native = _native.plan(
            parts, list(effects.arms), _native.ColumnSet.from_columns(columns), (asked, seed(random_state)), how
        )
    return Plan.of(native)
