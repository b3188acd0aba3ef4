//! What does an Arrow capsule hold? Tables, and single columns, of anything that offers the `PyCapsule` interface.

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{ArrowArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchReader, StructArray, make_array};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use yorisoi::data::read::read_batches;
use yorisoi::data::{Column, Notice, Progress, Values};

use crate::errors::{Fault, Outcome};
use crate::run::{Running, run};

/// What a table is written as in a schema.
const STRUCT: &str = "+s";

/// Columns, and what the user should know about how they were read.
pub(crate) type Read = (Vec<Column>, Vec<Notice>);

/// Reads a stream; one that is a single column gets the name `column`, and is refused where there is none.
pub(crate) fn of_stream(
    py: Python<'_>,
    capsule: &Bound<'_, PyCapsule>,
    column: Option<&str>,
) -> PyResult<Read> {
    let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?;
    #[expect(
        unsafe_code,
        reason = "the PyCapsule interface promises a valid stream under this name; it is moved out, and the \
                  capsule is left with an empty one"
    )]
    let mut stream =
        unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr().cast::<FFI_ArrowArrayStream>()) };
    let column = column.map(str::to_owned);
    // With the lock released: the owner of the stream may itself need the interpreter.
    run(py, &Running::QUIET, move |progress| {
        let schema = schema_of(&mut stream)?;
        if schema.format() != STRUCT {
            let pieces = pieces(&mut stream, &schema, progress)?;
            return one_column(column, pieces, progress);
        }
        let reader = ArrowArrayStreamReader::try_new(stream).map_err(no_table)?;
        let schema = reader.schema();
        Ok(read_batches("X", &schema, reader, progress)?)
    })
}

/// Reads an array; one that is a single column gets the name `column`, and is refused where there is none.
pub(crate) fn of_array(
    py: Python<'_>,
    schema: &Bound<'_, PyCapsule>,
    array: &Bound<'_, PyCapsule>,
    column: Option<&str>,
) -> PyResult<Read> {
    let schema = schema.pointer_checked(Some(c"arrow_schema"))?;
    let array = array.pointer_checked(Some(c"arrow_array"))?;
    #[expect(
        unsafe_code,
        reason = "the PyCapsule interface promises a valid schema and array under these names; they are moved \
                  out, and the capsules are left with empty ones"
    )]
    let (schema, array) = unsafe {
        (
            FFI_ArrowSchema::from_raw(schema.as_ptr().cast::<FFI_ArrowSchema>()),
            FFI_ArrowArray::from_raw(array.as_ptr().cast::<FFI_ArrowArray>()),
        )
    };
    let column = column.map(str::to_owned);
    run(py, &Running::QUIET, move |progress| {
        if array.is_released() {
            return Err(no_table("the array was taken already"));
        }
        let piece = imported(array, &schema)?;
        match piece.as_any().downcast_ref::<StructArray>() {
            Some(table) if table.null_count() > 0 => Err(Fault::argument(
                "the table has rows that are missing as a whole: leave them out",
            )),
            Some(table) => {
                let batch = RecordBatch::from(table);
                let schema = batch.schema();
                Ok(read_batches("X", &schema, std::iter::once(Ok(batch)), progress)?)
            }
            None => one_column(column, vec![piece], progress),
        }
    })
}

fn no_table(error: impl std::fmt::Display) -> Fault {
    Fault::argument(format!("no Arrow table: {error}"))
}

/// Asks a stream what it holds.
fn schema_of(stream: &mut FFI_ArrowArrayStream) -> Outcome<FFI_ArrowSchema> {
    let taken = || no_table("the stream was taken already");
    let get_schema = stream.get_schema.ok_or_else(taken)?;
    let mut schema = FFI_ArrowSchema::empty();
    #[expect(unsafe_code, reason = "the stream's own function, on the stream and a schema to fill")]
    let code = unsafe { get_schema(stream, &raw mut schema) };
    if code == 0 { Ok(schema) } else { Err(no_table(format!("its schema has error {code}"))) }
}

/// Takes everything out of a stream of single columns.
fn pieces(
    stream: &mut FFI_ArrowArrayStream,
    schema: &FFI_ArrowSchema,
    progress: &dyn Progress,
) -> Outcome<Vec<ArrayRef>> {
    let get_next = stream.get_next.ok_or_else(|| no_table("the stream was taken already"))?;
    let mut pieces = Vec::new();
    loop {
        let mut array = FFI_ArrowArray::empty();
        #[expect(
            unsafe_code,
            reason = "the stream's own function, on the stream and an array to fill"
        )]
        let code = unsafe { get_next(stream, &raw mut array) };
        if code != 0 {
            return Err(no_table(format!("its next part has error {code}")));
        }
        if array.is_released() {
            return Ok(pieces);
        }
        pieces.push(imported(array, schema)?);
        progress.advance(1);
    }
}

fn imported(array: FFI_ArrowArray, schema: &FFI_ArrowSchema) -> Outcome<ArrayRef> {
    #[expect(
        unsafe_code,
        reason = "array and schema come from one owner, who promises that they fit"
    )]
    let data = unsafe { from_ffi(array, schema) };
    Ok(make_array(data.map_err(no_table)?))
}

/// Reads the pieces of a single column.
fn one_column(
    column: Option<String>,
    pieces: Vec<ArrayRef>,
    progress: &dyn Progress,
) -> Outcome<Read> {
    let Some(name) = column else {
        let message = "`X` is a single column, expected a table: give it a name in one";
        return Err(Fault::argument(message));
    };
    let batches: Result<Vec<RecordBatch>, _> =
        pieces.into_iter().map(|piece| RecordBatch::try_from_iter([(&name, piece)])).collect();
    let batches = batches.map_err(no_table)?;
    let Some(schema) = batches.first().map(RecordBatch::schema) else {
        let values = Values::Numeric(Vec::new());
        return Ok((vec![Column { name, values }], Vec::new()));
    };
    Ok(read_batches(&name, &schema, batches.into_iter().map(Ok), progress)?)
}
