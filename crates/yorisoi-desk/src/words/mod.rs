//! What the desk says, page by page, in both languages.

pub(crate) mod client;
pub(crate) mod clients;
pub(crate) mod conversation;
pub(crate) mod design;
pub(crate) mod entrance;
pub(crate) mod exits;
pub(crate) mod frame;
pub(crate) mod hand_on;
pub(crate) mod kinds;
pub(crate) mod landings;
pub(crate) mod let_go;
pub(crate) mod model;
pub(crate) mod policy;
pub(crate) mod privacy;
pub(crate) mod proof;
pub(crate) mod refusal;
pub(crate) mod studies;
pub(crate) mod today;
pub(crate) mod tour;

use crate::lang::{Text, say};

/// What stands between a name and what is said of it.
pub(crate) static COLON: Text = say(": ", "：");
