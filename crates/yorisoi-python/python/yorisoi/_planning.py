"""Who is offered what, within a budget?"""

from __future__ import annotations

from typing import Any, Optional, Union

from . import _native
from ._checks import amount_or_none, arm_name, by_arm, number, number_or_none, whole
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
    for arm, cost in by_arm("costs", costs):
        spelt = arm_name(arm)
        name = f"cost of {spelt}"
        if isinstance(cost, str):
            named.append((spelt, cost))
        elif getattr(cost, "ndim", 1) > 0 and (hasattr(cost, "__len__") or hasattr(cost, "__arrow_c_array__")):
            columns.append((name, column_data(cost, name)))
            named.append((spelt, name))
        else:
            named.append((spelt, number(name, cost, "a number, or a column with one a person")))
    asked = {
        "costs": named,
        "budget": amount_or_none("budget", budget),
        "value_per_outcome": number_or_none("value_per_outcome", value_per_outcome),
        "allowed_harm": amount_or_none("allowed_harm", allowed_harm),
        "capacity": [(arm_name(arm), _places(arm_name(arm), people)) for arm, people in by_arm("capacity", capacity)],
    }
    return asked, columns


def _places(arm: str, people: Any) -> int:
    # Numbers of a table with a gap are floats, whole as they may be.
    is_whole = isinstance(people, float) and people.is_integer()
    return whole(f"capacity of {arm}", int(people) if is_whole else people, 0, 2**53)


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
        minus this. There is no default here: whoever answers for the people concerned must choose. (:func:`study`, which
        knows how much the outcome varies, allows 0.2 standard deviations of it where nothing is said.)
    costs : dict of arm to float or column of shape (n,), optional
        What an arm costs a person, in money of any unit. Without, every offer counts 1, so that money means people.
    budget : float, optional
        Money there is, in that unit; ``None`` is unlimited.
    value_per_outcome : float, optional
        Worth of one unit of the outcome in that money: nobody is then offered what costs more than it is expected to bring.
    capacity : dict of arm to int, optional
        People an arm can take.
    random_state : int, RandomState or Generator, optional
        Decides between people who are alike in everything; ``None`` is 42.
    n_jobs : int, optional
        Threads; ``None`` and -1 take every core.

    Returns
    -------
    Plan
        Its ``expected_gain`` sums effects that were chosen because they look large, and so overstates: what a plan is
        worth is told by people the model has not learned from (:func:`study` does).

    Raises
    ------
    InputError
        For an arm that does not exist, a cost that is no amount of money, with its row; for a limit below 0.

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
    parts = effects.checked_parts()
    # The library finds costs by column; a column of its own keeps the table from being empty, and says its length.
    columns.insert(0, ("(row)", np.zeros(len(parts[0]))))
    arms, table = [arm_name(arm) for arm in effects.arms], _native.ColumnSet.from_columns(columns)
    with running(n_jobs) as how:
        native = _native.plan(parts, arms, table, (asked, seed(random_state)), how)
    return Plan.of(native)
