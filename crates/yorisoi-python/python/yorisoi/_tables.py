"""Any table of Python's, as the library's columns.

Numbers are read where they lie; nothing is copied on the way but into the library's own columns.
"""

from __future__ import annotations

import numbers
import sys
import warnings
from typing import TYPE_CHECKING, Any, Optional

from ._errors import InputError, InputTypeError
from ._native import ColumnSet

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Rows that one call into numpy or pandas may sort or look up: signals are heard only between such calls.
ROWS_A_CALL = 1 << 20


def table(X: Any, *, positional: bool = False) -> "tuple[ColumnSet, Optional[list[str]], list[str]]":
    """Reads a table.

    Returns its columns, the names it brought (``None`` without names, as in numpy), and the names the columns were
    given: without own names, or where ``positional``, they are ``x0``, ``x1`` and so on.
    """
    if hasattr(X, "toarray") and hasattr(X, "nnz"):
        raise InputTypeError(
            "a sparse matrix was passed, but dense data is required; use '.toarray()' to make it dense", code="argument"
        )
    pairs = _named_columns(X)
    if pairs is not None:
        names = [name for name, _ in pairs]
        given = _numbered(len(names)) if positional else names
        _check_distinct(given)
        return ColumnSet.from_columns(list(zip(given, (data for _, data in pairs)))), names, given
    if _is_polars(X) or hasattr(X, "__arrow_c_stream__") or hasattr(X, "__arrow_c_array__"):
        columns = _arrow(X, None)
        names = columns.names
        if positional:
            columns = columns.renamed(_numbered(len(names)))
        return columns, names, columns.names
    features = _features(X)
    given = _numbered(features.shape[1])
    numbers = ColumnSet.from_matrix(features, given)
    if numbers is None:
        pairs = [(name, column_data(features[:, at], name)) for at, name in enumerate(given)]
        numbers = ColumnSet.from_columns(pairs)
    return numbers, None, given


def column_data(values: Any, name: str) -> Any:
    """Returns one column in a form that the library reads."""
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(values, pandas.DataFrame):
        if values.shape[1] != 1:
            raise _not_one(name, values.shape[1])
        warn_of_column_vector(name)
        values = values.iloc[:, 0]
    if pandas is not None and isinstance(values, (pandas.Series, pandas.Index)):
        return _pandas_column(pandas, pandas.Series(values), name)
    if _is_polars(values) and hasattr(values, "to_frame"):
        return _only_column(values.to_frame("column"), name)
    if _is_polars(values) or hasattr(values, "__arrow_c_array__") or hasattr(values, "__arrow_c_stream__"):
        if "pyarrow" in sys.modules:
            import pyarrow

            if isinstance(values, (pyarrow.Array, pyarrow.ChunkedArray)):
                return _only_column(pyarrow.table({"column": values}), name)
        return _only_column(values, name)
    import numpy as np

    if not isinstance(values, np.ndarray):
        values = _array(values, name)
    if values.ndim == 2 and values.shape[1] == 1:
        warn_of_column_vector(name)
        values = values[:, 0]
    if values.ndim != 1:
        raise InputError(f"`{name}` has {values.ndim} dimensions, expected 1", code="argument", column=name)
    return _numpy_column(values, name)


def roles(**columns: Any) -> ColumnSet:
    """Reads columns that play roles, leaving out those that are ``None``."""
    given = [(name, column_data(values, name)) for name, values in columns.items() if values is not None]
    return ColumnSet.from_columns(given)


def is_scalar(values: Any) -> bool:
    """Returns whether this is one value rather than a column of them."""
    import numpy as np

    try:
        return np.ndim(values) == 0
    except ValueError:
        # Lists of different lengths in a list.
        return False


def vector(values: Any, name: str) -> "NDArray[Any]":
    """Returns a column of numbers, shape (n,), however it came; missing is NaN."""
    import numpy as np

    if isinstance(values, np.ndarray):
        if values.ndim == 2 and values.shape[1] == 1:
            values = values[:, 0]
        if values.ndim != 1:
            raise InputError(
                f"`{name}` has {values.ndim} dimensions, expected 1: pass one arm's column", code="argument", column=name
            )
        if values.dtype == np.float64:
            return np.ascontiguousarray(values)
    return ColumnSet.from_columns([(name, column_data(values, name))]).vector(name)


def matrix(values: Any, name: str) -> "NDArray[Any]":
    """Returns numbers in rows and columns, or whatever shape they have."""
    import numpy as np

    try:
        numbers = np.asarray(values)
        if numbers.dtype.kind == "c":
            raise TypeError("complex numbers have no order")
        return np.ascontiguousarray(numbers, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"`{name}` must be numeric: {error}", code="argument", column=name) from error


def distinct(values: Any, name: str) -> "tuple[NDArray[Any], NDArray[Any]]":
    """Returns the distinct values of a column in order, and the number of each row's."""
    import numpy as np

    try:
        labels = np.asarray(values)
    except ValueError as error:
        raise InputError(f"`{name}` cannot be read: {error}", code="argument", column=name) from error
    if labels.ndim == 2 and labels.shape[1] == 1:
        warn_of_column_vector(name)
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise InputError(f"`{name}` has {labels.ndim} dimensions, expected 1", code="argument", column=name)
    kind = labels.dtype.kind
    if kind in "cV":
        held = "Complex data" if kind == "c" else "Records"
        raise InputError(f"{held} not supported in `{name}`", code="argument", column=name)
    gaps: "list[int]" = []
    said = f"`{name}` is missing"
    if kind == "f":
        gaps = np.flatnonzero(~np.isfinite(labels))[:1].tolist()
        said = f"Input {name} contains NaN or infinity"
    elif kind in "OMm":
        gaps = [row for row, label in enumerate(labels) if _is_missing(label)][:1]
    for row in gaps:
        raise InputError(f"{said} in row {row + 1}", code="argument", column=name, row=row)
    try:
        found = [np.unique(labels[rows]) for rows in _calls(len(labels))]
        levels = np.unique(np.concatenate(found))
        codes = np.empty(len(labels), dtype=np.int64)
        for rows in _calls(len(labels)):
            codes[rows] = np.searchsorted(levels, labels[rows])
    except TypeError as error:
        kinds = ", ".join(sorted({type(label).__name__ for label in labels}))
        raise InputError(
            f"`{name}` holds {kinds}, which have no order among each other: give all of one kind",
            code="argument",
            column=name,
        ) from error
    return levels, codes


def _calls(n_rows: int) -> "list[slice]":
    """Returns the rows of one call after the other; of no rows there is one call as well."""
    return [slice(start, start + ROWS_A_CALL) for start in range(0, max(n_rows, 1), ROWS_A_CALL)]


def _is_missing(value: Any) -> bool:
    """Tells the missing values of Python, numpy and pandas, which is not needed here."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    # NaN and NaT differ from themselves.
    is_scalar = isinstance(value, numbers.Real) or type(value).__name__ in ("datetime64", "timedelta64")
    return is_scalar and bool(value != value)


def warn_of_column_vector(name: str) -> None:
    """Warns, in scikit-learn's own class where it is there, that a matrix of one column was taken as a column."""
    kind: "type[Warning]" = UserWarning
    if "sklearn" in sys.modules:
        from sklearn.exceptions import DataConversionWarning

        kind = DataConversionWarning
    warnings.warn(
        f"A column-vector y was passed when a 1d array was expected: `{name}` is taken as one column",
        kind,
        stacklevel=4,
    )


def _numbered(count: int) -> "list[str]":
    return [f"x{at}" for at in range(count)]


def _check_distinct(names: "list[str]") -> None:
    seen: "set[str]" = set()
    for name in names:
        if name in seen:
            raise InputError(f"two columns are called `{name}`", code="argument", column=name)
        seen.add(name)


def _array(values: Any, name: str) -> Any:
    import numpy as np

    # A list of texts and numbers is objects, not texts of equal width.
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise InputError(f"`{name}` cannot be read: {error}", code="argument", column=name) from error
    return np.asarray(values, dtype=object) if array.dtype.kind in "US" else array


def _features(X: Any) -> Any:
    import numpy as np

    features = X if isinstance(X, np.ndarray) else _array(X, "X")
    if features.dtype.kind == "c":
        raise InputError("Complex data not supported: give real numbers", code="argument")
    if features.ndim == 1 and features.dtype.names is None:
        raise InputError(
            "Expected 2D array, got 1D array instead. Reshape your data with `.reshape(-1, 1)` for one feature",
            code="argument",
        )
    if features.ndim != 2:
        raise InputError(f"Expected 2D array, got {features.ndim}D array instead", code="argument")
    if features.shape[1] == 0:
        raise InputError(
            f"Found array with 0 feature(s) (shape={features.shape}) while a minimum of 1 is required.", code="argument"
        )
    if features.shape[0] == 0:
        raise InputError(
            f"Found array with 0 sample(s) (shape={features.shape}) while a minimum of 1 is required.", code="argument"
        )
    return _readable(features)


def _readable(array: Any) -> Any:
    """Returns numbers in the machine's own byte order and in a width that the library reads."""
    import numpy as np

    if array.dtype.kind == "f" and array.dtype.itemsize not in (4, 8):
        array = array.astype(np.float64)
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    return np.require(array, requirements=["A"])


def _numpy_column(values: Any, name: str) -> Any:
    import numpy as np

    kind = values.dtype.kind
    if kind == "c":
        raise InputError(f"Complex data not supported in `{name}`: give real numbers", code="argument", column=name)
    if kind in "Mm":
        return _days(values)
    if kind in "US":
        return [text for rows in _calls(len(values)) for text in values[rows].tolist()]
    if kind == "V":
        raise InputError(f"`{name}` holds records: give one column", code="argument", column=name)
    return _readable(values) if kind != "O" else np.asarray(values)


def _days(values: Any) -> Any:
    """Instants as days since 1970-01-01, spans as days; missing is NaN."""
    import numpy as np

    if values.dtype.kind == "M":
        values = values - np.datetime64(0, "D")
    return values / np.timedelta64(1, "D")


def _named_columns(X: Any) -> "Optional[list[tuple[str, Any]]]":
    """Returns names and data of a pandas table or a dictionary of columns; ``None`` for anything else."""
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(X, pandas.DataFrame):
        if X.columns.nlevels > 1:
            raise InputError("the columns have several levels of names: give them one name each", code="argument")
        names = [str(name) for name in X.columns]
        pairs = [(name, _pandas_column(pandas, X.iloc[:, at], name)) for at, name in enumerate(names)]
    elif isinstance(X, dict):
        pairs = [(str(name), column_data(values, str(name))) for name, values in X.items()]
    else:
        return None
    if not pairs:
        raise InputError("Found array with 0 feature(s) while a minimum of 1 is required.", code="argument")
    return pairs


def _pandas_column(pandas: Any, series: Any, name: str) -> Any:
    import numpy as np

    dtype = series.dtype
    if isinstance(dtype, pandas.CategoricalDtype):
        return series.cat.codes.to_numpy().astype(np.int64), [_spell(level) for level in series.cat.categories]
    if isinstance(dtype, np.dtype) and dtype.kind in "fiub":
        return _readable(series.to_numpy())
    if isinstance(dtype, np.dtype) and dtype.kind in "Mmc":
        return _numpy_column(series.to_numpy(), name)
    if isinstance(dtype, pandas.DatetimeTZDtype):
        return _days(series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy())
    if pandas.api.types.is_numeric_dtype(dtype) and type(dtype).__name__ != "ArrowDtype":
        return _nullable(series, dtype)
    if type(dtype).__name__ == "ArrowDtype":
        import pyarrow

        return _only_column(pyarrow.table({"column": series.array.__arrow_array__()}), name)
    texts = _texts(pandas, series)
    return series.to_numpy(dtype=object) if texts is None else texts


def _texts(pandas: Any, series: Any) -> "Optional[tuple[NDArray[Any], list[str]]]":
    """Returns codes and levels of a column of texts, with -1 for missing; ``None`` where something else is in it."""
    import numpy as np

    numbers: "dict[str, int]" = {}
    codes = np.empty(len(series), dtype=np.int64)
    for rows in _calls(len(series)):
        part, levels = pandas.factorize(series.iloc[rows])
        if not all(isinstance(level, str) for level in levels):
            return None
        # Missing is -1, which is the last of these.
        own = [numbers.setdefault(level, len(numbers)) for level in levels] + [-1]
        codes[rows] = np.array(own, dtype=np.int64)[part]
    return codes, list(numbers)


def _nullable(series: Any, dtype: Any) -> Any:
    import numpy as np

    if dtype.kind in "iu" and not series.hasnans:
        return series.to_numpy(dtype=np.uint64 if dtype.kind == "u" else np.int64)
    return series.to_numpy(dtype=np.float64, na_value=np.nan)


def _spell(level: Any) -> str:
    """Spells a level as a file would."""
    if isinstance(level, float) and level.is_integer():
        return str(int(level))
    return str(level)


def _is_polars(values: Any) -> bool:
    return type(values).__module__.split(".")[0] == "polars" and hasattr(values, "to_arrow")


def _arrow(source: Any, column: Optional[str]) -> ColumnSet:
    """Reads what offers the Arrow PyCapsule interface; what is a single column gets a name, or is refused."""
    if not hasattr(source, "__arrow_c_stream__") and _is_polars(source):
        # Before 1.3 polars handed its tables over by way of pyarrow.
        source = source.to_arrow()
    if hasattr(source, "__arrow_c_stream__"):
        return ColumnSet.from_stream(source.__arrow_c_stream__(), column)
    schema, array = source.__arrow_c_array__()
    return ColumnSet.from_array(schema, array, column)


def _only_column(source: Any, name: str) -> ColumnSet:
    """Returns an Arrow column, or a table of one."""
    columns = _arrow(source, "column")
    if len(columns.names) != 1:
        raise _not_one(name, len(columns.names))
    return columns


def _not_one(name: str, count: int) -> InputError:
    return InputError(f"`{name}` has {count} columns of numbers or text, expected 1", code="argument", column=name)
