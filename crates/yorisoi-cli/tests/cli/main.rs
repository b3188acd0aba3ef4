//! The command as its users meet it: run as a program in an empty folder.

#![expect(clippy::unwrap_used, reason = "a test that cannot run the command has nothing to say")]

mod bad_input;
mod command_line;
mod decide;
mod home;
mod ledger;
mod models;
mod whole_way;
