"""Does the causal forest find known effects, and say how sure it is?"""

import pickle
from statistics import NormalDist

import numpy as np
import pytest
import yorisoi
from yorisoi import CausalForest, Effects, InputError, InstrumentalForest

# A step between -0.5 and 1 with noise of 1 and 3,000 people. Guessing the mean effect errs by 0.75; the forest of 100
# trees has to do at least twice as well.
HALF_OF_GUESSING = 0.375

# A few operations on numbers of order 1, and two quantiles that are each good to fifteen digits.
ROUNDING = 1e-12


def test_effects_are_found(world, forest):
    rng = np.random.default_rng(9)
    X = rng.normal(size=(2000, 5))
    error = forest.effect(X) - np.where(X[:, 0] > 0, 1.0, -0.5)
    assert np.sqrt(np.mean(error**2)) < HALF_OF_GUESSING


def test_the_average_is_inside_five_standard_errors_of_the_truth(world, forest):
    for target in ("all", "treated", "control", "overlap"):
        average = forest.average_effect(target_population=target)
        assert abs(average.estimate - world.tau.mean()) < 5 * average.std_error, target
        # Two arms of 1,500 with noise of at least 1: no honest error is below 1 / sqrt(750) / 2.
        assert average.std_error > 0.018


def test_an_unknown_target_is_refused(forest):
    with pytest.raises(InputError, match="target_population"):
        forest.average_effect(target_population="everyone")


def test_an_interval_that_is_not_known_is_unknown_at_every_level(world):
    few = CausalForest(n_estimators=4, random_state=1).fit(world.X, world.y, world.w)
    effects = few.effects_oob_
    unknown = np.isnan(effects.std_error)
    assert unknown.any() and np.isfinite(effects.effect[unknown]).any()
    for alpha in (0.05, 0.2):
        low, high = effects.interval(alpha)
        assert np.array_equal(np.isnan(low), unknown) and np.array_equal(np.isnan(high), unknown)


def test_intervals_of_every_level_lie_around_the_same_centre():
    effect, se = np.array([[0.6]]), np.array([[0.1]])
    # 95 %: .9 ± .196, widened down to the effect and cut at 1.
    made = Effects(["call"], effect, se, effect, np.array([[1.0]]), centre=np.array([[0.9]]), bound=1.0)
    low, high = made.interval(alpha=0.6170750774519738)  # half a standard error
    assert abs(low[0, 0] - 0.6) < 1e-9 and abs(high[0, 0] - 0.95) < 1e-9
    assert made.interval(alpha=1e-6)[1][0, 0] == 1.0


def test_intervals_hold_the_effect_and_widen_with_their_level(world, forest):
    effect = forest.effect(world.X)
    widths = []
    for alpha in (0.5, 0.1, 0.05, 0.01):
        low, high = forest.effect_interval(world.X, alpha)
        assert np.all(low <= effect) and np.all(effect <= high)
        widths.append(np.mean(high - low))
    assert widths == sorted(widths)
    with pytest.raises(InputError, match="alpha"):
        forest.effect_interval(world.X, alpha=0.0)


def test_the_same_seed_gives_the_same_bytes_for_any_number_of_threads(world, tmp_path):
    def fit(n_jobs, seed):
        forest = CausalForest(n_estimators=20, random_state=seed, n_jobs=n_jobs).fit(world.X, world.y, world.w)
        forest.save(tmp_path / "model")
        return (tmp_path / "model").read_bytes()

    assert fit(1, 7) == fit(2, 7) == fit(-1, 7)
    assert fit(1, 7) != fit(1, 8)


def test_several_arms_have_a_column_each(world):
    rng = np.random.default_rng(3)
    arm = rng.choice(["none", "mail", "call"], len(world.y))
    y = world.X[:, 1] + (arm == "mail") * 0.5 + (arm == "call") * (world.X[:, 0] > 0) + rng.normal(size=len(arm))
    forest = CausalForest(n_estimators=50).fit(world.X, y, arm)
    assert forest.arms_ == ["none", "call", "mail"]
    assert forest.effect(world.X).shape == (len(y), 2)
    averages = forest.average_effect()
    assert set(averages) == {"call", "mail"}
    assert averages["mail"].low < 0.5 < averages["mail"].high
    assert forest.doubly_robust_scores().shape == (len(y), 2)
    assert forest.feature_importances_.shape == (2, 5)


def test_an_amount_has_an_effect_per_unit(world):
    rng = np.random.default_rng(4)
    dose = rng.uniform(0, 2, len(world.y))
    y = world.X[:, 1] + 0.8 * dose + rng.normal(size=len(dose))
    forest = CausalForest(n_estimators=50, discrete_treatment=False).fit(world.X, y, dose)
    # The average of an effect of 0.8 everywhere; its own error with 3,000 people and a dose variance of 1/3 is 0.03.
    assert abs(forest.effect_oob_.mean() - 0.8) < 0.15
    for target in ("all", "overlap"):
        average = forest.average_effect(target_population=target)
        # At least 1 / sqrt(3000 / 3), for noise of 1 and a variance of 1/3.
        assert abs(average.estimate - 0.8) < 5 * average.std_error and 0.03 < average.std_error < 0.06, target
    assert np.isclose(forest.doubly_robust_scores().mean(), forest.average_effect().estimate)
    y_hat, mean = forest.nuisances()
    assert mean.shape == (len(dose), 1) and abs(mean.mean() - 1.0) < 0.1
    new = type(world)(seed=7)
    dose = rng.uniform(0, 2, len(new.y))
    average = forest.average_effect(new.X, new.X[:, 1] + 0.8 * dose + rng.normal(size=len(dose)), dose)
    assert abs(average.estimate - 0.8) < 5 * average.std_error
    with pytest.raises(InputError, match="all or overlap"):
        forest.average_effect(target_population="treated")


def test_an_instrument_tells_cause_from_company():
    rng = np.random.default_rng(5)
    n = 6000
    X, keen = rng.normal(size=(n, 3)), rng.uniform(size=n) < 0.3
    coin = rng.integers(0, 2, n)
    took = np.where(keen, 1, coin * (rng.uniform(size=n) < 0.7))
    y = took + 2.0 * keen + rng.normal(size=n)
    naive = y[took == 1].mean() - y[took == 0].mean()
    forest = InstrumentalForest(n_estimators=100).fit(X, y, took, instrument=coin)
    assert naive > 1.5
    # Wald's estimate has a standard error of about 2 / (0.49 sqrt(6000)) = 0.05.
    assert abs(forest.effect_oob_.mean() - 1.0) < 0.25
    assert forest.first_stage_f_ > 100
    for target in ("all", "compliers", "overlap"):
        average = forest.average_effect(target_population=target)
        assert abs(average.estimate - 1.0) < 5 * average.std_error and 0.02 < average.std_error < 0.1, target
    assert np.isclose(forest.doubly_robust_scores().mean(), forest.average_effect().estimate)
    half = n // 2
    learned = InstrumentalForest(n_estimators=100).fit(X[:half], y[:half], took[:half], instrument=coin[:half])
    judged = learned.average_effect(X[half:], y[half:], took[half:], instrument=coin[half:], target_population="compliers")
    assert abs(judged.estimate - 1.0) < 5 * judged.std_error and judged.n == half
    again = pickle.loads(pickle.dumps(forest))
    assert again.average_effect() == forest.average_effect()
    with pytest.raises(InputError, match="instrument"):
        learned.average_effect(X[half:], y[half:], took[half:])
    with pytest.raises(InputError, match="compliers"):
        forest.average_effect(target_population="treated")
    with pytest.raises(InputError, match="instrument"):
        InstrumentalForest().fit(X, y, took)
    with pytest.raises(InputError, match="first-stage F"):
        InstrumentalForest(n_estimators=20).fit(X, y, took, instrument=rng.integers(0, 2, n))


def test_weights_and_clusters_reach_the_averages(world):
    heavy = np.where(world.X[:, 0] > 0, 3.0, 1.0)
    weighted = CausalForest(n_estimators=50).fit(world.X, world.y, world.w, sample_weight=heavy, propensity=0.5)
    truth = np.average(world.tau, weights=heavy)
    assert abs(weighted.average_effect().estimate - truth) < 5 * weighted.average_effect().std_error
    families = [f"family {row // 3}" for row in range(len(world.y))]
    clustered = CausalForest(n_estimators=50).fit(world.X, world.y, world.w, cluster=families)
    assert clustered.average_effect().n == len(set(families))


def test_scores_of_new_people_need_their_outcomes(world, forest):
    fresh = type(world)(seed=1)
    scores = forest.doubly_robust_scores(fresh.X, fresh.y, fresh.w)
    assert abs(scores.mean() - fresh.tau.mean()) < 5 * scores.std() / np.sqrt(len(scores))
    average = forest.average_effect(fresh.X, fresh.y, fresh.w)
    assert average.estimate == pytest.approx(scores.mean(), abs=1e-12)
    assert forest.score(fresh.X, fresh.y, fresh.w) > 0
    with pytest.raises(InputError, match="together"):
        forest.average_effect(fresh.X)
    with pytest.raises(InputError, match="the model knows 0, 1"):
        forest.average_effect(fresh.X, fresh.y, fresh.w + 7)


def test_a_known_propensity_of_new_rows_stands_above_what_the_forest_has_learned(world):
    rng = np.random.default_rng(11)
    n = 4000
    # Who needs help is treated, and nothing in X shows the need: without the chances the treatment seems to help.
    X, need = rng.normal(size=(n, 5)), rng.uniform(size=n) < 0.5
    chance = np.where(need, 0.8, 0.2)
    w = (rng.uniform(size=n) < chance).astype(int)
    tau = np.where(X[:, 0] > 0, 1.0, -0.5)
    y = X[:, 1] + w * tau + 2.0 * need + rng.normal(size=n)
    for known in (None, 0.5):
        forest = CausalForest(n_estimators=50).fit(world.X, world.y, world.w, propensity=known)
        told = forest.average_effect(X, y, w, propensity=chance)
        # Further off once in a million.
        assert abs(told.estimate - tau.mean()) < 5 * told.std_error, known
        assert forest.average_effect(X, y, w).low > tau.mean() + 0.5, known
        scores = forest.doubly_robust_scores(X, y, w, propensity=chance)
        y_hat, _ = forest.nuisances(X)
        by_hand = yorisoi.doubly_robust_scores(y, w, forest.effect(X), expected_outcome=y_hat, propensity=chance)
        assert np.array_equal(scores, by_hand), known
        both = np.column_stack([1.0 - chance, chance])
        assert np.array_equal(scores, forest.doubly_robust_scores(X, y, w, propensity=both)), known
    same = forest.doubly_robust_scores(X, y, w, propensity=0.5)
    assert np.allclose(same, forest.doubly_robust_scores(X, y, w), atol=1e-9)


def test_a_forest_that_learned_with_a_chance_for_each_row_asks_for_those_of_new_rows(world):
    forest = CausalForest(n_estimators=20).fit(world.X, world.y, world.w, propensity=np.full(len(world.y), 0.5))
    assert forest.average_effect(world.X, world.y, world.w, propensity=0.5).n == len(world.y)
    with pytest.raises(InputError, match="`propensity` is needed") as caught:
        forest.average_effect(world.X, world.y, world.w)
    assert caught.value.column == "propensity"


def test_weights_and_clusters_of_new_rows_reach_their_average(world, forest):
    fresh = type(world)(seed=3)
    scores = forest.doubly_robust_scores(fresh.X, fresh.y, fresh.w)
    heavy = np.where(fresh.X[:, 0] > 0, 3.0, 1.0)
    families = np.arange(len(fresh.y)) // 3
    found = forest.average_effect(fresh.X, fresh.y, fresh.w, sample_weight=heavy, cluster=families)
    assert found.estimate == pytest.approx(np.average(scores, weights=heavy), abs=1e-12)
    assert found.n == len(set(families))
    assert abs(found.estimate - np.average(fresh.tau, weights=heavy)) < 5 * found.std_error
    ranked = forest.score(fresh.X, fresh.y, fresh.w, sample_weight=heavy, cluster=families)
    assert ranked == yorisoi.rate(forest.effect(fresh.X), scores, sample_weight=heavy, cluster=families).autoc.estimate


def test_a_control_may_be_any_value_of_the_column(world):
    effect = CausalForest(n_estimators=20, control="0").fit(world.X, world.y, world.w).effect(world.X)
    for control in (0, 0.0, False, np.int64(0), np.bool_(False)):
        assert np.array_equal(CausalForest(n_estimators=20, control=control).fit(world.X, world.y, world.w).effect(world.X), effect)
    reversed_ = CausalForest(n_estimators=20, control=1).fit(world.X, world.y, world.w)
    assert reversed_.arms_ == ["1", "0"]


def test_a_forest_with_an_instrument_ranks_and_says_what_it_has_not(world):
    rng = np.random.default_rng(12)
    coin = rng.integers(0, 2, len(world.y))
    took = np.where(rng.uniform(size=len(coin)) < 0.8, coin, 1 - coin)
    y = world.X[:, 1] + took * world.tau + rng.normal(size=len(coin))
    for forest in (CausalForest(n_estimators=50), InstrumentalForest(n_estimators=50)):
        forest.fit(world.X, world.y, took, instrument=coin)
        forest.fit(world.X, y, took, instrument=coin)
        assert forest.score(world.X, y, took, instrument=coin) > 0
        assert forest.score(world.X, y, took, instrument=coin, sample_weight=np.full(len(y), 2.0), cluster=np.arange(len(y))) > 0
        with pytest.raises(InputError, match="instrument"):
            forest.score(world.X, y, took)
        for attribute in ("feature_importances_", "tuning_", "fingerprint_"):
            assert not hasattr(forest, attribute)
            with pytest.raises(AttributeError, match=f"instrument has no `{attribute}`"):
                getattr(forest, attribute)


def test_the_fingerprint_is_that_of_the_last_fit(world, tmp_path):
    forest = CausalForest(n_estimators=10)
    assert not hasattr(forest, "fingerprint_") and not hasattr(forest, "feature_importances_")
    first = forest.fit(world.X, world.y, world.w).fingerprint_
    assert pickle.loads(pickle.dumps(forest)).fingerprint_ == first
    second = forest.fit(world.X, world.y + 1.0, world.w).fingerprint_
    assert first != second and len(first) == len(second) > 8
    coin = np.random.default_rng(0).integers(0, 2, len(world.y))
    forest.fit(world.X, world.y, coin | world.w, instrument=coin)
    assert not hasattr(forest, "fingerprint_")
    assert forest.fit(world.X, world.y, world.w).fingerprint_ == first
    forest.save(tmp_path / "model")
    with pytest.raises(AttributeError, match="pickle"):
        yorisoi.load(tmp_path / "model").fingerprint_


def test_intervals_of_other_levels_are_normal(world, forest):
    estimate = forest.average_effect()
    X = world.X[:50]
    mean = yorisoi.RegressionForest(n_estimators=20).fit(world.X, world.y)
    share = yorisoi.ProbabilityForest(n_estimators=20).fit(world.X, world.w)
    half = NormalDist().inv_cdf(0.975)
    for alpha in (0.2, 0.01, 1e-12):
        # The lower tail, where the level keeps its digits.
        z = -NormalDist().inv_cdf(alpha / 2.0)
        around = (estimate.estimate - z * estimate.std_error, estimate.estimate + z * estimate.std_error)
        assert estimate.interval(alpha) == pytest.approx(around, abs=ROUNDING)
        low, high = mean.predict_interval(X)
        middle, std_error = (low + high) / 2, (high - low) / (2 * half)
        low, high = mean.predict_interval(X, alpha)
        assert np.allclose(low, middle - z * std_error, atol=ROUNDING, rtol=0)
        assert np.allclose(high, middle + z * std_error, atol=ROUNDING, rtol=0)
        low, high = share.predict_proba_interval(X, alpha)
        assert low.shape == high.shape == (50, 2) and low.min() >= 0 and high.max() <= 1 and np.all(low <= high)
    assert estimate.interval() == pytest.approx((estimate.low, estimate.high))


def test_rows_without_outcome_are_counted_and_have_no_oob_effect(world):
    y = world.y.copy()
    y[:30] = np.nan
    forest = CausalForest(n_estimators=100).fit(world.X, y, world.w)
    assert forest.dropped_ == {"outcome.missing": 30}
    assert np.isnan(forest.effect_oob_[:30]).all() and np.isfinite(forest.effect_oob_[30:]).all()
    assert np.isnan(forest.doubly_robust_scores()).sum() == 30


def test_rows_that_every_one_of_few_trees_has_seen_are_left_out_of_averages(world):
    # Four trees are two bags: a quarter of the rows is in both.
    forest = CausalForest(n_estimators=4).fit(world.X, world.y, world.w, propensity=0.5)
    unknown = np.isnan(forest.effect_oob_)
    assert 0.2 < unknown.mean() < 0.3
    assert forest.average_effect().n == (~unknown).sum()
    assert np.array_equal(np.isnan(forest.doubly_robust_scores()), unknown)


def test_tuning_says_what_was_chosen(forest):
    (tuning,) = forest.tuning_
    assert tuning["n_trees"] == 100
    assert tuning["min_leaf"] in [loss["min_leaf"] for loss in tuning["losses"]] or tuning["losses"]


def test_errors_name_column_row_and_remedy(world):
    broken = world.y.copy()
    broken[41] = np.inf
    with pytest.raises(InputError) as caught:
        CausalForest().fit(world.X, broken, world.w)
    assert (caught.value.column, caught.value.row, caught.value.code) == ("y", 41, "roles.not_finite")
    assert "row 42" in str(caught.value) and caught.value.hint
    with pytest.raises(InputError) as caught:
        CausalForest().fit(world.X, world.y, np.where(world.w, "mail", "call"))
    assert caught.value.code == "treatment.no_control" and "control=" in caught.value.hint
    with pytest.raises(InputError, match="`y` has 10 rows|has 10 rows"):
        CausalForest().fit(world.X, world.y[:10], world.w)
    for name, value in {"n_estimators": 0, "max_samples": 0.9, "max_bins": 1000, "cv": 1, "n_jobs": 0}.items():
        with pytest.raises(InputError, match=name):
            CausalForest(**{name: value}).fit(world.X, world.y, world.w)


def test_a_feature_that_is_the_outcome_is_refused(world):
    with pytest.raises(InputError) as caught:
        CausalForest().fit(np.column_stack([world.X, world.y]), world.y, world.w)
    assert (caught.value.code, caught.value.column) == ("feature.is_outcome", "x5")
    assert "--" not in str(caught.value)


def test_known_propensities_may_be_a_number_one_an_arm_or_one_a_row(world):
    fit = lambda propensity: CausalForest(n_estimators=20).fit(world.X, world.y, world.w, propensity=propensity)
    one = fit(0.5).effect(world.X)
    assert np.array_equal(one, fit({0: 0.5, 1: 0.5}).effect(world.X))
    assert np.array_equal(one, fit(np.full(len(world.y), 0.5)).effect(world.X))
    with pytest.raises(InputError) as caught:
        fit(np.where(np.arange(len(world.y)) == 5, 1.0, 0.5))
    assert (caught.value.column, caught.value.row) == ("propensity", 5)


def test_chances_of_several_arms_may_differ_from_row_to_row():
    # Who needs help is called, and nothing in X shows the need: without the chances the call seems to help.
    rng = np.random.default_rng(5)
    n = 4000
    need = rng.uniform(size=n) < 0.5
    chances = np.where(need[:, None], [0.2, 0.6, 0.2], [0.6, 0.1, 0.3])
    arm = np.array(["none", "call", "mail"])[(rng.uniform(size=n)[:, None] > chances.cumsum(axis=1)).sum(axis=1)]
    X = rng.normal(size=(n, 2))
    y = 1.5 * need - 0.2 * (arm == "call") + 0.3 * (arm == "mail") + rng.normal(size=n)
    grow = lambda propensity: CausalForest(n_estimators=40, control="none").fit(X, y, arm, propensity=propensity)
    told, guessed = grow(chances), grow(None)
    averages = told.average_effect()
    for name, truth in (("call", -0.2), ("mail", 0.3)):
        # Further off once in 16,000.
        assert abs(averages[name].estimate - truth) < 4 * averages[name].std_error, name
    assert guessed.average_effect()["call"].estimate > 0.2
    by_arm = {"none": chances[:, 0], "call": chances[:, 1], "mail": chances[:, 2]}
    assert np.array_equal(told.effect(X), grow(by_arm).effect(X))
    del by_arm["none"]
    assert np.allclose(told.effect(X), grow(by_arm).effect(X))
    scores = told.doubly_robust_scores(X, y, arm, propensity=chances)
    assert scores.shape == (n, 2)
    assert np.allclose(scores, told.doubly_robust_scores(X, y, arm, propensity=by_arm), rtol=1e-9)
    assert np.array_equal(scores, told.doubly_robust_scores(X, y, arm, propensity={"none": chances[:, 0], **by_arm}))
    known = told.doubly_robust_scores(X, y, arm, propensity={"call": 0.35, "mail": [0.25] * n})
    assert np.allclose(known, told.doubly_robust_scores(X, y, arm, propensity=np.tile([0.4, 0.35, 0.25], (n, 1))))
    for wrong, words in (
        ({"call": 0.35}, "is of call, expected one for each of none, call, mail; none may be left out"),
        ({"call": 0.35, "mail": 0.25, "post": 0.1}, "is of call, mail, post"),
        ({"call": 0.35, "mail": np.full(3, 0.25)}, r"of mail has the shape \(3,\), expected \(4000,\)"),
        ({"call": 0.35, "mail": ["often"] * n}, "of mail is no column of numbers"),
        ({"call": 0.75, "mail": 0.25}, "row 1"),
    ):
        with pytest.raises(InputError, match=words) as caught:
            told.doubly_robust_scores(X, y, arm, propensity=wrong)
        assert caught.value.column == "propensity", wrong
    with pytest.raises(InputError, match="2 columns"):
        told.doubly_robust_scores(X, y, arm, propensity=chances[:, 1:])
    with pytest.raises(InputError, match="2 columns in order"):
        grow(chances[:, 1:])
    chances[7] = [0.2, 0.3, 0.4]
    with pytest.raises(InputError, match="row 8 they sum to 0.9"):
        grow(chances)


def test_public_names_all_exist():
    for name in yorisoi.__all__:
        assert getattr(yorisoi, name) is not None
    with pytest.raises(AttributeError):
        yorisoi.no_such_name
