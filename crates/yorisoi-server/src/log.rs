//! Where does the log go? Structured lines on standard error.

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;

use crate::settings::{LogFormat, LogLevel, ServerSettings};

/// Begins to write the log as the settings say. Does nothing if somebody has begun already.
pub fn start_log(settings: &ServerSettings) {
    let level = match settings.log {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let lines = fmt().with_max_level(level).with_writer(std::io::stderr).with_target(false);
    let begun = match settings.log_format {
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
        LogFormat::Text => lines.with_ansi(false).try_init(),
    };
    // An embedder may have its own log; then ours goes there.
    drop(begun);
}
