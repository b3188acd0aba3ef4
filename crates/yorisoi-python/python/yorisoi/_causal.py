"""What help changes, for whom: the causal forest."""

from __future__ import annotations

import json
from os import PathLike
from typing import TYPE_CHECKING, Any, Optional, Union

from ._base import Forest, given_or_none
from ._checks import arm_name, flag, number, text
from ._errors import InputError, not_fitted
from ._native import ColumnSet, EffectModel, Evidence, InstrumentForest, fit_effects
from ._results import Effects, Estimate
from ._running import Progress, running
from ._tables import column_data, is_scalar, roles

if TYPE_CHECKING:
    from numpy.typing import NDArray


class CausalForest(Forest):
    """Estimates for each person what each kind of help changes, with an honest interval.

    Help may be one or several arms against control, or an amount; with an instrument, help that people chose
    themselves. Outcome and treatment are centred by cross-fitted models first; trees then split where effects differ,
    on other people than those whose outcomes fill their leaves.

    Parameters
    ----------
    n_estimators : int, optional
        Trees an arm. ``None`` takes 500, enough that their number hardly shows beside the noise of the data; beyond a
        million rows, where asking every tree costs most, fewer by the cube root of the rows.
    control : str, int, float or bool, optional
        The arm others are compared with. ``None`` looks for one called 0, control, none, false and the like.
    discrete_treatment : bool
        Whether the treatment is one of a few arms. ``False`` takes it as an amount: effects are then per unit of it.
    min_samples_leaf : int, optional
        People behind a point estimate. ``None`` chooses by out-of-bag loss, from the same forest.
    interval_leaf : int, optional
        People behind a standard error. ``None`` chooses by size: finer than for the point, so that intervals cover.
    max_samples : float, optional
        Share of the people in a subsample, at most 0.5. ``None`` takes 0.5 until subsamples hold 50,000.
    cv : int, optional
        Folds of the models that centre outcome and treatment. ``None`` takes 5, above 200,000 rows 2. Forests need none.
    nuisance_learner : {"boosted", "forest"}
        What centres outcome and treatment: boosted trees fold by fold, or a forest of each, asked out of bag. Boosted
        trees come closer to a steep outcome and make the smaller model; forests have no rounds to choose and no folds to
        deal.
    max_bins : int
        Cells a number is sorted into before trees see it.
    random_state : int, RandomState or Generator, optional
        Key of all randomness: the same number gives the same bytes for any number of threads. ``None`` is 42.
    n_jobs : int, optional
        Threads; ``None`` and -1 take every core.
    progress : bool or callable, optional
        ``True`` shows a bar; a callable is called with stage, steps done and steps in all.

    Attributes
    ----------
    arms_ : list of str
        Arms, control first.
    effect_oob_ : ndarray of shape (n,) or (n, arms - 1)
        Effects of the rows it learned from, each by trees that have not seen the row nor its cluster, in the unit of
        the outcome; NaN for rows that were left out.
    effects_oob_ : Effects
        The same with standard errors and intervals, of shape (n, arms - 1) each; :meth:`effect_oob_interval` has
        intervals of any level.
    feature_importances_ : ndarray of shape (features,) or (arms - 1, features)
        Share of splits, weighted by depth, of the features that were of use.
    n_features_in_, feature_names_in_
        As in scikit-learn.
    dropped_ : dict of str to int
        How many rows were left out, by reason: ``outcome.missing``, ``treatment.missing``. Empty with an instrument.
    tuning_ : list of dict
        One an arm but control: trees and leaf sizes chosen, and the loss at each leaf size tried.
    fingerprint_ : str
        Hash of the data learned from.

    With an instrument there are no models of arms, and ``feature_importances_``, ``tuning_`` and ``fingerprint_`` raise
    ``AttributeError``; so does ``fingerprint_`` of a forest that :func:`yorisoi.load` opened.

    Notes
    -----
    The effect is causal if, given the features, chance decided who was treated (no unmeasured confounding), everyone
    could have got either arm (overlap), and helping one person does not change another.

    References
    ----------
    Athey, Tibshirani & Wager (2019), "Generalized random forests"; Nie & Wager (2021), "Quasi-oracle estimation of
    heterogeneous treatment effects".

    Examples
    --------
    >>> import numpy as np
    >>> from yorisoi import CausalForest
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(2000, 4))
    >>> offer = rng.integers(0, 2, 2000)
    >>> y = X[:, 1] + offer * (X[:, 0] > 0) + rng.normal(size=2000)
    >>> forest = CausalForest(n_estimators=100).fit(X, y, offer, propensity=0.5)
    >>> helped, not_helped = forest.effect([[1.0, 0, 0, 0], [-1.0, 0, 0, 0]])
    >>> bool(helped > 0.6 and abs(not_helped) < 0.4)
    True
    >>> bool(abs(forest.average_effect().estimate - 0.5) < 0.15)
    True
    """

    _model: Optional[EffectModel]
    _evidence: Optional[Evidence]
    _instrument: Optional[InstrumentForest]

    def __init__(
        self,
        n_estimators: Optional[int] = None,
        *,
        control: "Union[None, str, int, float, bool]" = None,
        discrete_treatment: bool = True,
        min_samples_leaf: Optional[int] = None,
        interval_leaf: Optional[int] = None,
        max_samples: Optional[float] = None,
        cv: Optional[int] = None,
        nuisance_learner: str = "boosted",
        max_bins: int = 64,
        random_state: Any = None,
        n_jobs: Optional[int] = None,
        progress: Progress = None,
    ) -> None:
        self.n_estimators = n_estimators
        self.control = control
        self.discrete_treatment = discrete_treatment
        self.min_samples_leaf = min_samples_leaf
        self.interval_leaf = interval_leaf
        self.max_samples = max_samples
        self.cv = cv
        self.nuisance_learner = nuisance_learner
        self.max_bins = max_bins
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.progress = progress

    def fit(
        self,
        X: Any,
        y: Any,
        treatment: Any = None,
        *,
        instrument: Any = None,
        cluster: Any = None,
        sample_weight: Any = None,
        propensity: Any = None,
    ) -> "CausalForest":
        """Learns from past contacts.

        Parameters
        ----------
        X : table of shape (n, features)
            What was known before the treatment: numpy, pandas, polars, pyarrow, or anything with the Arrow PyCapsule
            interface. Missing values and text may stay as they are; a category that turns up only in new rows counts as
            missing there.
        y : column of shape (n,)
            How it ended, more being better: numbers, booleans, or yes and no. A row without it is left out and counted in
            ``dropped_``; with an instrument it is refused.
        treatment : column of shape (n,)
            What each person got: an arm, or an amount. A row without it is left out or refused likewise.
        instrument : column of shape (n,), optional
            What moved the treatment and touches the outcome through nothing else. The effect is then that on those
            whom it moves.
        cluster : column of shape (n,), optional
            Who belongs together, such as a household: kept whole everywhere, and standard errors respect it.
        sample_weight : column of shape (n,), optional
            How much each row counts, above 0: a weight of 0 or none is refused, so leave such rows out. With an
            instrument 0 leaves the row out.
        propensity : float, dict, or array of shape (n,) or (n, arms), optional
            Known probability of being treated: one number, one a row, or one an arm: a dictionary of numbers or of columns
            by arm, or a column an arm, control first and the others by value or name. ``None`` estimates it.

        Returns
        -------
        CausalForest
            Itself.

        Raises
        ------
        InputError
            For data that cannot answer, with the column and the row at fault. The forest then stays what it was.
        """
        if treatment is None:
            raise InputError("`treatment` is needed: what each person got", code="argument", column="treatment")
        if y is None:
            raise InputError(
                "requires y to be passed, but the target y is None: say how it ended", code="argument", column="y"
            )
        if instrument is not None:
            return self._fit_instrument(X, (y, treatment, instrument), cluster, sample_weight, propensity)
        growth = self._growth(interval_leaf=self.interval_leaf, cv=self.cv, learner=self.nuisance_learner)
        with self._whole_or_as_before():
            columns = self._learn_features(X)
            asked, more = self._roles(columns, y, treatment, cluster, sample_weight, propensity)
            columns.append(more)
            with running(self.n_jobs, self.progress) as how:
                model, evidence = fit_effects(columns, asked, growth, how)
            self._model, self._evidence, self._instrument = model, evidence, None
            self.arms_ = list(model.arms)
            self.dropped_ = dict(evidence.dropped)
        self._tell(evidence.notices)
        return self

    def _roles(
        self, columns: ColumnSet, y: Any, treatment: Any, cluster: Any, weight: Any, propensity: Any
    ) -> "tuple[dict[str, Any], ColumnSet]":
        """Names the columns that play roles, apart from the features."""
        taken = set(columns.names)

        def free(name: str) -> str:
            while name in taken:
                name += "'"
            return name

        given = {"y": y, "treatment": treatment, "cluster": cluster, "sample_weight": weight}
        known: Any = None
        chances: "dict[str, Any]" = {}
        if isinstance(propensity, dict) and all(_is_number(share) for share in propensity.values()):
            known = [(arm_name(arm), number(f"propensity of {arm}", share)) for arm, share in propensity.items()]
        elif isinstance(propensity, dict):
            by_name = {arm_name(arm): free(f"propensity of {arm_name(arm)}") for arm in propensity}
            chances = dict(zip(by_name.values(), propensity.values()))
            known = list(by_name.items())
        elif _is_matrix(propensity):
            chances = {free(f"propensity {at}"): propensity[:, at] for at in range(propensity.shape[1])}
            known = list(chances)
        elif propensity is not None and _is_number(propensity):
            known = number("propensity", propensity)
        elif propensity is not None:
            given["propensity"] = propensity
            known = free("propensity")
        names = {role: free(role) for role, values in given.items() if values is not None}
        data = [(name, column_data(given[role], role)) for role, name in names.items()]
        data += [(name, column_data(values, "propensity")) for name, values in chances.items()]
        asked = {
            "treatment": names["treatment"],
            "outcome": names["y"],
            "control": None if self.control is None else arm_name(self.control),
            "features": None,
            "drop": [],
            "cluster": names.get("cluster"),
            "weight": names.get("sample_weight"),
            "propensity": known,
            "is_dose": not flag("discrete_treatment", self.discrete_treatment),
            "lower_is_better": False,
        }
        return asked, ColumnSet.from_columns(data)

    def _fit_instrument(
        self, X: Any, observed: "tuple[Any, Any, Any]", cluster: Any, weight: Any, propensity: Any
    ) -> "CausalForest":
        if propensity is not None:
            raise _not_with_instrument()
        growth = self._growth(interval_leaf=self.interval_leaf, cv=self.cv, learner=self.nuisance_learner)
        growth["min_leaf"] = growth["interval_leaf"] or growth["min_leaf"]
        y, treatment, instrument = observed
        with self._whole_or_as_before():
            columns = self._learn_features(X)
            more = roles(y=y, treatment=treatment, instrument=instrument, cluster=cluster, sample_weight=weight)
            with running(self.n_jobs, self.progress) as how:
                self._instrument, self._evidence = InstrumentForest.fit(columns, more, growth, how)
            self._model = None
            self.arms_ = ["none", "per unit of treatment"]
            self.dropped_ = {}
        return self

    def effect(self, X: Any) -> "NDArray[Any]":
        """Returns the effects of people whom the forest has not learned from.

        Parameters
        ----------
        X : table of shape (n, features)
            The columns it learned from, by name, or in their order.

        Returns
        -------
        ndarray of shape (n,) or (n, arms - 1)
            In the unit of the outcome (per unit of the treatment, for an amount).

        Raises
        ------
        InputError
            For a column that is missing, or holds text where there were numbers, with its row.
        """
        return given_or_none(self.effects(X).effect)  # type: ignore[no-any-return]

    def effect_interval(self, X: Any, alpha: float = 0.05) -> "tuple[NDArray[Any], NDArray[Any]]":
        """Returns both ends of the interval of each effect.

        Individual intervals are wide. Statements about groups are far safer than those about one person.

        Parameters
        ----------
        X : table of shape (n, features)
            As in :meth:`effect`.
        alpha : float
            One less the level: 0.05 for 95 %.

        Returns
        -------
        low, high : ndarray of shape (n,) or (n, arms - 1)
            In the unit of the outcome.

        Raises
        ------
        InputError
            As :meth:`effect`; for an ``alpha`` that is not between 0 and 1.
        """
        low, high = self.effects(X).interval(alpha)
        return given_or_none(low), given_or_none(high)

    def effects(self, X: Any) -> Effects:
        """Returns effect, standard error and 95 % interval of every arm, as :func:`yorisoi.plan` takes them.

        Parameters
        ----------
        X : table of shape (n, features)
            As in :meth:`effect`.

        Returns
        -------
        Effects

        Raises
        ------
        InputError
            As :meth:`effect`.
        """
        columns = self._known_features(X)
        asked: Any = self._instrument if self._instrument is not None else self._model
        with running(self.n_jobs, self.progress) as how:
            return Effects(self.arms_[1:], *asked.effects(columns, how))

    @property
    def effects_oob_(self) -> Effects:
        """Effects of the rows it learned from, each by trees that have not seen the row nor its cluster."""
        return Effects(self.arms_[1:], *self._kept().effects())

    @property
    def effect_oob_(self) -> "NDArray[Any]":
        """As :meth:`effect`, for the rows it learned from, out of bag."""
        return given_or_none(self.effects_oob_.effect)  # type: ignore[no-any-return]

    def effect_oob_interval(self, alpha: float = 0.05) -> "tuple[NDArray[Any], NDArray[Any]]":
        """As :meth:`effect_interval` of level ``1 - alpha``, for the rows it learned from, out of bag; two of shape (n,) or
        (n, arms - 1), NaN for rows that were left out."""
        low, high = self.effects_oob_.interval(alpha)
        return given_or_none(low), given_or_none(high)

    def predict(self, X: Any) -> "NDArray[Any]":
        """Returns :meth:`effect` of ``X``, under the name that pipelines call."""
        return self.effect(X)

    def average_effect(
        self,
        X: Any = None,
        y: Any = None,
        treatment: Any = None,
        *,
        target_population: str = "all",
        instrument: Any = None,
        propensity: Any = None,
        sample_weight: Any = None,
        cluster: Any = None,
    ) -> "Union[Estimate, dict[str, Estimate]]":
        """Returns the average effect, by doubly robust scores.

        Without data, over the rows it learned from (with their weights and clusters); with ``X``, ``y`` and
        ``treatment`` (and ``instrument``, where it learned with one), over those rows, which it must not have learned
        from.

        Parameters
        ----------
        X : table of shape (n, features), optional
            People it has not learned from.
        y, treatment : column of shape (n,), optional
            How it ended for them, and what each got. None may be missing: nobody is left out of an average in silence.
        instrument : column of shape (n,), optional
            What moved their treatment, where the forest learned with an instrument.
        propensity : float, dict, or array of shape (n,) or (n, arms), optional
            Known probability that these people had of being treated: one number, one a row, or one an arm: a dictionary of
            numbers or of columns by arm (control may be left out), or a column an arm, control first. It stands above what
            the forest learned with or has estimated. ``None`` takes the forest's own; where it learned with one known for
            each row, new rows need theirs. There is none for an amount, nor with an instrument.
        sample_weight, cluster : column of shape (n,), optional
            How much each of these people counts, above 0; who belongs together.
        target_population : {"all", "treated", "control", "overlap", "compliers"}
            Everyone; those who got the arm (ATT); those who got control; those for whom both were likely (ATO). For an
            amount, ``all`` (the average partial effect) or ``overlap`` (those whose amount chance moved most). With an
            instrument, ``all`` (the mean of each person's local effect), ``compliers`` (the local average treatment
            effect, LATE) or ``overlap`` (those whom the instrument moved most).

        Returns
        -------
        Estimate, or a dict of one an arm where there are several
            In the unit of the outcome (per unit of the treatment, for an amount).

        Raises
        ------
        InputError
            For a target that this treatment does not have; for columns of different lengths; for a propensity outside
            (0, 1) or a number that is not finite, with the row; for too few people or clusters.

        References
        ----------
        Robins, Rotnitzky & Zhao (1994); Li, Morgan & Zaslavsky (2018) for overlap weights; Hirshberg & Wager (2021) for
        amounts; Imbens & Angrist (1994), Tan (2006), Chernozhukov et al. (2018) for instruments.
        """
        target = text("target_population", target_population, "the name of a population")
        beside = _beside(instrument, propensity, sample_weight, cluster)
        evidence = self._evidence_for(X, y, treatment, beside)
        with running(self.n_jobs) as how:
            found = [Estimate(*row) for row in evidence.average(target, how)]
        return found[0] if len(found) == 1 else dict(zip(self.arms_[1:], found))

    def doubly_robust_scores(
        self,
        X: Any = None,
        y: Any = None,
        treatment: Any = None,
        *,
        instrument: Any = None,
        propensity: Any = None,
        sample_weight: Any = None,
        cluster: Any = None,
    ) -> "NDArray[Any]":
        """Returns the doubly robust (AIPW) score of every person's effect, shaped as :meth:`effect`.

        The mean score of a group chosen by features estimates that group's average effect. Scores are what
        :func:`yorisoi.rate`, :func:`yorisoi.calibration` and the others judge by. Without data, those of the rows it
        learned from; with data, those of people it has not learned from. NaN for rows that were left out.

        Parameters
        ----------
        X, y, treatment, instrument, propensity
            As in :meth:`average_effect`.
        sample_weight, cluster : column of shape (n,), optional
            Where something is learned from these people, as with an amount or an instrument, how much each counts and who
            belongs together. Scores of arms are each person's own.

        Returns
        -------
        ndarray of shape (n,) or (n, arms - 1)
            In the unit of the outcome.

        Raises
        ------
        InputError
            As :meth:`average_effect`.

        References
        ----------
        Athey & Wager (2021), "Policy learning with observational data", *Econometrica* 89(1).
        """
        beside = _beside(instrument, propensity, sample_weight, cluster)
        evidence = self._evidence_for(X, y, treatment, beside)
        with running(self.n_jobs) as how:
            return given_or_none(evidence.scores(how))  # type: ignore[no-any-return]

    def nuisances(self, X: Any = None) -> "tuple[NDArray[Any], NDArray[Any]]":
        """Returns expected outcome and probability of every arm; of an amount, its mean.

        Parameters
        ----------
        X : table of shape (n, features), optional
            People it has not learned from: the mean of all folds' models, or of all trees. ``None`` takes the rows it
            learned from, out of fold or bag.

        Returns
        -------
        expected_outcome : ndarray of shape (n,)
            In the unit of the outcome.
        propensity : ndarray of shape (n, arms) or (n, 1)
            Control first; NaN for new people where the forest learned with a known probability for each row.

        Raises
        ------
        InputError
            As :meth:`effect`; for a forest with an instrument, or one that was opened from a file, without ``X``.
        """
        model = self._effect_model()
        if X is None:
            y_hat, w_hat = self._kept().nuisances()
        else:
            columns = self._known_features(X)
            with running(self.n_jobs) as how:
                y_hat, w_hat = model.nuisances(columns, how)
        return y_hat[:, 0], w_hat[:, 1:] if model.is_dose else w_hat

    def score(
        self,
        X: Any,
        y: Any,
        treatment: Any = None,
        *,
        instrument: Any = None,
        propensity: Any = None,
        sample_weight: Any = None,
        cluster: Any = None,
    ) -> float:
        """Returns the area under the TOC curve (AUTOC) of its ranking of people it has not learned from.

        What cross-validation maximises: how much more those ranked first gain than everyone. For one arm.

        Parameters
        ----------
        X, y, treatment, instrument, propensity, sample_weight, cluster
            As in :meth:`average_effect`.

        Returns
        -------
        float
            In the unit of the outcome.

        Raises
        ------
        InputError
            As :meth:`average_effect`; for several arms.
        """
        import numpy as np

        from ._evaluation import rate

        if treatment is None:
            raise InputError(
                "`treatment` is needed to judge effects; in a grid search, pass it to `fit` with metadata routing",
                code="argument",
                column="treatment",
            )
        evidence = self._judge(X, y, treatment, _beside(instrument, propensity, sample_weight, cluster))
        with running(self.n_jobs) as how:
            scores, priority = evidence.scores(how), evidence.effects()[0]
        if scores.shape[1] != 1:
            raise InputError("`score` ranks one arm: use `rate` for each of several", code="argument")
        # Whose effect is not known has no place in the ranking.
        known = np.isfinite(scores[:, 0])
        if not known.all():
            sample_weight = None if sample_weight is None else np.asarray(sample_weight)[known]
            cluster = None if cluster is None else np.asarray(cluster)[known]
        ranking, found = priority[known, 0], scores[known, 0]
        return rate(ranking, found, sample_weight=sample_weight, cluster=cluster).autoc.estimate

    @property
    def feature_importances_(self) -> "NDArray[Any]":
        """Share of splits on each feature, weighted by depth, summing to 1; 0 for features that were left out."""
        import numpy as np

        model = self._model_with("feature_importances_")
        position = {name: at for at, name in enumerate(model.features)}
        rows = [
            [shares[position[name]] if name in position else 0.0 for name in self._names] for shares in model.importance()
        ]
        return np.array(rows[0] if len(rows) == 1 else rows)

    @property
    def tuning_(self) -> "list[dict[str, Any]]":
        """How each arm's forest was tuned: trees, leaf sizes, and the loss at each leaf size tried."""
        self._model_with("tuning_")
        return json.loads(self._kept().tuning())  # type: ignore[no-any-return]

    @property
    def fingerprint_(self) -> str:
        """Hash of the data learned from."""
        self._model_with("fingerprint_")
        if self._evidence is None:
            raise AttributeError("a forest that was opened from a file has no `fingerprint_`: pickle keeps it")
        return self._evidence.fingerprint

    def save(self, path: "Union[str, PathLike[str]]") -> None:
        """Writes the model file to ``path``: documented, checksummed, without code, the same as the command line's.

        It answers for new people. What belongs to the rows it learned from (``effect_oob_``, averages over them) stays
        behind; pickle keeps that too.
        """
        from ._stored import write

        if not hasattr(self, "_names"):
            raise not_fitted(self)
        stored: Any = self._instrument if self._instrument is not None else self._model
        write(path, stored.to_bytes())

    @classmethod
    def _opened(cls, model: EffectModel) -> "CausalForest":
        forest = cls(control=model.arms[0], discrete_treatment=not model.is_dose)
        forest._model, forest._evidence, forest._instrument = model, None, None
        forest._remember(model.features, list(model.arms))
        return forest

    @classmethod
    def _opened_instrument(cls, model: InstrumentForest) -> "CausalForest":
        forest = cls()
        forest._model, forest._evidence, forest._instrument = None, None, model
        forest._remember(model.features, ["none", "per unit of treatment"])
        return forest

    def _remember(self, names: "list[str]", arms: "list[str]") -> None:
        import numpy as np

        self.arms_, self._names, self.n_features_in_ = arms, list(names), len(names)
        self._had_names = names != [f"x{at}" for at in range(len(names))]
        if self._had_names:
            self.feature_names_in_ = np.asarray(names, dtype=object)

    def _effect_model(self) -> EffectModel:
        model: Optional[EffectModel] = getattr(self, "_model", None)
        if model is None:
            if not hasattr(self, "_names"):
                raise not_fitted(self)
            raise InputError("a forest with an instrument has no models of arms", code="argument")
        return model

    def _model_with(self, attribute: str) -> EffectModel:
        """Returns the models of arms, which that attribute speaks of."""
        if hasattr(self, "_names") and self._model is None:
            raise AttributeError(
                f"a {type(self).__name__} that learned with an instrument has no `{attribute}`: it has no models of arms"
            )
        return self._effect_model()

    def _kept(self) -> Evidence:
        if not hasattr(self, "_names"):
            raise not_fitted(self)
        if self._evidence is None:
            raise _not_kept("what belongs to the rows it learned from")
        return self._evidence

    def _evidence_for(self, X: Any, y: Any, treatment: Any, beside: "dict[str, Any]") -> Evidence:
        if X is None and y is None and treatment is None:
            if beside:
                name = next(iter(beside))
                raise InputError(
                    f"`{name}` is of new rows: give `X`, `y` and `treatment` with it", code="argument", column=name
                )
            return self._kept()
        if X is None or y is None or treatment is None:
            raise InputError("give `X`, `y` and `treatment` together, or none of them", code="argument")
        return self._judge(X, y, treatment, beside)

    def _judge(self, X: Any, y: Any, treatment: Any, beside: "dict[str, Any]") -> Evidence:
        columns = self._known_features(X)
        given = {"y": y, "treatment": treatment, **beside}
        propensity = given.pop("propensity", None)
        if self._instrument is not None:
            if "instrument" not in given:
                raise InputError("`instrument` is needed: what moved the treatment", code="argument", column="instrument")
            if propensity is not None:
                raise _not_with_instrument()
            with running(self.n_jobs) as how:
                return self._instrument.judge(columns, roles(**given), how)
        if "instrument" in given:
            raise InputError(
                "`instrument` is given, but the forest learned without one", code="argument", column="instrument"
            )
        model = self._effect_model()
        if isinstance(propensity, dict) and not self.discrete_treatment:
            raise InputError("`propensity` is of arms, and an amount has none", code="argument", column="propensity")
        more = roles(**given)
        for chances in _chances(propensity, self.arms_, columns.n_rows):
            more.append(roles(propensity=chances))
        with running(self.n_jobs) as how:
            return model.judge(columns, more, how)

    def __getstate__(self) -> "dict[str, Any]":
        state = dict(self.__dict__)
        for name in ("_model", "_evidence", "_instrument"):
            if state.get(name) is not None:
                state[name] = state[name].to_bytes()
        if callable(state.get("progress")):
            state["progress"] = None
        return state

    def __setstate__(self, state: "dict[str, Any]") -> None:
        state = dict(state)
        for name, kind in (("_model", EffectModel), ("_evidence", Evidence), ("_instrument", InstrumentForest)):
            if state.get(name) is not None:
                state[name] = kind.from_bytes(state[name])
        self.__dict__.update(state)


def _beside(instrument: Any, propensity: Any, sample_weight: Any, cluster: Any) -> "dict[str, Any]":
    """Returns what was given of new rows beside outcome and treatment, by name."""
    given = {"instrument": instrument, "propensity": propensity, "sample_weight": sample_weight, "cluster": cluster}
    return {name: values for name, values in given.items() if values is not None}


def _chances(propensity: Any, arms: "list[str]", n_rows: int) -> "list[Any]":
    """Returns known propensities of new rows as columns: that of treatment, or one an arm, control first."""
    import numpy as np

    if propensity is None:
        return []
    if isinstance(propensity, dict):
        return _chances_by_arm({arm_name(arm): chances for arm, chances in propensity.items()}, arms, n_rows)
    if _is_matrix(propensity):
        return [propensity[:, at] for at in range(propensity.shape[1])]
    if is_scalar(propensity):
        return [np.full(n_rows, number("propensity", propensity))]
    return [propensity]


def _chances_by_arm(given: "dict[str, Any]", arms: "list[str]", n_rows: int) -> "list[Any]":
    """Returns the columns in the order of the arms; control, where it is left out, has what the others leave."""
    import numpy as np

    def refused(said: str) -> InputError:
        return InputError(f"`propensity` {said}", code="argument", column="propensity")

    def column(arm: str) -> Any:
        if _is_number(given[arm]):
            return np.full(n_rows, number(f"propensity of {arm}", given[arm]))
        try:
            chances = np.asarray(given[arm], dtype=float)
        except (TypeError, ValueError):
            raise refused(f"of {arm} is no column of numbers") from None
        if chances.shape != (n_rows,):
            raise refused(f"of {arm} has the shape {chances.shape}, expected ({n_rows},): one for each row")
        return chances

    control, *others = arms
    if set(given) | {control} != set(arms):
        raise refused(f"is of {', '.join(given)}, expected one for each of {', '.join(arms)}; {control} may be left out")
    treated = [column(arm) for arm in others]
    return [column(control) if control in given else 1 - sum(treated), *treated]


def _not_with_instrument() -> InputError:
    return InputError(
        "`propensity` and `instrument` exclude each other: who takes the treatment is not up to chance",
        code="argument",
        column="propensity",
    )


def _is_number(value: Any) -> bool:
    return not isinstance(value, str) and not hasattr(value, "__len__") and hasattr(value, "__float__")


def _is_matrix(value: Any) -> bool:
    return getattr(value, "ndim", 0) == 2 and not hasattr(value, "columns") and value.shape[1] > 1


def _not_kept(what: str) -> InputError:
    return InputError(
        f"{what} is not in a model file: pickle the forest to keep it, or pass `X`, `y` and `treatment`",
        code="model.no_rows",
    )
