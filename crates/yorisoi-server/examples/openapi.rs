//! Prints the document of the API: `cargo run -p yorisoi-server --example openapi > docs/openapi.json`

use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let document = serde_json::to_string_pretty(yorisoi_server::openapi())?;
    writeln!(std::io::stdout(), "{document}")?;
    Ok(())
}
