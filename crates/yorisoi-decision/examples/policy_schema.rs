//! Prints the JSON schema of a policy.

use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let schema = serde_json::to_string_pretty(&yorisoi_decision::Policy::json_schema())?;
    writeln!(std::io::stdout(), "{schema}")?;
    Ok(())
}
