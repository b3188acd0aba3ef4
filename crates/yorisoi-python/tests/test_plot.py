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


@pytest.fixture(scope="module")
def many(world):
    """A study of two arms beside control."""
    rng = np.random.default_rng(4)
    arm = rng.choice(["none", "mail", "call"], len(world.y))
    y = world.X[:, 1] + (arm == "call") * world.tau + (arm == "mail") * 0.3 + rng.normal(size=len(arm))
    table = dict(zip(world.names, world.X.T), offer=arm, stayed=y)
    return yorisoi.study(table, treatment="offer", outcome="stayed", n_estimators=30, repeats=1)


@pytest.mark.parametrize("arm", [0, 1, "call", "mail"])
def test_a_study_is_drawn_with_the_numbers_of_its_report(many, arm):
    names = [entry["arm"] for entry in many.summary["arms"][1:]]
    name = arm if isinstance(arm, str) else names[arm]
    curves = {(curve["arm"], curve["kind"]): curve["points"] for curve in many.summary["curves"]}
    for draw, kind in ((yorisoi.plot.toc, "toc"), (yorisoi.plot.qini, "qini")):
        for study in (many, many.summary):
            line = draw(study, arm=arm).lines[0]
            points = curves[name, kind]
            assert line.get_xdata().tolist() == [point["share"] for point in points]
            assert line.get_ydata().tolist() == [point["estimate"] for point in points]
    tenths = next(entry["tenths"] for entry in many.summary["calibration"] if entry["arm"] == name)
    (marks,) = yorisoi.plot.calibration(many, arm=arm).containers
    assert marks[0].get_xdata().tolist() == [tenth["predicted"] for tenth in tenths]
    assert marks[0].get_ydata().tolist() == [tenth["found"]["estimate"] for tenth in tenths]
    ends = np.array([segment[:, 1] for segment in marks[2][0].get_segments()])
    assert np.allclose(ends, [[tenth["found"]["low"], tenth["found"]["high"]] for tenth in tenths])
    ranked = next(entry["ranked"] for entry in many.summary["effects"] if entry["arm"] == name)
    line = yorisoi.plot.effects(many, arm=arm).lines[0]
    assert line.get_xdata().tolist() == [person["share"] for person in ranked]
    assert line.get_ydata().tolist() == [person["effect"] for person in ranked]
    # The same people as of the effects themselves.
    assert yorisoi.plot.effects(many.effects, arm=arm).lines[0].get_ydata().tolist() == line.get_ydata().tolist()
    assert len(yorisoi.plot.overlap(many, arm=arm).patches) == 40
    matplotlib.pyplot.close("all")


def test_an_arm_that_does_not_exist_is_not_drawn(many, forest):
    for draw in (yorisoi.plot.toc, yorisoi.plot.qini, yorisoi.plot.calibration, yorisoi.plot.effects, yorisoi.plot.overlap):
        for arm in (2, -1, "none", None):
            with pytest.raises(yorisoi.InputError, match="`arm`"):
                draw(many, arm=arm)
        with pytest.raises(yorisoi.InputError, match="Study"):
            draw([1.0, 2.0])
    with pytest.raises(yorisoi.InputError, match="`arm`"):
        yorisoi.plot.effects(forest.effects_oob_, arm=1)


def test_what_is_drawn_comes_first_and_everything_else_by_name(many):
    figure, axes = matplotlib.pyplot.subplots(1, 5)
    for draw, ax in zip((yorisoi.plot.toc, yorisoi.plot.qini, yorisoi.plot.calibration, yorisoi.plot.effects, yorisoi.plot.overlap), axes):
        assert draw(many, ax=ax, arm="call") is ax
        for second in ("call", ax):
            with pytest.raises(TypeError):
                draw(many, second)
    for draw in (yorisoi.plot.budget, yorisoi.plot.groups):
        with pytest.raises(TypeError):
            draw(many, axes[0])
    matplotlib.pyplot.close("all")
