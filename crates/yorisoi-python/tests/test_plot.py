"""Do pictures show the numbers they are made of?"""

import numpy as np
import pytest
import yorisoi

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")


@pytest.fixture(scope="module")
def study(world):
    table = dict(zip(world.names, world.X.T), offer=world.w, stayed=world.y)
    return yorisoi.study(table, treatment="offer", outcome="stayed", n_estimators=30, costs={"1": 2.0}, budget=600.0)


def test_curves_are_drawn_as_found(forest):
    found = yorisoi.rate(forest.effect_oob_, forest.doubly_robust_scores(), points=20)
    for draw, curve in ((yorisoi.plot.toc, found.toc_curve), (yorisoi.plot.qini, found.qini_curve)):
        ax = draw(found)
        assert np.array_equal(ax.lines[0].get_ydata(), curve.estimate)
        assert draw(curve, ax=ax) is ax


def test_cells_effects_and_groups_are_drawn(forest, study):
    cells = yorisoi.uplift_by_quantile(forest.effect_oob_, forest.doubly_robust_scores(), bins=4)
    assert len(yorisoi.plot.calibration(cells).containers) == 1
    ax = yorisoi.plot.effects(forest.effects_oob_)
    drawn = ax.lines[0].get_ydata()
    assert len(drawn) == 200 and np.all(np.diff(drawn) >= 0)
    widths = [bar.get_width() for bar in yorisoi.plot.groups(study.plan).patches]
    assert sum(widths) == len(study.plan)


def test_the_budget_curve_and_overlap_are_the_summary(study):
    ax = yorisoi.plot.budget(study)
    points = study.summary["plan"]["curve"]
    assert ax.lines[0].get_ydata().tolist() == [point["gain"] for point in points]
    ax = yorisoi.plot.overlap(study.summary)
    heights = sum(patch.get_height() for patch in ax.patches)
    assert heights == pytest.approx(2.0)
