//! Holds files, documents and events against the custody log, and names everything that does not fit.

mod expected;
mod tables;
mod whole;

pub(crate) use expected::Expected;
