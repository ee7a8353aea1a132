use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use serde_json::{Value, json};

use crate::Problem;
use crate::state::State;

/// Media types of answers.
pub(super) const JSON: &str = "application/json";
pub(super) const GEOJSON: &str = "application/geo+json";

/// Address of this server as the client knows it: links of STAC are absolute.
pub(crate) struct Base(String);

impl FromRequestParts<State> for Base {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let sent = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        // Only what can be a host and port goes into a link.
        let plain = |host: &&str| {
            (1..=255).contains(&host.len())
                && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c))
        };
        let host = sent.filter(plain).map_or_else(|| state.config.bind.to_string(), str::to_owned);
        let scheme = if state.config.behind_https { "https" } else { "http" };
        Ok(Self(format!("{scheme}://{host}")))
    }
}

impl Base {
    /// An address below the STAC API.
    pub fn stac(&self, path: &str) -> String {
        format!("{}/stac{path}", self.0)
    }

    /// An address of the server.
    pub fn of(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Address of an item.
    pub fn item(&self, collection: &str, id: &str) -> String {
        self.stac(&format!("/collections/{}/items/{}", coded(collection), coded(id)))
    }

    /// An item as clients read it: with links, and files by their address here.
    pub fn item_shown(&self, mut item: Value) -> Value {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (collection, id) = (text(&item["collection"]), text(&item["id"]));
        if let Some(assets) = item["assets"].as_object_mut() {
            assets.values_mut().for_each(|asset| self.resolve(asset));
        }
        let within = self.stac(&format!("/collections/{}", coded(&collection)));
        let mut links = vec![
            link("self", &self.item(&collection, &id), GEOJSON),
            link("root", &self.stac("/"), JSON),
            link("parent", &within, JSON),
            link("collection", &within, JSON),
        ];
        if let Value::Array(own) = item["links"].take() {
            links.extend(own.into_iter().map(|mut link| {
                self.resolve(&mut link);
                link
            }));
        }
        item["links"] = Value::Array(links);
        item
    }

    /// Turns what the catalog calls a file or an item into its address.
    fn resolve(&self, link: &mut Value) {
        let href = link["href"].as_str().unwrap_or_default();
        let item = href.strip_prefix("item:").and_then(|name| name.split_once('/'));
        let address = match (href.strip_prefix("sha256:"), item) {
            (Some(sha256), _) => self.of(&format!("/api/files/{sha256}")),
            (_, Some((collection, id))) => self.item(collection, id),
            _ => return,
        };
        link["href"] = json!(address);
    }
}

/// A link.
pub(super) fn link(rel: &str, href: &str, kind: &str) -> Value {
    json!({ "rel": rel, "href": href, "type": kind })
}

/// A text as a part of an address (RFC 3986, section 2.3): all but unreserved characters become percent codes.
pub(super) fn coded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let code = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(code).collect()
}
