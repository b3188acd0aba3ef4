"""Opening what ``save`` wrote."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any, Union


def write(path: "Union[str, PathLike[str]]", content: bytes) -> None:
    """Writes a file whole or not at all: readers never see half of it."""
    target = Path(path)
    beside = target.with_name(target.name + ".part")
    beside.write_bytes(content)
    beside.replace(target)


def load(path: "Union[str, PathLike[str]]") -> Any:
    """Opens a model file of ``save`` or of the command line.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    CausalForest, InstrumentalForest, RegressionForest or ProbabilityForest
        Ready for new people.

    Raises
    ------
    InputError
        For a file that is none, was changed, or belongs to another version.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import numpy as np
    >>> import yorisoi
    >>> X = np.arange(200.0).reshape(100, 2) % 7
    >>> forest = yorisoi.RegressionForest(n_estimators=10).fit(X, X[:, 0])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "mean.yorisoi"
    ...     forest.save(path)
    ...     bool((yorisoi.load(path).predict(X) == forest.predict(X)).all())
    True
    """
    from ._causal import CausalForest
    from ._forests import ProbabilityForest, RegressionForest
    from ._instrumental import InstrumentalForest
    from ._native import ClassForest, EffectModel, InstrumentForest, MeanForest

    content = Path(path).read_bytes()
    if content.startswith(b"YORIPYM\0"):
        return RegressionForest()._opened_with(MeanForest.from_bytes(content))
    if content.startswith(b"YORIPYC\0"):
        import json

        import numpy as np

        forest = ClassForest.from_bytes(content)
        opened = ProbabilityForest()._opened_with(forest)
        opened.classes_ = np.array([json.loads(name) for name in forest.classes])
        return opened
    if content.startswith(b"YORIPYI\0"):
        return InstrumentalForest._opened_instrument(InstrumentForest.from_bytes(content))
    return CausalForest._opened(EffectModel.from_bytes(content))

