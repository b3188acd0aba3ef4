"""Does everything that needs nothing else work with numpy alone?"""

import subprocess
import sys

import pytest

# In a process of its own, where these cannot be imported, as on a machine that has none of them.
WITHOUT = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
import numpy as np
import yorisoi

rng = np.random.default_rng(0)
X = rng.normal(size=(400, 2))
w = np.arange(400) % 2
y = X[:, 0] + w * (X[:, 1] > 0) + rng.normal(size=400)
"""
EVERYTHING = ["sklearn", "tqdm", "matplotlib", "pandas", "polars", "pyarrow", "scipy"]


def run(code, missing=EVERYTHING):
    """Runs code without some packages; returns what it wrote to standard error."""
    done = subprocess.run([sys.executable, "-c", WITHOUT.format(missing=missing) + code], capture_output=True)
    # As bytes: text would have its carriage returns taken for line ends.
    said = done.stderr.decode()
    assert done.returncode == 0, said
    return said


def test_forests_learn_answer_and_are_kept():
    run(
        """
import pickle
for forest in (
    yorisoi.CausalForest(n_estimators=60).fit(X, y, w, propensity=0.5),
    yorisoi.InstrumentalForest(n_estimators=60).fit(X, y, w, instrument=w),
):
    low, high = forest.effect_interval(X)
    assert forest.effect(X).shape == low.shape == y.shape and (low <= high).all()
    assert forest.average_effect().std_error > 0
    assert (pickle.loads(pickle.dumps(forest)).effect(X) == forest.effect(X)).all()
assert yorisoi.RegressionForest(n_estimators=60).fit(X, y).predict(X).shape == y.shape
assert yorisoi.ProbabilityForest(n_estimators=60).fit(X, w).predict_proba(X).shape == (400, 2)
scores = forest.doubly_robust_scores()
assert len(yorisoi.rate(X[:, 1], scores).toc_curve) == 100
assert yorisoi.plan(forest.effects(X), allowed_harm=9.0, budget=10).people <= 10
study = yorisoi.study({"x": X[:, 1], "w": w, "y": y}, treatment="w", outcome="y", n_estimators=60, repeats=1)
assert study.verdict and study.report().startswith("<!DOCTYPE html>")
assert not set(sys.modules) & {"sklearn", "tqdm", "matplotlib", "pandas", "polars", "pyarrow", "scipy"}
"""
    )


def test_parameters_are_had_and_set_without_scikit_learn():
    run(
        """
forest = yorisoi.CausalForest(n_estimators=7, control="none")
assert forest.get_params()["control"] == "none" and len(forest.get_params()) == 12
assert yorisoi.CausalForest(**forest.get_params()).get_params() == forest.get_params()
assert forest.set_params(n_estimators=9) is forest and forest.n_estimators == 9
for wrong in (lambda: forest.set_params(trees=9), lambda: forest.effect(X)):
    try:
        wrong()
    except ValueError as error:
        assert "trees" in str(error) or "not fitted" in str(error), error
    else:
        raise AssertionError
assert not hasattr(forest, "effect_oob_")
""",
        ["sklearn"],
    )


def test_progress_is_a_plain_line_without_tqdm():
    said = run("yorisoi.CausalForest(n_estimators=5000, progress=True).fit(X, y, w)", ["tqdm"])
    assert said.startswith("\r") and said.endswith("\r") and "Traceback" not in said


@pytest.mark.parametrize("draw", ["toc(found)", "qini(found)", "effects(forest.effects_oob_)", "groups(plan)", "budget(study)"])
def test_a_picture_without_matplotlib_says_what_to_install(draw):
    run(
        f"""
forest = yorisoi.CausalForest(n_estimators=60).fit(X, y, w)
found = yorisoi.rate(X[:, 1], forest.doubly_robust_scores())
plan = yorisoi.plan(forest.effects(X), allowed_harm=9.0)
study = yorisoi.study(dict(x=X[:, 1], w=w, y=y), treatment="w", outcome="y", n_estimators=60, repeats=1)
assert "toc" in dir(yorisoi.plot)
try:
    yorisoi.plot.{draw}
except ImportError as error:
    assert "pip install matplotlib" in str(error), error
else:
    raise AssertionError
""",
        ["matplotlib"],
    )
