#![doc = include_str!("../README.md")]

mod building;
mod draft;
mod error;
mod inspection;
mod layer_map;
mod linework;
mod local_grid;
mod parcel;
mod plan;
mod read;
mod registration;
mod row;
mod source;
mod storey;
mod temporary;
mod vector;

pub use building::{Building, Existing, RoofStructure};
pub use error::Error;
pub use inspection::{Inspection, Record};
pub use layer_map::{LayerKind, LayerMap, MappedLayer};
pub use local_grid::LocalGrid;
pub use parcel::{ControlLine, Extent, Parcel};
pub use plan::Plan;
pub use read::read;
pub use source::{LayerCount, Origin, Source, SourceSpec, Understood};
pub use storey::{LevelBasis, Storey, StoreyLevels};
pub use temporary::{Temporary, ToDemolish};
