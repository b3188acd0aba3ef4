"""Do the notebooks run from top to bottom?"""

import json
import warnings
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "notebooks"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.ipynb"))


def test_there_are_notebooks():
    assert NOTEBOOKS == ["budget", "harm", "hillstrom", "lalonde", "moving"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_from_top_to_bottom(name, monkeypatch):
    matplotlib = pytest.importorskip("matplotlib")
    pytest.importorskip("pandas")
    matplotlib.use("Agg")
    monkeypatch.chdir(FOLDER)
    notebook = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert cells
    space = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for number, cell in enumerate(cells):
            exec(compile(cell, f"{name}, cell {number}", "exec"), space)
    matplotlib.pyplot.close("all")
