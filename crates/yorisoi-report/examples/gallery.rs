//! Writes one of the test studies as a page to standard output, to be looked at.
//!
//! `cargo run -p yorisoi-report --example gallery -- hillstrom > page.html`

#[path = "../tests/fixtures/mod.rs"]
mod fixtures;

use std::io::Write;

#[expect(clippy::disallowed_methods, reason = "an example is its own outermost layer")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args().nth(1).unwrap_or_default();
    let summary = match name.as_str() {
        "people" => fixtures::without_prices(),
        "not-proven" => fixtures::not_proven(),
        "unknowable" => fixtures::unknowable(),
        "hostile" => fixtures::hostile(),
        "huge" => fixtures::huge(),
        "bare" => fixtures::bare(),
        "less" => fixtures::less_is_better(),
        "amount" => fixtures::amount(),
        _ => fixtures::hillstrom(),
    };
    std::io::stdout().write_all(yorisoi_report::render(&summary)?.as_bytes())?;
    Ok(())
}
