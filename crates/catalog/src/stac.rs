//! The documents of a static STAC 1.1 catalog: the fields that this project writes, no more.

mod asset;
mod collection;
mod item;
mod link;
mod root;

pub use asset::{Asset, COG, GEOJSON, JPEG, JSON, PNG, media_type};
pub use collection::{Collection, Extent, SpatialExtent, TemporalExtent};
pub use item::{Item, utc};
pub use link::{Link, file_name, href_to_path, path_to_href};
pub use root::Root;

/// Version of the STAC specification.
pub const VERSION: &str = "1.1.0";

/// Extensions of STAC that the items use, by the address that identifies each.
pub mod extension {
    /// Projected coordinate systems and grids.
    pub const PROJECTION: &str = "https://stac-extensions.github.io/projection/v2.0.0/schema.json";
    /// Cells of rasters.
    pub const RASTER: &str = "https://stac-extensions.github.io/raster/v2.0.0/schema.json";
    /// Checksums and sizes of files.
    pub const FILE: &str = "https://stac-extensions.github.io/file/v2.1.0/schema.json";
    /// The program that made a product.
    pub const PROCESSING: &str = "https://stac-extensions.github.io/processing/v1.2.0/schema.json";
    /// Findings, leads and evidence; its schema lies in the catalog as `schema/plumbline.json`.
    pub const PLUMBLINE: &str = "https://plumbline.example/stac/v1.0.0/schema.json";
}
