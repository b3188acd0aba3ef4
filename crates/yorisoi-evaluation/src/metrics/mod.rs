//! One metric a file.

pub(crate) mod balance;
pub(crate) mod calibration;
pub(crate) mod dose_balance;
pub(crate) mod groups;
pub(crate) mod overlap;
pub(crate) mod projection;
pub(crate) mod rate;
pub(crate) mod value;
