use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::{GEOJSON, JSON};

/// A relation to another document; addresses are relative, so that the folder can be moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The relation: `root`, `parent`, `child`, `item`, `collection`, `derived_from`.
    pub rel: String,
    /// Path from the document that holds the link.
    pub href: String,
    /// Media type of the target.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Title for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Link {
    /// A link to a catalog or collection.
    pub fn to_json(rel: &str, href: impl Into<String>) -> Self {
        Self { rel: rel.to_owned(), href: href.into(), media_type: JSON.to_owned(), title: None }
    }

    /// A link to an item.
    pub fn to_item(rel: &str, href: impl Into<String>) -> Self {
        Self { rel: rel.to_owned(), href: href.into(), media_type: GEOJSON.to_owned(), title: None }
    }

    /// The link with a title.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        self.title = Some(title.to_owned());
        self
    }
}

/// A name as that of a document: letters of any script, digits, `-`, `_` and `.` stay, all else becomes `_`.
/// Such names need no percent codes, which some readers of local catalogs do not undo.
pub fn file_name(name: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    name.chars().map(kept).collect()
}

/// A path as an address: characters that have a meaning in addresses, and blanks, become percent codes.
pub fn path_to_href(path: &str) -> String {
    let mut href = String::with_capacity(path.len());
    for c in path.chars() {
        if c.is_ascii_control() || " %#?\"<>\\^`{|}".contains(c) {
            let _ = write!(href, "%{:02X}", u32::from(c));
        } else {
            href.push(c);
        }
    }
    href
}

/// The path behind an address made by [`path_to_href`].
pub fn href_to_path(href: &str) -> String {
    let mut path = String::with_capacity(href.len());
    let mut rest = href;
    while let Some((before, after)) = rest.split_once('%') {
        path.push_str(before);
        let code = after.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        path.push(code.map_or('%', char::from));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    path + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_have_names_that_are_addresses_as_they_stand() {
        for (name, expected) in [("NO_PERMIT-3#楼", "NO_PERMIT-3_楼"), ("a/b c.JPG", "a_b_c.JPG")] {
            assert_eq!(file_name(name), expected);
            assert_eq!(path_to_href(expected), expected);
        }
    }

    #[test]
    fn paths_survive_being_addresses() {
        for path in ["a/b.jpg", "照片 1/DJI#0001?.JPG", "100%/x%41.jpg", ""] {
            let href = path_to_href(path);
            assert!(!href.contains([' ', '#', '?']), "{href}");
            assert_eq!(href_to_path(&href), path);
        }
    }
}
