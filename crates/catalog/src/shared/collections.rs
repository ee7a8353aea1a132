use chrono::DateTime;
use serde_json::Value;
use sqlx::Row;

use super::Catalog;
use crate::Error;
use crate::run::COLLECTIONS;
use crate::stac::{Collection, Extent, SpatialExtent, TemporalExtent, VERSION, utc};

/// The collection that the shared catalog has beside those of runs: name, title, description.
const RECORDS: (&str, &str, &str) = (
    "records",
    "全过程记录 / records",
    "执法记录仪、手持终端等设备的记录 / from body cameras, handhelds and other devices",
);

impl Catalog {
    /// The collections with the space and time that they have spanned, without links.
    pub async fn collections(&self) -> Result<Vec<Value>, Error> {
        let rows = sqlx::query("SELECT * FROM extents")
            .fetch_all(&self.tables().readers)
            .await
            .map_err(|source| self.refused(source))?;
        let collection = |&(id, title, description): &(&str, &str, &str)| {
            let row =
                rows.iter().find(|row| row.try_get::<String, _>("collection").is_ok_and(|own| own == id));
            let collection = Collection {
                sort: "Collection".to_owned(),
                stac_version: VERSION.to_owned(),
                id: id.to_owned(),
                title: title.to_owned(),
                description: description.to_owned(),
                license: "other".to_owned(),
                extent: row.map_or_else(Extent::unknown, extent),
                links: Vec::new(),
            };
            serde_json::to_value(collection).map_err(Error::Unwritable)
        };
        COLLECTIONS.iter().chain([&RECORDS]).map(collection).collect()
    }

    /// One collection.
    pub async fn collection(&self, id: &str) -> Result<Option<Value>, Error> {
        Ok(self.collections().await?.into_iter().find(|collection| collection["id"] == id))
    }
}

fn extent(row: &sqlx::any::AnyRow) -> Extent {
    let side = |name: &str| row.try_get::<f64, _>(name).ok();
    let moment =
        |name: &str| row.try_get::<i64, _>(name).ok().and_then(DateTime::from_timestamp_millis).map(utc);
    let mut extent = Extent::unknown();
    if let (Some(west), Some(south), Some(east), Some(north)) =
        (side("west"), side("south"), side("east"), side("north"))
    {
        extent.spatial = SpatialExtent { bbox: vec![[west, south, east, north]] };
    }
    extent.temporal = TemporalExtent { interval: vec![[moment("t_from"), moment("t_to")]] };
    extent
}
