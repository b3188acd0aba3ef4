"""Do Python and the command line give the same files?"""

import json
import os
import subprocess

import numpy as np
import pytest
import yorisoi
from yorisoi import _native

FILES = ["effects.parquet", "model.yorisoi", "plan.csv", "report.html", "summary.json"]


@pytest.fixture(scope="module")
def program():
    """The command line's program; `cargo xtask python` builds it and says where it is."""
    path = os.environ.get("YORISOI")
    if path is None:
        pytest.skip("YORISOI does not say where the program is; `cargo xtask python` does")
    return path


def write(world, path):
    """Writes a table with text and gaps, in numbers that read back as they were; returns its columns."""
    rng = np.random.default_rng(3)
    n = len(world.y)
    columns = {
        "age": world.X[:, 0].tolist(),
        "income": np.where(rng.uniform(size=n) < 0.1, np.nan, world.X[:, 1]).tolist(),
        "town": rng.choice(["Nara", "Osaka", "Kyoto", ""], n).tolist(),
        "offer": np.where(world.w == 1, np.where(rng.uniform(size=n) < 0.5, "mail", "call"), "none").tolist(),
        "stayed": world.y.tolist(),
        "fee": rng.integers(1, 9, n).tolist(),
    }
    lines = [",".join("" if value != value else str(value) for value in row) for row in zip(*columns.values())]
    path.write_text("\n".join([",".join(columns), *lines]) + "\n", encoding="utf-8")
    return columns


CASES = {
    "plain": ([], {}),
    "one split with a plan": (
        ["--repeats", "1", "--cost", "mail=2", "--cost", "call=@fee", "--budget", "600", "--capacity", "call=90", "--drop", "town"],
        dict(repeats=1, costs={"mail": 2.0, "call": "fee"}, budget=600.0, capacity={"call": 90}, drop=["town"]),
    ),
    "known chances": (
        ["--repeats", "2", "--propensity", "mail=0.25,call=0.25", "--seed", "7", "--bins", "32", "--holdout", "0.4", "--trim", "0.1"],
        dict(repeats=2, propensity={"mail": 0.25, "call": 0.25}, random_state=7, max_bins=32, holdout=0.4, trim=0.1),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_python_and_the_command_line_give_the_same_five_files(case, program, world, tmp_path):
    said, asked = CASES[case]
    past, ours, theirs = tmp_path / "past.csv", tmp_path / "python", tmp_path / "program"
    write(world, past)
    command = [program, "study", past, "--treatment", "offer", "--outcome", "stayed", "--trees", "20", "--out", theirs, *said]
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    study = yorisoi.study(past, treatment="offer", outcome="stayed", n_estimators=20, **asked)
    study.save(ours)
    assert [file.name for file in sorted(theirs.iterdir())] == [file.name for file in sorted(ours.iterdir())] == FILES
    for name in ("effects.parquet", "plan.csv", "model.yorisoi"):
        assert (ours / name).read_bytes() == (theirs / name).read_bytes(), name

    # Only the program knows a clock. But for its timings both summaries are the same text, and both pages are made
    # of their own summary by the same function.
    summary = json.loads((theirs / "summary.json").read_bytes())
    assert summary["timings"] and json.loads((ours / "summary.json").read_bytes())["timings"] == []
    summary["timings"] = []
    assert _native.summary_file(json.dumps(summary)) == (ours / "summary.json").read_bytes()
    assert (theirs / "report.html").read_text(encoding="utf-8") == _native.report((theirs / "summary.json").read_text(encoding="utf-8"))
    assert (ours / "report.html").read_text(encoding="utf-8") == _native.report(json.dumps(summary))


def test_a_table_in_memory_gives_the_files_of_the_file(world, tmp_path):
    pandas = pytest.importorskip("pandas")
    past = tmp_path / "past.csv"
    table = pandas.DataFrame(write(world, past))
    options = dict(treatment="offer", outcome="stayed", n_estimators=20, repeats=1)
    yorisoi.study(table, name="past.csv", **options).save(tmp_path / "memory")
    yorisoi.study(past, **options).save(tmp_path / "file")
    for name in FILES:
        assert (tmp_path / "memory" / name).read_bytes() == (tmp_path / "file" / name).read_bytes(), name
