//! Which value holds, and where does it come from? Defaults, then the file, then the environment,
//! then flags; the later one wins, and its origin is kept.
//!
//! Layers are given as text and iterators, so that nothing here opens a file or reads the environment.

use std::collections::BTreeMap;
use std::fmt;

use schemars::schema_for;
use toml::{Table, Value};

use super::{DatabaseUrl, ServerSettings};

/// What names of environment variables begin with.
const PREFIX: &str = "YORISOI_";

/// Settings whose value holds a secret.
const SECRET: &str = "database";

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody chose.
    Default,
    /// A settings file.
    File(String),
    /// An environment variable.
    Environment(String),
    /// The command line.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(name) => write!(f, "file {name}"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// Why there are no settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The file is no TOML.
    #[error("`{file}` cannot be read: {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the parser said, with the place.
        reason: String,
    },
    /// There is no such setting.
    #[error("there is no setting `{name}` ({origin}); known are: {known}")]
    Unknown {
        /// The name.
        name: String,
        /// Where it was written.
        origin: Origin,
        /// Every name.
        known: String,
    },
    /// The value is of another kind.
    #[error("`{name}` ({origin}) cannot be used: {reason}")]
    Invalid {
        /// The name.
        name: String,
        /// Where it was written.
        origin: Origin,
        /// What is wrong with it.
        reason: String,
    },
}

/// Values from every layer, on their way to becoming settings. Not printable: a secret may be among them.
#[derive(Clone)]
pub struct Layers {
    values: Table,
    origins: BTreeMap<String, Origin>,
    unused: Vec<String>,
}

/// Settings, with the origin of each.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The settings.
    pub settings: ServerSettings,
    /// Environment variables that look like settings and are none.
    pub unused: Vec<String>,
    origins: BTreeMap<String, Origin>,
}

/// One setting, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Its name.
    pub name: String,
    /// Its value, secrets blotted out.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What it means.
    pub meaning: String,
}

impl Default for Layers {
    fn default() -> Self {
        // The defaults are plain values, which TOML can always write.
        let values = Table::try_from(ServerSettings::default()).unwrap_or_default();
        Self { values, origins: BTreeMap::new(), unused: Vec::new() }
    }
}

impl Layers {
    /// Puts a settings file over what there is.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Unreadable`] if it is no TOML, [`SettingsError::Unknown`] for a name that
    /// means nothing, [`SettingsError::Invalid`] for a value of another kind.
    pub fn file(mut self, name: &str, text: &str) -> Result<Self, SettingsError> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            SettingsError::Unreadable { file: name.to_owned(), reason: error.to_string() }
        })?;
        for (setting, value) in table {
            self.put(&setting, value, Origin::File(name.to_owned()))?;
        }
        Ok(self)
    }

    /// Puts the variables `YORISOI_…` of an environment over what there is; others are passed over.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Invalid`] for a value of another kind.
    pub fn environment(
        mut self,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        for (variable, text) in variables {
            let Some(setting) = variable.strip_prefix(PREFIX).map(str::to_ascii_lowercase) else {
                continue;
            };
            if self.values.contains_key(&setting) {
                let value = self.from_text(&setting, &text);
                self.put(&setting, value, Origin::Environment(variable))?;
            } else {
                self.unused.push(variable);
            }
        }
        Ok(self)
    }

    /// Puts a value from the command line over what there is.
    ///
    /// # Errors
    ///
    /// As [`Layers::file`].
    pub fn flag(mut self, setting: &str, text: &str) -> Result<Self, SettingsError> {
        let value = self.from_text(setting, text);
        let origin = Origin::Flag(format!("--{}", setting.replace('_', "-")));
        self.put(setting, value, origin)?;
        Ok(self)
    }

    /// The settings that hold.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Invalid`]; cannot happen after the layers were accepted one by one.
    pub fn settled(self) -> Result<Settled, SettingsError> {
        let settings = read(self.values).map_err(|reason| SettingsError::Invalid {
            name: "settings".to_owned(),
            origin: Origin::Default,
            reason,
        })?;
        Ok(Settled { settings, unused: self.unused, origins: self.origins })
    }

    /// A text as the kind of value that the setting has: lists are separated by commas.
    #[expect(clippy::wrong_self_convention, reason = "reads `from text`, and needs the kinds")]
    fn from_text(&self, setting: &str, text: &str) -> Value {
        let as_word = || Value::String(text.to_owned());
        match self.values.get(setting) {
            Some(Value::Array(_)) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Value::Array(parts.map(|part| Value::String(part.to_owned())).collect())
            }
            Some(Value::Boolean(_)) => text.parse().map_or_else(|_| as_word(), Value::Boolean),
            // Every other setting whose value is a whole number reads as one; `7` is no good path.
            _ if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().map_or_else(|_| as_word(), Value::Integer)
            }
            _ => as_word(),
        }
    }

    fn put(&mut self, setting: &str, value: Value, origin: Origin) -> Result<(), SettingsError> {
        if !self.values.contains_key(setting) {
            let known = self.values.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(SettingsError::Unknown { name: setting.to_owned(), origin, known });
        }
        self.values.insert(setting.to_owned(), value);
        // Reading the whole after each value makes the culprit certain.
        if let Err(reason) = read(self.values.clone()) {
            return Err(SettingsError::Invalid { name: setting.to_owned(), origin, reason });
        }
        self.origins.insert(setting.to_owned(), origin);
        Ok(())
    }
}

fn read(values: Table) -> Result<ServerSettings, String> {
    let settings: ServerSettings =
        values.try_into().map_err(|error: toml::de::Error| error.message().to_owned())?;
    for (name, seconds) in [
        ("request_timeout_s", settings.request_timeout_s),
        ("sweep_every_s", settings.sweep_every_s),
        ("webhooks_every_s", settings.webhooks_every_s),
    ] {
        if seconds == 0 {
            return Err(format!("`{name}` is 0; expected at least 1 second"));
        }
    }
    let DatabaseUrl(url) = &settings.database;
    if !url.is_empty() && !url.starts_with("postgres") {
        return Err(
            "the database is written as postgres://user@host/name, or left empty".to_owned()
        );
    }
    Ok(settings)
}

impl Settled {
    /// Every setting with value, origin and meaning, in the order of the file's documentation.
    pub fn explained(&self) -> Vec<Explained> {
        let values = Table::try_from(&self.settings).unwrap_or_default();
        let schema = schema_for!(ServerSettings);
        let meaning = |name: &str| {
            let text = schema.get("properties")?.get(name)?.get("description")?.as_str()?;
            Some(text.replace('\n', " "))
        };
        let explained = values.into_iter().map(|(name, value)| Explained {
            value: shown(&name, &value),
            origin: self.origins.get(&name).cloned().unwrap_or(Origin::Default),
            meaning: meaning(&name).unwrap_or_default(),
            name,
        });
        explained.collect()
    }
}

/// A value as it may be shown: without the password of a database.
fn shown(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) if name == SECRET => without_password(text),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// A database address whose password, and whatever follows a `?`, is blotted out.
fn without_password(url: &str) -> String {
    let url = url.split_once('?').map_or_else(|| url.to_owned(), |(main, _)| format!("{main}?…"));
    let Some((scheme, rest)) = url.split_once("://") else {
        return if url.is_empty() { url } else { "…".to_owned() };
    };
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user =
                user.split_once(':').map_or(user.to_owned(), |(user, _)| format!("{user}:…"));
            format!("{scheme}://{user}@{host}")
        }
        None => format!("{scheme}://{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Limit;

    fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn origin(settled: &Settled, name: &str) -> Origin {
        settled.explained().into_iter().find(|one| one.name == name).unwrap().origin
    }

    #[test]
    fn flags_win_over_environment_over_file_over_defaults() {
        let settled = Layers::default()
            .file("a.toml", "sweep_every_s = 7\nlog = \"warn\"\nbody_bytes_max = 10")
            .unwrap()
            .environment(environment(&[("YORISOI_LOG", "error"), ("YORISOI_BODY_BYTES_MAX", "20")]))
            .unwrap()
            .flag("body_bytes_max", "30")
            .unwrap()
            .settled()
            .unwrap();
        assert_eq!(settled.settings.body_bytes_max, 30);
        assert_eq!(settled.settings.sweep_every_s, 7);
        assert_eq!(origin(&settled, "body_bytes_max"), Origin::Flag("--body-bytes-max".to_owned()));
        assert_eq!(origin(&settled, "log"), Origin::Environment("YORISOI_LOG".to_owned()));
        assert_eq!(origin(&settled, "sweep_every_s"), Origin::File("a.toml".to_owned()));
        assert_eq!(origin(&settled, "zone"), Origin::Default);
    }

    #[test]
    fn a_misspelt_name_in_a_file_is_an_error_and_in_the_environment_a_notice() {
        let error = Layers::default().file("a.toml", "lisen = \"x\"").err().unwrap();
        assert!(error.to_string().contains("`lisen` (file a.toml)"), "{error}");
        let settled = Layers::default()
            .environment(environment(&[("YORISOI_LISEN", "x"), ("HOME", "y")]))
            .unwrap()
            .settled()
            .unwrap();
        assert_eq!(settled.unused, ["YORISOI_LISEN"]);
    }

    #[test]
    fn an_error_names_setting_and_origin() {
        let error = Layers::default().flag("listen", "nowhere").err().unwrap().to_string();
        assert!(error.starts_with("`listen` (flag --listen) cannot be used"), "{error}");
        let error = Layers::default().flag("sweep_every_s", "0").err().unwrap().to_string();
        assert!(error.contains("at least 1 second"), "{error}");
    }

    #[test]
    fn unlimited_is_a_word_and_zero_is_none() {
        let settled = Layers::default()
            .flag("requests_per_second", "unlimited")
            .unwrap()
            .flag("hard_conversations_max", "0")
            .unwrap()
            .settled()
            .unwrap();
        assert_eq!(settled.settings.requests_per_second, Limit(None));
        assert_eq!(settled.settings.app().hard_conversations_max, Some(0));
        assert!(Layers::default().flag("requests_per_second", "lots").is_err());
    }

    #[test]
    fn no_explanation_shows_a_password() {
        for url in [
            "postgres://care:s3cret@host/db",
            "postgres://care:s3@cret@host/db",
            "postgres://host/db?password=s3cret",
        ] {
            let settled = Layers::default().flag("database", url).unwrap().settled().unwrap();
            let shown = format!("{:?} {settled:?}", settled.explained());
            assert!(!shown.contains("s3") && !shown.contains("cret"), "{shown}");
        }
    }

    #[test]
    fn every_setting_says_what_it_means() {
        let settled = Layers::default().settled().unwrap();
        assert!(settled.explained().iter().all(|one| one.meaning.len() > 10));
    }

    #[test]
    fn lists_are_separated_by_commas() {
        let settled =
            Layers::default().flag("cors_origins", "https://a.example, https://b.example").unwrap();
        let origins = settled.settled().unwrap().settings.cors_origins;
        assert_eq!(origins, ["https://a.example", "https://b.example"]);
    }
}
