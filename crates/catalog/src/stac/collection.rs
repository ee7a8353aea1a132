use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Item, Link, VERSION, path_to_href};

/// Items of one sort, with the space and time they span.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Collection {
    /// Always `Collection`.
    #[serde(rename = "type")]
    pub sort: String,
    /// Version of STAC.
    pub stac_version: String,
    /// Name, unique in the catalog.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// What the items are.
    pub description: String,
    /// `other`: the photos belong to the agency that flew them.
    pub license: String,
    /// Space and time of all items.
    pub extent: Extent,
    /// Relations to other documents.
    pub links: Vec<Link>,
}

/// Space and time that a collection spans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extent {
    /// Where.
    pub spatial: SpatialExtent,
    /// When.
    pub temporal: TemporalExtent,
}

/// Where a collection lies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpatialExtent {
    /// One box: west, south, east, north in degrees.
    pub bbox: Vec<[f64; 4]>,
}

/// When a collection was captured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TemporalExtent {
    /// One interval: first and last moment; open where unknown.
    pub interval: Vec<[Option<String>; 2]>,
}

/// The whole globe, for collections without any place.
const EVERYWHERE: [f64; 4] = [-180.0, -90.0, 180.0, 90.0];

impl Collection {
    /// A collection of items, each with its path from the collection's folder.
    pub fn of<'a>(
        id: &str,
        (title, description): (&str, &str),
        items: impl Iterator<Item = (&'a str, &'a Item)> + Clone,
    ) -> Self {
        let mut links =
            vec![Link::to_json("root", "../catalog.json"), Link::to_json("parent", "../catalog.json")];
        links.extend(
            items.clone().map(|(path, item)| Link::to_item("item", path_to_href(path)).titled(&item.id)),
        );
        Self {
            sort: "Collection".to_owned(),
            stac_version: VERSION.to_owned(),
            id: id.to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            license: "other".to_owned(),
            extent: Extent::of(items.map(|(_, item)| item)),
            links,
        }
    }
}

impl Extent {
    /// Anywhere, at any time.
    pub fn unknown() -> Self {
        Self {
            spatial: SpatialExtent { bbox: vec![EVERYWHERE] },
            temporal: TemporalExtent { interval: vec![[None, None]] },
        }
    }

    /// The least extent around items.
    fn of<'a>(items: impl Iterator<Item = &'a Item> + Clone) -> Self {
        let boxes = items.clone().filter_map(|item| item.bbox);
        let bbox = boxes.reduce(around).unwrap_or(EVERYWHERE);
        let moments: Vec<String> = items.flat_map(|item| moments(&item.properties)).collect();
        let interval = [moments.iter().min().cloned(), moments.iter().max().cloned()];
        Self {
            spatial: SpatialExtent { bbox: vec![bbox] },
            temporal: TemporalExtent { interval: vec![interval] },
        }
    }
}

/// The moments in an item's properties. All are written alike, so that their order as texts is that in time.
fn moments(properties: &Map<String, Value>) -> Vec<String> {
    let keys = ["datetime", "start_datetime", "end_datetime"];
    keys.iter().filter_map(|&key| properties.get(key)?.as_str().map(str::to_owned)).collect()
}

fn around(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}
