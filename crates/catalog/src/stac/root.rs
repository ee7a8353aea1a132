use serde::{Deserialize, Serialize};

use super::{Collection, Link, VERSION};

/// The top of a static catalog, `catalog.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Root {
    /// Always `Catalog`.
    #[serde(rename = "type")]
    pub sort: String,
    /// Version of STAC.
    pub stac_version: String,
    /// Name of the catalog.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// What it holds.
    pub description: String,
    /// Relations to the collections.
    pub links: Vec<Link>,
    /// Digest of the last event of the custody log.
    #[serde(rename = "plumbline:log_head")]
    pub log_head: String,
}

impl Root {
    /// The top over collections that lie in folders of their own names.
    pub fn over(title: &str, description: &str, collections: &[Collection], log_head: String) -> Self {
        let mut links = vec![Link::to_json("root", "catalog.json")];
        let child =
            |c: &Collection| Link::to_json("child", format!("{}/collection.json", c.id)).titled(&c.title);
        links.extend(collections.iter().map(child));
        Self {
            sort: "Catalog".to_owned(),
            stac_version: VERSION.to_owned(),
            id: "plumbline".to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            links,
            log_head,
        }
    }
}
