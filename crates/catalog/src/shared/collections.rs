use chrono::DateTime;
use serde_json::Value;
use sqlx::Row;

use super::Catalog;
use crate::Error;
use crate::stac::{Collection, Extent, SpatialExtent, TemporalExtent, VERSION, utc};

/// The collections: name, title, description.
pub(crate) const COLLECTIONS: [(&str, &str, &str); 6] = [
    ("flights", "架次像片 / photos of the flights", "原始像片，一片一条 / one item an original photo"),
    ("epochs", "期次成果 / epochs", "筛查量测，不作为测绘成果 / screening measurements, not survey products"),
    (
        "findings",
        "疑点 / findings",
        "比对结果，含不确定度 / differences from the plan with their uncertainty",
    ),
    ("leads", "线索 / leads", "待核查线索与图像证据 / leads to verify, with image evidence"),
    ("evidence", "证据材料 / evidence", "按内容寻址，只写一次 / stored by content, written once"),
    (
        "records",
        "全过程记录 / records",
        "执法记录仪、手持终端等设备的记录 / from body cameras, handhelds and other devices",
    ),
];

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
        COLLECTIONS.iter().map(collection).collect()
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
