//! What is an action worth to this client, and how likely is it to be the best?

pub(crate) mod belief;
pub(crate) mod chance;
pub(crate) mod normal;
pub(crate) mod score;
