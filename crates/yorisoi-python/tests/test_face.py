"""Does every public name say what it takes, and does a type checker know them all?"""

import inspect
import re

import pytest
import yorisoi

CLASSES = [getattr(yorisoi, name) for name in yorisoi.__all__ if inspect.isclass(getattr(yorisoi, name))]
FUNCTIONS = [getattr(yorisoi, name) for name in yorisoi.__all__ if inspect.isfunction(getattr(yorisoi, name))]
PICTURES = [
    function
    for name, function in vars(yorisoi.plot).items()
    if inspect.isfunction(function) and function.__module__ == "yorisoi.plot" and not name.startswith("_")
]
# Of scikit-learn's making, with its own documentation.
INHERITED = ("set_fit_request", "set_score_request", "set_predict_request", "get_metadata_routing", "get_params", "set_params")


def public_methods():
    for kind in CLASSES:
        for name, member in inspect.getmembers(kind, callable):
            home = getattr(member, "__module__", "") or ""
            if not name.startswith("_") and home.startswith("yorisoi") and name not in INHERITED:
                yield pytest.param(member, id=f"{kind.__name__}.{name}")


def missing(callable_, text):
    """Returns the parameters that a docstring does not name."""
    names = [name for name in inspect.signature(callable_).parameters if name not in ("self", "cls")]
    return [name for name in names if not re.search(rf"\b{name}\b", text)]


@pytest.mark.parametrize("function", [*FUNCTIONS, *PICTURES], ids=lambda function: function.__name__)
def test_a_function_names_every_parameter_what_it_returns_and_what_it_raises(function):
    text = inspect.getdoc(function) or ""
    assert missing(function, text) == []
    assert "Returns" in text and "Raises" in text


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_a_class_names_every_parameter(kind):
    if not issubclass(kind, Warning):
        assert missing(kind, inspect.getdoc(kind) or "") == []


@pytest.mark.parametrize("method", list(public_methods()))
def test_a_method_names_every_parameter(method):
    text = inspect.getdoc(method) or ""
    assert text and missing(method, text) == []


def test_a_type_checker_knows_the_names_and_no_others(tmp_path):
    api = pytest.importorskip("mypy.api")
    source = tmp_path / "uses.py"
    source.write_text("import yorisoi\nyorisoi.CausalForest(control=0)\nyorisoi.plot.toc\nyorisoi.CausalForst()\n")
    said, _, code = api.run(["--no-error-summary", "--cache-dir", str(tmp_path / "cache"), str(source)])
    assert code == 1 and said.count("error:") == 1, said
    assert "uses.py:4:" in said and "CausalForst" in said, said
