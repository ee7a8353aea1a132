#![doc = include_str!("../README.md")]

mod block_map;
mod block_page;
mod card;
mod chart;
mod epoch_summary;
mod error;
mod lens_plot;
mod map;
mod page;
mod picture;
mod plan_drawing;
mod report;
mod site_row;
mod texts;
mod timeline;
mod trend_chart;

pub use block_map::Overlap;
pub use block_page::{BlockPage, GroundRow, Station, WeakPlace};
pub use chart::{PlanOutline, PlanRole};
pub use epoch_summary::{EpochSummary, LeftOut};
pub use error::Error;
pub use lens_plot::Lens;
pub use map::Map;
pub use plan_drawing::{DrawnShape, PlanDrawing};
pub use report::{Report, write};
