//! Which tables lie here already, so that nobody has to send them through a browser?
//!
//! Whoever runs the service puts them into `tables` in its data folder. Nothing outside that folder is read.

use std::path::{Path, PathBuf};

use yorisoi_app::AppError;

/// Tables that are offered at most.
const SHOWN: usize = 200;

const ENDINGS: [&str; 6] = [".csv", ".parquet", ".csv.gz", ".csv.zst", ".tsv", ".parquet.zst"];

/// The names of the tables, in order.
pub(super) fn names(folder: Option<&Path>) -> Vec<String> {
    let Some(Ok(entries)) = folder.map(|folder| std::fs::read_dir(folder.join("tables"))) else {
        return Vec::new();
    };
    let files = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|it| it.is_file()));
    let mut names: Vec<String> = files
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| ENDINGS.iter().any(|ending| name.ends_with(ending)))
        .collect();
    names.sort();
    names.truncate(SHOWN);
    names
}

/// One of them, by the name it is listed under: no other name is a path.
#[expect(clippy::disallowed_methods, reason = "layers above 7 read files")]
pub(super) fn read(folder: Option<&Path>, name: &str) -> Result<Vec<u8>, AppError> {
    let is_known = names(folder).iter().any(|known| known == name);
    let path: Option<PathBuf> =
        folder.filter(|_| is_known).map(|folder| folder.join("tables").join(name));
    let Some(path) = path else {
        return Err(AppError::Unknown { what: "table", name: name.to_owned() });
    };
    std::fs::read(&path).map_err(|error| AppError::Unavailable {
        why: format!("`{}` cannot be read: {error}", path.display()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test makes the folder that it reads")]
    fn only_tables_of_the_folder_are_listed_and_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let tables = folder.path().join("tables");
        std::fs::create_dir(&tables).expect("made");
        for name in ["b.csv", "a.parquet", "notes.txt"] {
            std::fs::write(tables.join(name), name).expect("written");
        }
        std::fs::write(folder.path().join("secret.csv"), "secret").expect("written");
        let here = Some(folder.path());
        assert_eq!(names(here), ["a.parquet", "b.csv"]);
        assert_eq!(read(here, "b.csv").expect("listed"), b"b.csv");
        for trap in ["../secret.csv", "notes.txt", "/etc/passwd", "", "tables/b.csv"] {
            assert!(matches!(read(here, trap), Err(AppError::Unknown { .. })), "{trap}");
        }
        assert_eq!(names(None), Vec::<String>::new());
    }
}
