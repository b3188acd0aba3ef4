"""Does every public name say what it takes and show its use, and does a type checker know them all?"""

import doctest
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


# What takes or returns arrays, by the first words of an entry.
ARRAY = re.compile(r"\b(ndarray|array|table|column of)\b")
# Entries that stand for others, with their shapes.
ELSEWHERE = re.compile(r"\s+As (in |the |:meth:|:func:|:class:)")
# A number means nothing without one of these.
UNIT = re.compile(r"\bunits?\b|\bmoney\b|\bshare|probabilit|\bPeople|[Nn]umber of|\bClasses\b|\bRow\b|as the attribute", re.IGNORECASE)


def entries(text, *sections):
    """Returns the entries of sections of a docstring: what each is called and is, and what is said of it."""
    found, section, lines = [], None, text.splitlines()
    for line, below in zip(lines, [*lines[1:], ""]):
        if below and set(below) == {"-"}:
            section = line
        elif section in sections and line and not line.startswith((" ", "-")):
            found.append([line, ""])
        elif section in sections and line and found:
            found[-1][1] += line + "\n"
    return found


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


def documented():
    """Returns everything public with a docstring: functions, classes, and methods with a section of their own."""
    named = [pytest.param(inspect.getdoc(thing) or "", id=thing.__name__) for thing in [*FUNCTIONS, *PICTURES, *CLASSES]]
    return [*named, *(pytest.param(inspect.getdoc(method.values[0]) or "", id=method.id) for method in public_methods())]


@pytest.mark.parametrize("text", documented())
def test_every_array_has_a_shape_and_every_result_a_unit(text):
    for entry, said in entries(text, "Parameters", "Attributes", "Returns"):
        if ARRAY.search(entry) and not ELSEWHERE.match(said):
            assert "of shape (" in entry or "with one row a person" in entry, entry
    for entry, said in entries(text, "Attributes", "Returns"):
        is_number = re.search(r"\b(ndarray|float|Estimate|Curve|Quantiles)\b", entry) and "of bool" not in entry
        if is_number and not re.search(r"of str\b", entry):
            assert UNIT.search(entry + said) or ELSEWHERE.match(said), (entry, said)


@pytest.mark.parametrize("method", list(public_methods()))
def test_a_method_that_returns_an_array_says_of_what_shape(method):
    if "NDArray" in str(inspect.signature(method).return_annotation):
        text = inspect.getdoc(method)
        assert "of shape (" in text or re.search(r"Returns :meth:|one array a column", text), text


@pytest.mark.parametrize("thing", [*CLASSES, *FUNCTIONS, *PICTURES], ids=lambda thing: thing.__name__)
def test_everything_public_has_an_example(thing):
    # `pytest --doctest-modules` runs them.
    assert doctest.DocTestParser().get_examples(inspect.getdoc(thing) or "")


def test_a_type_checker_knows_the_names_and_no_others(tmp_path):
    api = pytest.importorskip("mypy.api")
    source = tmp_path / "uses.py"
    source.write_text("import yorisoi\nyorisoi.CausalForest(control=0)\nyorisoi.plot.toc\nyorisoi.CausalForst()\n")
    said, _, code = api.run(["--no-error-summary", "--cache-dir", str(tmp_path / "cache"), str(source)])
    assert code == 1 and said.count("error:") == 1, said
    assert "uses.py:4:" in said and "CausalForst" in said, said
