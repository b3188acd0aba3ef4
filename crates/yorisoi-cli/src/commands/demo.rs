//! `yorisoi demo`: a study of a real experiment that ships with the program, then the desk over a made-up world.

use std::net::SocketAddr;
use std::sync::Arc;

use serde::Serialize;
use tokio::net::TcpListener;
use yorisoi::PlanOptions;
use yorisoi::data::read::{ReadOptions, read_table};
use yorisoi::data::{Features, Progress as _, PropensityRole, Roles};

use yorisoi_app::{App, IssuedToken, SampleWorld, SetClock, SystemIds, sample_world};
use yorisoi_ledger::{Ledger, Place};
use yorisoi_server::settings::LogLevel;
use yorisoi_server::{ServerSettings, asked_to_stop, serve_on, start_log};

use crate::args::{DemoArgs, DemoPart, JudgeArgs};
use crate::asked;
use crate::commands::serve;
use crate::commands::study::study_and_write;
use crate::failure::{Exit, Failure};
use crate::input::Input;
use crate::session::Session;
use crate::staging::Staging;
use crate::{interrupt, output};

/// K. Hillstrom's e-mail experiment of 2008; origin and terms stand in `data/README.md`.
const HILLSTROM: &[u8] = include_bytes!("../../../../data/hillstrom.parquet");

/// Which sample world.
const SEED: u64 = 7;

/// When it is in the sample world: a Wednesday morning in Tokyo, so that there is somebody to help.
const MORNING: &str = "2026-11-18T10:20:00+09:00";

/// What the input is called.
const NAME: &str = "hillstrom.parquet";

/// Known only after the e-mails went out: what was bought, and for how much.
const AFTERWARDS: [&str; 2] = ["conversion", "spend"];

/// The two e-mails of the experiment.
const EMAILS: [&str; 2] = ["Mens E-Mail", "Womens E-Mail"];

/// Studies the experiment and says what it found.
///
/// Each of three groups got its e-mail, or none, with probability one third, by lot. Without
/// prices an e-mail counts 1, and the budget is for half of the people, so that the plan has to choose.
///
/// # Errors
///
/// A [`Failure`]; then nothing was written.
pub(crate) fn run(args: &DemoArgs, session: &Session) -> Result<Exit, Failure> {
    if args.only != Some(DemoPart::Desk) {
        show_study(args, session)?;
    }
    if args.only != Some(DemoPart::Study) {
        show_desk(args, session)?;
    }
    Ok(Exit::Ok)
}

fn show_study(args: &DemoArgs, session: &Session) -> Result<(), Failure> {
    session.tell(
        "64,000 people; a third each got an e-mail with men's or women's goods, or none. \
         Who then visited the shop? (K. Hillstrom, MineThatData, 2008)",
        "6万4千人を3つに分け、男性向け商品のメール、女性向け商品のメール、メールなしを無作為に割り付けた実験です。\
         その後、誰が店のサイトを訪れたでしょうか。（K. Hillstrom, MineThatData, 2008）",
    );
    let staging = Staging::for_folder(&args.out)?;
    session.bars.stage("read", 0);
    let (table, notices) = read_table(NAME, HILLSTROM, &ReadOptions::default(), &session.bars)?;
    let half = (table.n_rows() / 2) as f64;
    let input = Input { name: NAME.to_owned(), table, notices };
    let third = |arm: &str| (arm.to_owned(), 1.0 / 3.0);
    let roles = Roles {
        control: Some("No E-Mail".to_owned()),
        features: Features::Except(AFTERWARDS.map(str::to_owned).to_vec()),
        propensity: Some(PropensityRole::PerArm(EMAILS.map(third).to_vec())),
        ..Roles::new("treatment", "visit")
    };
    let plan = PlanOptions { budget: Some(half), ..PlanOptions::default() };
    let options = asked::study(NAME.to_owned(), plan, &JudgeArgs::default(), &args.engine);
    study_and_write(input, &roles, &options, (staging, &args.out), session)?;
    Ok(())
}

/// Makes the sample world, serves API and desk over it, and says where and how to come in.
fn show_desk(args: &DemoArgs, session: &Session) -> Result<(), Failure> {
    session.tell(
        "making a sample world: ninety days of a small team",
        "見本の世界をつくっています（小さなチームの90日間）",
    );
    let place = args.data.clone().map_or(Place::Memory, Place::Folder);
    let mut settings = ServerSettings { log: LogLevel::Warn, ..ServerSettings::default() };
    let ledger = Ledger::open(&place).map_err(|error| serve::refused(error.into()))?;
    let clock = SetClock::to(MORNING.parse().map_err(|error| no_morning(&error))?);
    // What the world learns lies with its ledger: in the same folder, or in memory only.
    let house = yorisoi_app::Settings { folder: args.data.clone(), ..settings.app() };
    let app = App::new(ledger, Arc::new(clock), Arc::new(SystemIds::default()), house);
    let runtime = serve::runtime()?;
    let world = runtime.block_on(sample_world(&app, SEED)).map_err(serve::refused)?;
    let listener = runtime.block_on(listener(args, &settings))?;
    settings.listen = listener.local_addr().map_err(|error| no_address(&error))?;
    start_log(&settings);
    // Before the address is told: whoever reads it may ask at once that we stop.
    interrupt::leave_to_the_service();
    let stop = runtime.block_on(async { asked_to_stop() }).map_err(|error| no_address(&error))?;
    say_address(&settings, &world, session)?;
    runtime.block_on(serve_on(listener, app, settings, stop));
    Ok(())
}

fn no_morning(error: &jiff::Error) -> Failure {
    Failure::internal(error.to_string(), error.to_string())
}

/// Listens where it was asked to; if it was not, at the usual port or any that is free.
async fn listener(args: &DemoArgs, settings: &ServerSettings) -> Result<TcpListener, Failure> {
    let bound = match (args.listen, TcpListener::bind(args.listen.unwrap_or(settings.listen)).await)
    {
        (None, Err(_)) => TcpListener::bind(SocketAddr::new(settings.listen.ip(), 0)).await,
        (_, bound) => bound,
    };
    bound.map_err(|error| no_address(&error))
}

fn no_address(error: &std::io::Error) -> Failure {
    Failure::input(format!("cannot listen: {error}"), format!("待ち受けできません: {error}")).hint(
        "choose another address with `--listen`",
        "`--listen` で別のアドレスを指定してください",
    )
}

/// What a program that opens the demonstration needs to know, as one line of JSON.
#[derive(Debug, Serialize)]
struct Opened<'a> {
    address: String,
    tokens: &'a [IssuedToken],
}

fn say_address(
    settings: &ServerSettings,
    world: &SampleWorld,
    session: &Session,
) -> Result<(), Failure> {
    let address = format!("http://{}", settings.listen);
    if session.is_json {
        let opened = Opened { address, tokens: &world.tokens };
        let mut line = serde_json::to_vec(&opened)
            .map_err(|error| crate::commands::study::cannot_write(&error))?;
        line.push(b'\n');
        return output::print(line);
    }
    let mut text = session.lang.pick(
        &format!("\nThe desk is open: {address}/\nSign in with one of these tokens (this world is made up, it is a Wednesday morning there, and it lives until Ctrl-C):\n"),
        &format!("\n机が開きました: {address}/\n次のトークンのどれかで入れます（架空の世界の水曜日の朝です。Ctrl-C で終わります）:\n"),
    ).to_owned();
    let line = |token: &IssuedToken| {
        format!("  {:<8} {:<14} {}\n", token.role.as_str(), token.token, token.secret)
    };
    text.extend(world.tokens.iter().map(line));
    output::print(text.into_bytes())
}
