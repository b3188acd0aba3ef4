//! What does a list of clients from another system say? CSV with a header, row by row.

use yorisoi_decision::{AgentId, Attribute, ClientId, HouseholdId, IdError, TeamId};

use crate::import_clients::ImportFault;
use crate::keep_client::ClientInput;
use crate::{AppError, Reason};

/// One row that can be used.
#[derive(Debug, Clone)]
pub(crate) struct ImportRow {
    /// Its line, from 1.
    pub(crate) line: u64,
    /// Under which name the client is known there.
    pub(crate) name: ClientId,
    /// What it says.
    pub(crate) input: ClientInput,
}

/// Reads every row; a row that cannot be used becomes a fault and stops nothing.
pub(crate) fn read_rows(bytes: &[u8]) -> Result<(Vec<ImportRow>, Vec<ImportFault>), AppError> {
    // A spreadsheet marks its files with three bytes that are no part of the first name.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let header = reader
        .headers()
        .map_err(|error| {
            let en = format!("the header cannot be read: {error}");
            AppError::invalid("csv", (en, "列名の行を読み取れません。"))
        })?
        .clone();
    if !header.iter().any(|column| matches!(column, "client" | "alias")) {
        let en = "there is no column `client` or `alias`; add one that names each client";
        let ja = "`client` か `alias` の列がありません。お客さまを示す列を加えてください。";
        return Err(AppError::invalid("csv", (en, ja)));
    }
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                match read_row(&header, &record) {
                    Ok((name, input)) => rows.push(ImportRow { line, name, input }),
                    Err((column, reason)) => faults.push(ImportFault { line, column, reason }),
                }
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let reason = (error.to_string(), unreadable_ja(&error)).into();
                faults.push(ImportFault { line, column: None, reason });
            }
        }
    }
    Ok((rows, faults))
}

/// What is wrong with a line that is no row.
fn unreadable_ja(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("項目数は {len} です。{expected_len} 個のはずです。")
        }
        csv::ErrorKind::Utf8 { .. } => {
            "文字を読み取れません。UTF-8 で保存し直してください。".to_owned()
        }
        _ => "この行を読み取れません。".to_owned(),
    }
}

type Fault = (Option<String>, Reason);

fn read_row(
    header: &csv::StringRecord,
    record: &csv::StringRecord,
) -> Result<(ClientId, ClientInput), Fault> {
    let mut input = ClientInput::default();
    for (column, cell) in header.iter().zip(record) {
        let cell = cell.trim();
        if !cell.is_empty() {
            read_cell(&mut input, column, cell)
                .map_err(|reason| (Some(column.to_owned()), reason))?;
        }
    }
    let name = match (&input.client, input.aliases.first()) {
        (Some(client), _) => client.clone(),
        (None, Some(alias)) => ClientId::new(alias)
            .map_err(|error| (Some("alias".to_owned()), Reason::from(&error)))?,
        (None, None) => {
            let reason = ("the row names no client", "どのお客さまの行か分かりません。");
            return Err((None, reason.into()));
        }
    };
    Ok((name, input))
}

fn read_cell(input: &mut ClientInput, column: &str, cell: &str) -> Result<(), Reason> {
    let said = |error: IdError| Reason::from(&error);
    match column {
        "client" => input.client = Some(ClientId::new(cell).map_err(said)?),
        "alias" => input.aliases.push(cell.to_owned()),
        "name" => input.name = Some(cell.to_owned()),
        "household" => input.household = Some(HouseholdId::new(cell).map_err(said)?),
        "team" => input.team = Some(TeamId::new(cell).map_err(said)?),
        "agent" => input.agent = Some(AgentId::new(cell).map_err(said)?),
        "zone" => input.zone = Some(cell.to_owned()),
        "value_minor" => {
            let value = cell.parse().map_err(|_| {
                let en = format!("`{cell}` is no whole number");
                Reason::from((en, format!("`{cell}` は整数ではありません。")))
            })?;
            input.value_minor = Some(value);
        }
        _ => match column.strip_prefix("address.") {
            Some(channel) => {
                input.addresses.insert(channel.to_owned(), cell.to_owned());
            }
            None => {
                input.attributes.insert(column.to_owned(), attribute(cell));
            }
        },
    }
    Ok(())
}

/// A cell as what it looks like: yes or no, a number, a word.
pub(crate) fn attribute(cell: &str) -> Attribute {
    match cell {
        "true" | "TRUE" | "True" => Attribute::Flag(true),
        "false" | "FALSE" | "False" => Attribute::Flag(false),
        // A number with a leading zero is a name: a postcode, a customer number.
        _ if cell.len() > 1 && cell.starts_with('0') && !cell.starts_with("0.") => {
            Attribute::Text(cell.to_owned())
        }
        _ => match cell.parse::<f64>() {
            Ok(number) if number.is_finite() => Attribute::Number(number),
            _ => Attribute::Text(cell.to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_columns_are_parts_of_the_record_and_others_are_attributes() {
        let csv = "client,name,address.mail,value_minor,age,postcode,vip\nc-1,山田 花子,h@example.com,1200,41,0010,true\n";
        let (rows, faults) = read_rows(csv.as_bytes()).unwrap();
        assert!(faults.is_empty());
        let input = &rows[0].input;
        assert_eq!(input.name.as_deref(), Some("山田 花子"));
        assert_eq!(input.addresses["mail"], "h@example.com");
        assert_eq!(input.value_minor, Some(1200));
        assert_eq!(input.attributes["age"], Attribute::Number(41.0));
        assert_eq!(input.attributes["postcode"], Attribute::Text("0010".to_owned()));
        assert_eq!(input.attributes["vip"], Attribute::Flag(true));
    }

    #[test]
    fn a_faulty_row_names_its_line_and_column_and_the_others_are_read() {
        let csv = "client,value_minor\nc-1,much\nc-2,5\nc-3\n";
        let (rows, faults) = read_rows(csv.as_bytes()).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((faults[0].line, faults[0].column.as_deref()), (2, Some("value_minor")));
        assert_eq!(faults[1].line, 4);
    }

    #[test]
    fn a_list_that_names_nobody_is_refused() {
        assert!(read_rows(b"name\nx\n").is_err());
    }
}
