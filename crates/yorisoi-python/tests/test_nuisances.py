"""Do forests learn nuisances as boosted trees do, where they are asked to?"""

import pickle

import numpy as np
import pytest
import yorisoi
from yorisoi import CausalForest, InputError, InstrumentalForest


class Confounded:
    """Those who do well anyway are helped more often, and help adds 0.5 to everyone."""

    def __init__(self, n=3000, seed=0):
        rng = np.random.default_rng(seed)
        self.X = rng.normal(size=(n, 4))
        self.e = 1 / (1 + np.exp(-self.X[:, 0]))
        self.w = (rng.uniform(size=n) < self.e).astype(int)
        self.y = self.X[:, 0] + 0.5 * self.w + rng.normal(size=n)


@pytest.fixture(scope="module")
def past():
    return Confounded()


@pytest.fixture(scope="module")
def forest(past):
    return CausalForest(n_estimators=100, nuisance_learner="forest").fit(past.X, past.y, past.w)


def test_the_average_effect_is_found_where_the_plain_difference_is_wrong(past, forest):
    plain = past.y[past.w == 1].mean() - past.y[past.w == 0].mean()
    average = forest.average_effect()
    # The features add about .8 to the plain difference. At least 1 / sqrt(750) for noise of 1 and two arms of 1,500.
    assert plain > 1.0 and abs(average.estimate - 0.5) < 4 * average.std_error and 0.036 < average.std_error < 0.1


def test_nuisances_are_out_of_bag_and_new_people_hear_of_all_trees(past, forest):
    y_hat, w_hat = forest.nuisances()
    # Most of what can be known is: the outcome's features vary by 1 and more, the propensity by .2.
    assert np.corrcoef(y_hat, past.X[:, 0])[0, 1] > 0.9 and np.corrcoef(w_hat[:, 1], past.e)[0, 1] > 0.8
    again = forest.nuisances(past.X)[0]
    # All trees have seen most of these rows, and repeat some of their noise.
    assert np.corrcoef(again, past.y)[0, 1] > np.corrcoef(y_hat, past.y)[0, 1] + 0.01
    assert forest.tuning_[0]["nuisance_rounds"] == [] and forest.tuning_[0]["folds"] == 0


def test_the_choice_is_a_parameter_like_any_other(past, forest, tmp_path):
    assert CausalForest().get_params()["nuisance_learner"] == "boosted" and forest.get_params()["nuisance_learner"] == "forest"
    forest.save(tmp_path / "model.yorisoi")
    new = Confounded(50, seed=1).X
    for copy in (pickle.loads(pickle.dumps(forest)), yorisoi.load(tmp_path / "model.yorisoi")):
        assert np.array_equal(copy.effect(new), forest.effect(new))
        assert np.array_equal(copy.nuisances(new)[0], forest.nuisances(new)[0])
    boosted = CausalForest(n_estimators=20).fit(past.X, past.y, past.w)
    assert not np.array_equal(boosted.nuisances()[0], forest.nuisances()[0])


@pytest.mark.parametrize("word", ["forests", "Forest", "", None, 1, ["forest"]])
def test_other_words_are_refused(past, word):
    table = {"x": past.X[:, 0], "w": past.w, "y": past.y}
    for call in (
        lambda: CausalForest(nuisance_learner=word).fit(past.X, past.y, past.w),
        lambda: yorisoi.study(table, treatment="w", outcome="y", nuisance_learner=word),
    ):
        with pytest.raises(InputError, match='"boosted" or "forest"') as caught:
            call()
        assert caught.value.column == "nuisance_learner"


def test_a_study_and_an_instrument_take_the_choice(past, tmp_path):
    table = {"x": past.X[:, 0], "z": past.X[:, 1], "w": past.w, "y": past.y}
    found = yorisoi.study(table, treatment="w", outcome="y", n_estimators=20, repeats=1, nuisance_learner="forest")
    assert found.summary["settings"]["effects"]["nuisances"] == "forest"
    rng = np.random.default_rng(2)
    coin = rng.integers(0, 2, 3000)
    took = np.where(rng.uniform(size=3000) < 0.7, coin, past.w)
    y = past.X[:, 0] + 0.5 * took + rng.normal(size=3000)
    moved = InstrumentalForest(n_estimators=50, nuisance_learner="forest").fit(past.X, y, took, instrument=coin)
    own = moved.average_effect(target_population="overlap")
    new = moved.average_effect(past.X, y, took, instrument=coin, target_population="overlap")
    # Half of the coin's variance times .7 of obedience: 1 / (sqrt(3000) / 2 * .7) = .05 for noise of 1.
    assert all(abs(average.estimate - 0.5) < 4 * average.std_error < 0.4 for average in (own, new))
    # What is learned of new people is learned as the forest was, whatever it may be told afterwards.
    moved.save(tmp_path / "moved.yorisoi")
    for again in (yorisoi.load(tmp_path / "moved.yorisoi"), moved.set_params(nuisance_learner="boosted")):
        assert again.average_effect(past.X, y, took, instrument=coin, target_population="overlap") == new
