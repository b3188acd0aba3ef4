"""Does every kind of table say the same?"""

import numpy as np
import pytest
from yorisoi import CausalForest, InputError, RegressionForest

pandas = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")
pyarrow = pytest.importorskip("pyarrow")


class OnlyCapsule:
    """A table that offers the Arrow PyCapsule interface and nothing else."""

    def __init__(self, inner):
        self.inner = inner

    def __arrow_c_stream__(self, requested_schema=None):
        return self.inner.__arrow_c_stream__(requested_schema)


class OnlyArray:
    """An array that offers the Arrow PyCapsule interface and nothing else."""

    def __init__(self, inner):
        self.inner = inner

    def __arrow_c_array__(self, requested_schema=None):
        return self.inner.__arrow_c_array__(requested_schema)


def effects(X, y, w):
    return CausalForest(n_estimators=20).fit(X, y, w).effect(X)


@pytest.fixture(scope="module")
def reference(world):
    return effects(world.X, world.y, world.w)


def named(world):
    return dict(zip(world.names, world.X.T))


TABLES = {
    "numpy C": lambda w: np.ascontiguousarray(w.X),
    "numpy Fortran": lambda w: np.asfortranarray(w.X),
    "numpy strided": lambda w: np.repeat(w.X, 2, axis=0)[::2],
    "numpy big-endian": lambda w: w.X.astype(">f8"),
    "numpy object": lambda w: w.X.astype(object),
    "lists": lambda w: w.X.tolist(),
    "dict": named,
    "pandas": lambda w: pandas.DataFrame(named(w)),
    "pandas nullable": lambda w: pandas.DataFrame(named(w)).convert_dtypes(),
    "pandas pyarrow": lambda w: pandas.DataFrame(named(w)).convert_dtypes(dtype_backend="pyarrow"),
    "polars": lambda w: polars.DataFrame(named(w)),
    "pyarrow": lambda w: pyarrow.table(named(w)),
    "pyarrow in batches": lambda w: pyarrow.Table.from_batches(pyarrow.table(named(w)).to_batches(max_chunksize=777)),
    "record batch": lambda w: pyarrow.table(named(w)).combine_chunks().to_batches()[0],
    "capsule": lambda w: OnlyCapsule(pyarrow.table(named(w))),
    "array capsule": lambda w: OnlyArray(pyarrow.table(named(w)).combine_chunks().to_batches()[0]),
    "struct array": lambda w: OnlyArray(pyarrow.table(named(w)).combine_chunks().to_struct_array().chunk(0)),
    "slice of an array": lambda w: OnlyArray(pyarrow.RecordBatch.from_pydict(named(w)).slice(0, len(w.y))),
}


@pytest.mark.parametrize("kind", TABLES)
def test_every_table_gives_the_same_effects(kind, world, reference):
    X = TABLES[kind](world)
    assert np.array_equal(effects(X, world.y, world.w), reference)


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "uint8", "uint32", "uint64", "float16", "float32", "bool"])
def test_every_type_of_number_is_read(dtype, world):
    X = np.abs(np.round(world.X * 3)).astype(dtype)
    assert np.array_equal(effects(X, world.y, world.w), effects(X.astype(float), world.y, world.w))


COLUMNS = {
    "list": list,
    "series": pandas.Series,
    "nullable": lambda v: pandas.Series(v).convert_dtypes(),
    "polars": polars.Series,
    "arrow": pyarrow.array,
    "chunked": lambda v: pyarrow.chunked_array([v[:100], v[100:]]),
    "objects": lambda v: v.astype(object),
    "array capsule": lambda v: OnlyArray(pyarrow.array(v)),
    "stream capsule": lambda v: OnlyCapsule(pyarrow.chunked_array([v[:100], v[100:]])),
    "table capsule": lambda v: OnlyCapsule(pyarrow.table({"one": v})),
    "one of a struct": lambda v: OnlyArray(pyarrow.RecordBatch.from_pydict({"one": v})),
    "frame of one": lambda v: pandas.DataFrame({"one": v}),
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_every_column_plays_its_role(kind, world, reference):
    make = COLUMNS[kind]
    assert np.array_equal(effects(world.X, make(world.y), make(world.w)), reference)


CITIES = {
    "objects": lambda c: np.array(c, dtype=object),
    "pandas objects": lambda c: pandas.Series(c, dtype=object),
    "pandas categories": lambda c: pandas.Series(c, dtype="category"),
    "pandas strings": lambda c: pandas.Series(c, dtype="string"),
    "pandas pyarrow": lambda c: pandas.Series(c, dtype=pandas.ArrowDtype(pyarrow.string())),
    "polars": polars.Series,
    "polars categories": lambda c: polars.Series(c, dtype=polars.Categorical),
    "arrow dictionary": lambda c: pyarrow.array(c).dictionary_encode(),
    "array capsule": lambda c: OnlyArray(pyarrow.array(c)),
    "stream capsule": lambda c: OnlyCapsule(pyarrow.chunked_array([c[:7], c[7:]])),
}


@pytest.fixture(scope="module")
def city(world):
    rng = np.random.default_rng(6)
    names = rng.choice(["Nara", "Osaka", "Kyoto"], len(world.y)).tolist()
    return [None if row % 50 == 0 else name for row, name in enumerate(names)]


@pytest.mark.parametrize("kind", CITIES)
def test_text_with_gaps_is_a_category_everywhere(kind, world, city):
    helped = np.array([name == "Osaka" for name in city])
    y = world.X[:, 1] + world.w * helped * 2.0 + np.random.default_rng(7).normal(size=len(helped))
    X = {"city": CITIES[kind](city), "other": world.X[:, 2]}
    effect = effects(X, y, world.w)
    assert effect[helped].mean() - effect[~helped].mean() > 1.0
    assert np.array_equal(effect, effects({"city": city, "other": world.X[:, 2]}, y, world.w))


def test_missing_numbers_are_no_obstacle(world):
    X = world.X.copy()
    X[np.random.default_rng(8).uniform(size=X.shape) < 0.2] = np.nan
    assert np.isfinite(effects(X, world.y, world.w)).all()


def test_dates_are_days(world):
    days = np.datetime64("2024-01-01") + (world.X[:, 0] * 100).astype("timedelta64[D]")
    numbers = (days - np.datetime64("1970-01-01")).astype(float)
    expected = RegressionForest(n_estimators=20).fit({"day": numbers}, world.y).predict({"day": numbers})
    for column in (days, pandas.Series(days), polars.Series(days), pandas.Series(days).dt.tz_localize("UTC")):
        found = RegressionForest(n_estimators=20).fit({"day": column}, world.y).predict({"day": column})
        assert np.array_equal(found, expected)


def test_large_identifiers_stay_apart_as_clusters(world):
    identifiers = (1 << 60) + np.arange(len(world.y)) // 2
    # A hundred trees are fifty bags: no household can be drawn into all of them and lack an out-of-bag score.
    forest = CausalForest(n_estimators=100).fit(world.X, world.y, world.w, cluster=identifiers)
    assert forest.average_effect().n == len(set(identifiers.tolist()))


def test_columns_are_found_by_name_at_predict(world):
    frame = pandas.DataFrame(named(world))
    forest = CausalForest(n_estimators=20).fit(frame, world.y, world.w)
    turned = frame[frame.columns[::-1]].assign(extra=1)
    assert np.array_equal(forest.effect(frame), forest.effect(turned))
    assert forest.feature_names_in_.tolist() == world.names
    with pytest.raises(InputError, match="lacks `age`; it has `Age`") as caught:
        forest.effect(frame.rename(columns={"age": "Age"}))
    assert caught.value.column == "age"
    with pytest.raises(InputError, match="X has 4 features, but CausalForest is expecting 5"):
        forest.effect(world.X[:, :4])
    with pytest.warns(UserWarning, match="valid feature names"):
        assert np.array_equal(forest.effect(world.X), forest.effect(frame))


def test_text_where_numbers_were_names_column_and_row(world):
    forest = CausalForest(n_estimators=20).fit(pandas.DataFrame(named(world)), world.y, world.w)
    broken = pandas.DataFrame(named(world)).astype({"age": object})
    broken.loc[3, "age"] = "old"
    with pytest.raises(InputError) as caught:
        forest.effect(broken)
    assert (caught.value.column, caught.value.row) == ("age", 3)


BAD = {
    "one dimension": (lambda w: w.X[:, 0], ValueError, "2D array"),
    "three dimensions": (lambda w: w.X[None], ValueError, "3D"),
    "complex": (lambda w: w.X.astype(complex), ValueError, "Complex"),
    "no columns": (lambda w: w.X[:, :0], ValueError, "0 feature"),
    "no rows": (lambda w: w.X[:0], ValueError, "0 sample"),
    "a dictionary inside": (lambda w: [[{}]] * len(w.y), TypeError, "string or a number"),
    "two columns of one name": (
        lambda w: pandas.DataFrame(w.X[:, :2], columns=["a", "a"]), ValueError, "two columns are called `a`"
    ),
    "one column": (lambda w: OnlyArray(pyarrow.array(w.y)), ValueError, "single column"),
    "one column in a stream": (lambda w: pyarrow.chunked_array([w.y]), ValueError, "single column"),
    "rows missing as a whole": (
        lambda w: OnlyArray(pyarrow.array([{"a": 1.0}, None] * (len(w.y) // 2))), ValueError, "missing as a whole"
    ),
    "columns of different length": (lambda w: {"a": w.X[:, 0], "b": w.X[:9, 0]}, ValueError, "`b` has 9 rows"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_table_is_refused_in_words(kind, world):
    make, error, words = BAD[kind]
    with pytest.raises(error, match=words):
        CausalForest().fit(make(world), world.y, world.w)


def test_a_feature_may_have_the_name_of_a_role(world):
    X = {"treatment": world.X[:, 0], "y": world.X[:, 1], "cluster": world.X[:, 2]}
    forest = CausalForest(n_estimators=20).fit(X, world.y, world.w, cluster=np.arange(len(world.y)))
    assert forest.n_features_in_ == 3 and np.isfinite(forest.effect(X)).all()


def test_an_arrow_column_is_taken_once_and_a_table_of_two_is_none(world):
    schema, array = pyarrow.array(world.y).__arrow_c_array__()

    class Once:
        def __arrow_c_array__(self, requested_schema=None):
            return schema, array

    RegressionForest(n_estimators=5).fit(world.X, Once())
    with pytest.raises(InputError, match="taken already"):
        RegressionForest(n_estimators=5).fit(world.X, Once())
    stream = pyarrow.chunked_array([world.y]).__arrow_c_stream__()

    class OnceStreamed:
        def __arrow_c_stream__(self, requested_schema=None):
            return stream

    RegressionForest(n_estimators=5).fit(world.X, OnceStreamed())
    with pytest.raises(InputError, match="taken already"):
        RegressionForest(n_estimators=5).fit(world.X, OnceStreamed())
    for two in (pyarrow.table({"a": world.y, "b": world.y}), pandas.DataFrame({"a": world.y, "b": world.y})):
        with pytest.raises(InputError, match="`y` has 2 columns"):
            RegressionForest(n_estimators=5).fit(world.X, two)
    empty = pyarrow.chunked_array([], type=pyarrow.float64())
    with pytest.raises(InputError, match="`y` has 0 rows"):
        RegressionForest(n_estimators=5).fit(world.X, OnlyCapsule(empty))
