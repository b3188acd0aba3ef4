"""Do the notebooks run from top to bottom, and show what they keep?"""

import base64
import json
import warnings
from pathlib import Path

import cells
import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "docs" / "notebooks"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.ipynb"))

# All of them together: a repository is cloned whole, and each picture is kept again with every change of it.
MOST_BYTES = 1_000_000

# What tells of the machine that ran it. A home that is the root of everything tells nothing.
HOME = [str(Path.home())] if len(Path.home().parts) > 1 else []
TRACES = [str(ROOT), *HOME, "/tmp", " at 0x", "Warning"]


def read(name):
    return json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))


def kept(notebook):
    return [output for cell in notebook["cells"] for output in cell.get("outputs", [])]


def without_pixels(outputs):
    """Returns outputs with the number of pictures in the place of each: fonts differ by a pixel between machines."""
    return [{**output, "data": ["picture"]} if "image/png" in output.get("data", {}) else output for output in outputs]


def test_there_are_notebooks():
    assert NOTEBOOKS == ["budget", "harm", "hillstrom", "lalonde", "moving"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_from_top_to_bottom_and_shows_what_it_keeps(name, monkeypatch):
    plt = pytest.importorskip("matplotlib.pyplot")
    pytest.importorskip("pandas")
    plt.switch_backend("Agg")
    plt.close("all")
    monkeypatch.chdir(FOLDER)
    notebook, space, number = read(name), {}, 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        number += 1
        with warnings.catch_warnings():
            # A reader would see it in the notebook, where it has no place.
            warnings.simplefilter("error")
            printed, value = cells.run("".join(cell["source"]), space, f"{name}, cell {number}")
        fresh = cells.outputs(printed, value, cells.drawn(plt), number)
        if cells.WRITES:
            cell["execution_count"], cell["outputs"] = number, fresh
        assert cell["execution_count"] == number
        assert without_pixels(cell["outputs"]) == without_pixels(fresh), f"{name}, cell {number}"
    assert number
    if cells.WRITES:
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        (FOLDER / f"{name}.ipynb").write_text(text + "\n", encoding="utf-8")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_what_it_keeps_is_for_readers_of_any_machine(name):
    notebook = read(name)
    assert sorted(notebook["metadata"]) == ["kernelspec", "language_info"]
    assert all(cell["metadata"] == {} for cell in notebook["cells"])
    assert any("image/png" in output.get("data", {}) for output in kept(notebook))
    for output in kept(notebook):
        assert output.get("name") != "stderr" and output["output_type"] != "error"
        picture = output.get("data", {}).get("image/png")
        if picture is None:
            said = json.dumps(output, ensure_ascii=False)
            assert not any(trace in said for trace in TRACES), said
        else:
            # Neither time nor program: chunks of text would hold them.
            assert not {b"tEXt", b"tIME", b"iTXt", b"zTXt"} & chunks(base64.b64decode(picture))


def chunks(png):
    """Returns the kinds of the parts of a picture."""
    kinds, at = set(), 8
    while at < len(png):
        kinds.add(png[at + 4 : at + 8])
        at += 12 + int.from_bytes(png[at : at + 4], "big")
    return kinds


def test_all_together_are_small():
    assert sum((FOLDER / f"{name}.ipynb").stat().st_size for name in NOTEBOOKS) < MOST_BYTES
