//! `yorisoi demo`: a study of a real experiment that ships with the program.

use yorisoi::PlanOptions;
use yorisoi::data::read::{ReadOptions, read_table};
use yorisoi::data::{Features, Progress as _, PropensityRole, Roles};

use crate::args::{DemoArgs, JudgeArgs};
use crate::asked;
use crate::commands::study::study_and_write;
use crate::failure::{Exit, Failure};
use crate::input::Input;
use crate::session::Session;
use crate::staging::Staging;

/// K. Hillstrom's e-mail experiment of 2008; origin and terms stand in `data/README.md`.
const HILLSTROM: &[u8] = include_bytes!("../../../../data/hillstrom.parquet");

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
    Ok(Exit::Ok)
}
