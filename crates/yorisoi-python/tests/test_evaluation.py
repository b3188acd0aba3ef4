"""Do judgements agree with what can be worked out by hand?"""

import csv
import json

import numpy as np
import pytest
import yorisoi
from yorisoi import Effects, InputError

# Sums of a few hundred numbers of order one.
ROUNDING = 1e-10


def test_a_perfect_and_a_reversed_ranking_by_hand():
    effect = np.r_[np.ones(20), np.zeros(80)]
    perfect = yorisoi.rate(effect, effect)
    # The mean over the top q is 1 up to q = .2, then .2 / q: the area is .2 + .2 ln 5, less the mean .2.
    assert perfect.autoc.estimate == pytest.approx(0.2 * np.log(5), abs=ROUNDING)
    assert perfect.qini.estimate == pytest.approx(0.08, abs=ROUNDING)
    assert yorisoi.rate(-effect, effect).qini.estimate == pytest.approx(-0.08, abs=ROUNDING)
    assert len(perfect.toc_curve) == 100
    assert np.array_equal(yorisoi.toc(effect, effect).estimate, perfect.toc_curve.estimate)
    assert yorisoi.qini(effect, effect).estimate[-1] == pytest.approx(0.2, abs=ROUNDING)


def test_a_weight_of_two_is_a_repeated_row():
    rng = np.random.default_rng(0)
    priority, scores = rng.normal(size=100), rng.normal(size=100)
    twice = yorisoi.rate(np.tile(priority, 2), np.tile(scores, 2))
    weighted = yorisoi.rate(priority, scores, sample_weight=np.full(100, 2.0))
    assert twice.autoc.estimate == pytest.approx(weighted.autoc.estimate, abs=ROUNDING)
    clustered = yorisoi.rate(np.tile(priority, 2), np.tile(scores, 2), cluster=np.tile(np.arange(100), 2).astype(str))
    assert clustered.autoc.n == 100


def test_a_ranking_beats_its_reverse_with_an_interval():
    rng = np.random.default_rng(1)
    effect = rng.normal(size=500)
    found = yorisoi.compare_rates(effect, -effect, effect + rng.normal(size=500))
    assert found["autoc"].low > 0 and found["qini"].low > 0


def test_scores_by_hand_and_against_the_forest(world, forest):
    scores = yorisoi.doubly_robust_scores(
        [3.0, 1.0], ["call", "none"], [2.0, 2.0], expected_outcome=[1.0, 1.0], propensity=[0.5, 0.5], control="none"
    )
    assert scores.tolist() == [4.0, 0.0]
    y_hat, w_hat = forest.nuisances()
    again = yorisoi.doubly_robust_scores(
        world.y, world.w, forest.effect_oob_, expected_outcome=y_hat, propensity=w_hat
    )
    assert np.array_equal(again, forest.doubly_robust_scores())
    with pytest.raises(InputError) as caught:
        yorisoi.doubly_robust_scores([1.0, 2.0], [0, 1], [0.0, 0.0], expected_outcome=[0.0, 0.0], propensity=[0.5, 1.0])
    assert caught.value.row == 1


def test_cells_are_calibrated_in_a_known_world(world, forest):
    scores = forest.doubly_robust_scores()
    cells = yorisoi.uplift_by_quantile(forest.effect_oob_, scores, bins=5)
    assert [cell.cell for cell in cells] == [1, 2, 3, 4, 5]
    assert cells.first_less_last.low > 0.5
    found = yorisoi.calibration(forest.effect_oob_, scores)
    assert found.p_value < 1e-6
    assert found.differential.low < 1.2 and found.differential.high > 0.8


def test_the_projection_finds_the_feature_that_matters(world, forest):
    found = yorisoi.best_linear_projection(dict(zip(world.names, world.X.T)), forest.doubly_robust_scores())
    assert list(found) == ["(mean)", *world.names]
    assert found["age"].low > 0.3
    assert all(abs(found[name].estimate) < 4 * found[name].std_error for name in world.names[1:])
    assert yorisoi.best_linear_projection({"c": np.ones(50)}, np.arange(50.0))["c"] is None


def test_bad_judgements_are_refused_in_words():
    with pytest.raises(InputError, match="10"):
        yorisoi.rate([1.0, 2.0], [1.0, 2.0])
    with pytest.raises(InputError) as caught:
        yorisoi.rate(np.arange(20.0), np.r_[np.arange(19.0), np.nan])
    assert (caught.value.column, caught.value.row) == ("scores", 19)
    with pytest.raises(InputError, match="priority"):
        yorisoi.rate(np.arange(19.0), np.arange(20.0))
    with pytest.raises(InputError, match="dimensions"):
        yorisoi.rate(np.ones((20, 2)), np.ones(20))


def effects_of(values, half=0.1):
    effect = np.asarray(values, dtype=float)
    return Effects([f"arm {k}" for k in range(effect.shape[1])], effect, np.full(effect.shape, 0.05), effect - half, effect + half)


def test_a_plan_keeps_budget_capacity_and_harm():
    effects = effects_of([[0.5, 0.6], [0.2, 0.1], [-0.3, -0.2], [0.05, 0.0]])
    chosen = yorisoi.plan(effects, allowed_harm=0.0, costs={"arm 0": 1.0, "arm 1": 1.0}, capacity={"arm 1": 0})
    assert chosen.action.tolist() == ["offer", "offer", "hold", "hold"]
    assert set(chosen.arm[:2]) == {"arm 0"}
    assert chosen.reason[3] == "hold.harm_not_excluded"
    assert chosen.people_by_arm == {"arm 0": 2, "arm 1": 0}
    one = yorisoi.plan(effects, allowed_harm=0.0, costs={"arm 0": 1.0, "arm 1": 1.0}, budget=1.0)
    assert (one.spend, one.arm[0], one.people) == (1.0, "arm 1", 1)
    assert set(one.columns()) >= {"row", "action", "arm", "reason"}
    assert one.words["hold.budget"][0] and one.words["hold.budget"][1]


def test_a_cost_may_differ_from_person_to_person():
    effects = effects_of([[0.5], [0.5]])
    chosen = yorisoi.plan(effects, allowed_harm=1.0, costs={"arm 0": [10.0, 1.0]}, budget=1.0)
    assert chosen.action.tolist() == ["hold", "offer"] and chosen.cost.tolist() == [10.0, 1.0]
    with pytest.raises(InputError, match="arm 9"):
        yorisoi.plan(effects, allowed_harm=1.0, costs={"arm 9": 1.0})
    with pytest.raises(InputError) as caught:
        yorisoi.plan(effects, allowed_harm=1.0, costs={"arm 0": [1.0, -1.0]})
    assert caught.value.row == 1


def test_a_study_says_what_the_command_line_says(world, tmp_path):
    table = dict(zip(world.names, world.X.T), offer=np.where(world.w, "call", "none"), stayed=world.y)
    path = tmp_path / "past.csv"
    lines = [",".join(table), *(",".join(str(v) for v in row) for row in zip(*table.values()))]
    path.write_text("\n".join(lines) + "\n")
    options = dict(treatment="offer", outcome="stayed", n_estimators=30, costs={"call": 2.0}, budget=600.0)
    study = yorisoi.study(table, name="past.csv", **options)
    from_file = yorisoi.study(path, **options)
    assert study.summary == from_file.summary
    assert study.proven and "call" in study.verdict
    assert study.summary["plan"]["people"] == study.plan.people <= 300
    assert len(study.effects) == len(study.plan) == len(world.y)
    assert 0.4 < study.held_out.mean() < 0.6
    study.save(tmp_path / "result")
    page = (tmp_path / "result" / "report.html").read_text(encoding="utf-8")
    assert page == from_file.report() and page.startswith("<!DOCTYPE html>")
    again = yorisoi.load(tmp_path / "result" / "model.yorisoi")
    assert np.array_equal(again.effect(table), study.model.effect(table))


def test_a_saved_study_has_the_five_files_and_spares_those_of_others(world, tmp_path):
    table = dict(zip(world.names, world.X.T), offer=np.where(world.w, "call", "none"), stayed=world.y)
    options = dict(treatment="offer", outcome="stayed", n_estimators=30, costs={"call": 2.0}, budget=600.0, repeats=1)
    study = yorisoi.study(table, **options)
    (tmp_path / "diary.txt").write_text("mine")
    (tmp_path / "plan.csv").write_text("old")
    study.save(tmp_path)
    files = ["diary.txt", "effects.parquet", "model.yorisoi", "plan.csv", "report.html", "summary.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == files
    parquet = pytest.importorskip("pyarrow.parquet")
    effects = parquet.read_table(tmp_path / "effects.parquet")
    assert effects.column_names == ["row", "heldout", "effect_call", "std_error_call", "low_call", "high_call"]
    assert np.array_equal(effects["row"].to_numpy(), study.row)
    assert np.array_equal(effects["heldout"].to_numpy(), study.held_out)
    for name, values in study.effects.columns().items():
        assert np.array_equal(effects[name].to_numpy(), values, equal_nan=True), name
    with open(tmp_path / "plan.csv", newline="") as lines:
        rows = list(csv.DictReader(lines))
    columns = study.plan.columns()
    assert list(rows[0]) == list(columns) and len(rows) == len(study.plan)
    for name in ("action", "arm", "group", "reason"):
        assert [row[name] for row in rows] == list(columns[name]), name
    for name in ("row", "effect", "low", "high", "value", "cost"):
        # What is not known, as the interval of a row that too few trees may answer for, is an empty field.
        written = [float(row[name] or "nan") for row in rows]
        assert np.array_equal(written, columns[name], equal_nan=True), name
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8")) == study.summary


def test_a_study_names_a_wrong_column(world):
    with pytest.raises(InputError, match="did you mean") as caught:
        yorisoi.study({"offer": world.w, "stayed": world.y, "x": world.X[:, 0]}, treatment="ofer", outcome="stayed")
    assert caught.value.column == "ofer"
    with pytest.raises(InputError, match="no_such_file"):
        yorisoi.study("no_such_file.csv", treatment="offer", outcome="stayed")


def test_less_of_a_bad_outcome_counts_as_improvement(world):
    table = dict(zip(world.names, world.X.T), offer=world.w)
    options = dict(treatment="offer", outcome="end", n_estimators=20, repeats=1)
    more = yorisoi.study(dict(table, end=world.y), **options)
    less = yorisoi.study(dict(table, end=-world.y), lower_is_better=True, **options)
    assert np.allclose(less.effects.effect, more.effects.effect, equal_nan=True)
