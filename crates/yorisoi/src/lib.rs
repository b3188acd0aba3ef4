//! The library face of Yorisoi: the whole study, from table to plan, as one function.

pub mod summary;

pub use yorisoi_data as data;
