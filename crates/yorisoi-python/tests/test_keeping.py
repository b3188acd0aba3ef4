"""Does what is kept answer as before?"""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest
import yorisoi
from yorisoi import CausalForest, InputError, InstrumentalForest, ProbabilityForest, RegressionForest


def test_pickles_keep_everything(world, forest):
    again = pickle.loads(pickle.dumps(forest))
    assert np.array_equal(again.effect(world.X), forest.effect(world.X))
    assert np.array_equal(again.effect_oob_, forest.effect_oob_, equal_nan=True)
    assert again.average_effect() == forest.average_effect()
    assert copy.deepcopy(forest).get_params() == forest.get_params()


def test_model_files_keep_the_answers_but_not_the_rows(world, forest, tmp_path):
    path = tmp_path / "model.yorisoi"
    forest.save(path)
    again = yorisoi.load(path)
    assert np.array_equal(again.effect(world.X), forest.effect(world.X))
    assert again.arms_ == forest.arms_
    with pytest.raises(InputError, match="pickle"):
        again.average_effect()
    assert again.average_effect(world.X, world.y, world.w).n == len(world.y)
    again.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("kind", ["mean", "class", "instrument"])
def test_other_forests_keep_theirs(kind, world, tmp_path):
    coin = np.random.default_rng(2).integers(0, 2, len(world.y))
    fitted = {
        "mean": lambda: RegressionForest(n_estimators=10).fit(world.X, world.y),
        "class": lambda: ProbabilityForest(n_estimators=10).fit(world.X, np.where(world.y > 0, "up", "down")),
        "instrument": lambda: InstrumentalForest(n_estimators=10).fit(world.X, world.y, coin | (world.w & coin), instrument=coin),
    }[kind]()
    fitted.save(tmp_path / "forest")
    for again in (yorisoi.load(tmp_path / "forest"), pickle.loads(pickle.dumps(fitted))):
        assert type(again) is type(fitted)
        assert np.array_equal(again.predict(world.X), fitted.predict(world.X))


def test_a_changed_byte_is_found(forest, tmp_path):
    forest.save(tmp_path / "model")
    RegressionForest(n_estimators=5).fit(np.arange(60.0)[:, None], np.arange(60.0)).save(tmp_path / "mean")
    for name in ("model", "mean"):
        content = bytearray((tmp_path / name).read_bytes())
        content[-5] ^= 1
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match="checksum"):
            yorisoi.load(tmp_path / name)
        (tmp_path / name).write_bytes(content[:30])
        with pytest.raises(InputError):
            yorisoi.load(tmp_path / name)
    (tmp_path / "text").write_text("hello")
    with pytest.raises(InputError, match="not a yorisoi model"):
        yorisoi.load(tmp_path / "text")


def test_importing_is_cheap():
    # Processor time, so that a busy machine does not decide.
    seconds = "import time; t = time.process_time(); import yorisoi; print(time.process_time() - t)"
    fetched = "import sys, yorisoi; print([m for m in ('numpy', 'sklearn', 'pandas', 'polars', 'pyarrow', 'matplotlib', 'tqdm') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", fetched], text=True).strip() == "[]"
    best = min(float(subprocess.check_output([sys.executable, "-c", seconds], text=True)) for _ in range(3))
    assert best < 0.1
