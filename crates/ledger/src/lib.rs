#![doc = include_str!("../README.md")]

mod error;
mod finding_table;
mod month;
mod rows;
mod site;
mod stage_ledger;
mod table;
mod trend;

pub use error::Error;
pub use finding_table::finding_table;
pub use month::Month;
pub use rows::Rows;
pub use site::{Site, SiteLook, site_table, sites};
pub use stage_ledger::{BuildingStages, EpochStages, StageRow, by_building, stage_table};
pub use table::{read_parquet, write_parquet};
pub use trend::{Trend, trend_table, trends};
