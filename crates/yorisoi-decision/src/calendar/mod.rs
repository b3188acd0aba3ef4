//! What time is it where the client lives, and is it a decent one?

pub(crate) mod holidays;
pub(crate) mod quiet;
pub(crate) mod zones;
