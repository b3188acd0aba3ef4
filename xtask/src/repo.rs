//! Which files does the repository hold?

use std::path::{Path, PathBuf};

/// The work tree.
pub(crate) struct Repo {
    root: PathBuf,
}

impl Repo {
    /// Returns the repository that this program was built from.
    pub(crate) fn here() -> Self {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self { root: manifest.parent().unwrap_or(manifest).to_owned() }
    }

    /// Returns its root folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Reads a file, by its path from the root.
    pub(crate) fn read(&self, path: &str) -> Result<String, Vec<String>> {
        std::fs::read_to_string(self.root.join(path))
            .map_err(|error| vec![format!("{path}: {error}")])
    }

    /// Returns whether there is such a file or folder.
    pub(crate) fn has(&self, path: &Path) -> bool {
        self.root.join(path).exists()
    }

    /// Returns the paths, from the root and sorted, of all files with this extension.
    ///
    /// Build outputs, installed packages and hidden folders are left out.
    pub(crate) fn files(&self, extension: &str) -> Vec<String> {
        let mut found = Vec::new();
        collect(&self.root, &self.root, extension, &mut found);
        found.sort();
        found
    }
}

fn collect(root: &Path, folder: &Path, extension: &str, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if is_ours(&name) {
                collect(root, &path, extension, found);
            }
        } else if path.extension().is_some_and(|e| e == extension)
            && let Ok(relative) = path.strip_prefix(root)
        {
            found.push(relative.to_string_lossy().replace('\\', "/"));
        }
    }
}

/// Whether a folder holds what we wrote.
fn is_ours(name: &str) -> bool {
    !name.starts_with('.') && !name.starts_with("target") && name != "node_modules"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_or_a_build_made_is_not_ours() {
        assert!(is_ours("src") && is_ours("docs"));
        assert!(!is_ours(".git") && !is_ours("target-2") && !is_ours("node_modules"));
    }
}
