//! `yorisoi serve`: the decision service and the desk, over a ledger in a folder or in PostgreSQL.

use std::net::SocketAddr;
use std::path::Path;

use yorisoi_app::{App, IssuedToken};
use yorisoi_server::settings::{Layers, SettingsError, Settled};
use yorisoi_server::{ServerSettings, serve, start_log};

use crate::args::{PlaceArgs, ServeArgs};
use crate::failure::{Exit, Failure};
use crate::session::Session;
use crate::{interrupt, output};

/// Serves until asked to stop.
///
/// # Errors
///
/// A [`Failure`] if settings, ledger or address cannot be used.
pub(crate) fn run(args: &ServeArgs, session: &Session) -> Result<Exit, Failure> {
    let settled = settled(&args.place)?;
    for name in &settled.unused {
        session.tell(
            &format!("warning: the environment variable `{name}` is no setting"),
            &format!("注意: 環境変数 `{name}` に当たる設定はありません"),
        );
    }
    let settings = settled.settings;
    start_log(&settings);
    let app = open(&settings)?;
    let runtime = runtime()?;
    let first = runtime.block_on(app.first_token()).map_err(refused)?;
    if let Some(token) = &first {
        say_first_token(token, session);
    }
    let address = settings.listen;
    session.tell(
        &format!("desk: http://{address}/   API: http://{address}/openapi.json"),
        &format!("机: http://{address}/   API: http://{address}/openapi.json"),
    );
    interrupt::leave_to_the_service();
    runtime.block_on(serve(app, settings)).map_err(|error| cannot_serve(&error))?;
    Ok(Exit::Ok)
}

/// Settings from file, environment and flags, the later over the earlier.
///
/// # Errors
///
/// A [`Failure`] that names the setting.
pub(crate) fn settled(args: &PlaceArgs) -> Result<Settled, Failure> {
    let mut layers = Layers::default();
    if let Some(path) = &args.config {
        layers = layers.file(&path.display().to_string(), &text_of(path)?).map_err(wrong)?;
    }
    layers = layers.environment(std::env::vars()).map_err(wrong)?;
    let data = args.data.as_ref().map(|path| path.display().to_string());
    let listen = args.listen.map(|address: SocketAddr| address.to_string());
    let flags = [("data", data), ("database", args.database.clone()), ("listen", listen)];
    for (setting, value) in flags {
        if let Some(value) = value {
            layers = layers.flag(setting, &value).map_err(wrong)?;
        }
    }
    layers.settled().map_err(wrong)
}

fn text_of(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        let place = path.display();
        Failure::input(
            format!("cannot read `{place}`: {error}"),
            format!("`{place}` を読めません: {error}"),
        )
    })
}

/// Opens the ledger of some settings.
///
/// # Errors
///
/// A [`Failure`] that says what is wrong with it.
pub(crate) fn open(settings: &ServerSettings) -> Result<App, Failure> {
    App::open(&settings.place(), settings.app()).map_err(refused)
}

/// The runtime that a service needs.
///
/// # Errors
///
/// A [`Failure`] where the system gives no threads.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        Failure::internal(
            format!("cannot start threads: {error}"),
            format!("スレッドを開始できません: {error}"),
        )
    })
}

/// A use case that was not carried out, for the terminal.
#[expect(clippy::needless_pass_by_value, reason = "stands in `map_err`")]
pub(crate) fn refused(error: yorisoi_app::AppError) -> Failure {
    let words = error.words();
    Failure::input(words.en, words.ja)
}

/// Why the service does not run.
pub(crate) fn cannot_serve(error: &yorisoi_server::ServeError) -> Failure {
    Failure::input(error.to_string(), format!("サービスを開始できません: {error}"))
}

#[expect(clippy::needless_pass_by_value, reason = "stands in `map_err`")]
fn wrong(error: SettingsError) -> Failure {
    Failure::usage(error.to_string(), format!("設定に誤りがあります: {error}"))
}

/// The only time that this secret is seen.
fn say_first_token(token: &IssuedToken, session: &Session) {
    output::say(session.lang.pick(
        &format!(
            "This is the first start. Sign in with this token to issue all others; it is shown this once:\n  {}\n",
            token.secret
        ),
        &format!(
            "はじめての起動です。次のトークンでサインインし、ほかのトークンを発行してください（表示は今回だけです）:\n  {}\n",
            token.secret
        ),
    ));
}
