//! The Python package `yorisoi`: tables in, arrays out, over the library face only.
//!
//! Here stands what needs Rust: reading Python's tables, running long work beside the interpreter, and
//! handing results back. The classes that users see are Python (`python/yorisoi`) and hold no formula.

#![expect(
    clippy::needless_pass_by_value,
    clippy::too_many_arguments,
    reason = "Python's arguments arrive by value, beside the interpreter's own"
)]

mod amount;
mod arrays;
mod arrow;
mod decide;
mod effects;
mod errors;
mod evaluation;
mod evidence;
mod evidence_check;
mod forests;
mod instrumental;
mod interval;
mod numpy_read;
mod planning;
mod roles;
mod run;
mod stored;
mod study;
mod table;
mod told;

use pyo3::prelude::*;

/// What the Python side of the package is built on; nothing here is meant to be called by users.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    // A mistake of ours becomes one exception with words for the user, not a report of threads and files.
    std::panic::set_hook(Box::new(|_| {}));
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<table::ColumnSet>()?;
    module.add_class::<effects::EffectModel>()?;
    module.add_class::<evidence::Evidence>()?;
    module.add_class::<forests::MeanForest>()?;
    module.add_class::<forests::ClassForest>()?;
    module.add_class::<instrumental::InstrumentForest>()?;
    module.add_function(wrap_pyfunction!(effects::fit_effects, module)?)?;
    module.add_function(wrap_pyfunction!(interval::interval, module)?)?;
    module.add_function(wrap_pyfunction!(interval::mean_interval, module)?)?;
    module.add_function(wrap_pyfunction!(interval::estimate_interval, module)?)?;
    module.add_function(wrap_pyfunction!(evidence::evidence_of, module)?)?;
    module.add_function(wrap_pyfunction!(evaluation::rate, module)?)?;
    module.add_function(wrap_pyfunction!(evaluation::compare_rates, module)?)?;
    module.add_function(wrap_pyfunction!(evaluation::calibration, module)?)?;
    module.add_function(wrap_pyfunction!(evaluation::uplift_by_quantile, module)?)?;
    module.add_function(wrap_pyfunction!(evaluation::best_linear_projection, module)?)?;
    module.add_function(wrap_pyfunction!(planning::plan, module)?)?;
    module.add_function(wrap_pyfunction!(study::study, module)?)?;
    module.add_function(wrap_pyfunction!(study::study_file, module)?)?;
    module.add_function(wrap_pyfunction!(decide::decide, module)?)?;
    module.add_function(wrap_pyfunction!(study::report, module)?)?;
    module.add_function(wrap_pyfunction!(study::summary_file, module)?)?;
    module.add_function(wrap_pyfunction!(study::write_rows, module)?)?;
    Ok(())
}
