//! `yorisoi token`: who may come in? Issuing, revoking and listing tokens at the console.

use serde_json::json;
use yorisoi_app::{App, Role, TokenInput};

use crate::args::{TokenArgs, TokenTask};
use crate::commands::ledger::console;
use crate::commands::serve::{open, refused, runtime, settled};
use crate::failure::{Exit, Failure};
use crate::output;
use crate::session::Session;

/// Does one task on tokens.
///
/// # Errors
///
/// A [`Failure`] where the ledger cannot be used, or role, team or agent are missing.
pub(crate) fn run(args: &TokenArgs, session: &Session) -> Result<Exit, Failure> {
    let app = open(&settled(&args.place)?.settings)?;
    match args.task {
        TokenTask::Issue => issue(&app, args, session),
        TokenTask::Revoke => {
            let name = name_of(args)?;
            let done = runtime()?.block_on(app.revoke_token(&console(), &name)).map_err(refused)?;
            print(session, &json!(done), &format!("{name}\n"))
        }
        TokenTask::List => list(&app, session),
    }
}

fn name_of(args: &TokenArgs) -> Result<String, Failure> {
    args.name.clone().ok_or_else(|| {
        Failure::usage(
            "name the token: `token issue NAME`",
            "トークンの名前を指定してください（`token issue 名前`）",
        )
    })
}

fn issue(app: &App, args: &TokenArgs, session: &Session) -> Result<Exit, Failure> {
    let role = args.role.as_deref().and_then(Role::parse).ok_or_else(|| {
        let known = Role::ALL.map(Role::as_str).join(", ");
        Failure::usage("give the token a role with `--role`", "`--role` で役割を指定してください")
            .hint(format!("the roles are {known}"), format!("役割は次のとおりです: {known}"))
    })?;
    let wrong =
        |error: yorisoi_decision::IdError| Failure::usage(error.to_string(), error.to_string());
    let input = TokenInput {
        token: name_of(args)?,
        role,
        team: args.team.clone().map(yorisoi_decision::TeamId::new).transpose().map_err(wrong)?,
        agent: args.agent.clone().map(yorisoi_decision::AgentId::new).transpose().map_err(wrong)?,
    };
    let issued = runtime()?.block_on(app.issue_token(&console(), input)).map_err(refused)?;
    session.tell("this secret is shown this once", "この秘密の文字列が表示されるのは今回だけです");
    let data = json!({ "token": issued.token, "role": issued.role, "secret": issued.secret });
    print(session, &data, &format!("{}\n", issued.secret))
}

fn list(app: &App, session: &Session) -> Result<Exit, Failure> {
    let known = runtime()?.block_on(app.tokens(&console())).map_err(refused)?;
    let line = |it: &yorisoi_app::TokenView| {
        let team = it.team.as_ref().map_or("–", |team| team.as_str());
        let state = if it.revoked_at.is_some() {
            session.lang.pick("revoked", "失効")
        } else {
            session.lang.pick("valid", "有効")
        };
        format!("{}\t{}\t{team}\t{state}\n", it.token, it.role.as_str())
    };
    let text: String = known.iter().map(line).collect();
    print(session, &json!(known), &text)
}

fn print(session: &Session, data: &serde_json::Value, text: &str) -> Result<Exit, Failure> {
    output::print(if session.is_json { format!("{data}\n") } else { text.to_owned() })?;
    Ok(Exit::Ok)
}
