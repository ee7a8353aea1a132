use chrono::{DateTime, Utc};
use plumbline_custody::Digest;
use serde::{Deserialize, Serialize};

use crate::Problem;
use crate::config::Limits;
use crate::upload::{kind, metadata, names};

/// What records have in place of a flight.
const RECORDS: &str = "records";

/// A file that is offered: what the client said of it when it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Offer {
    /// Identifier of the upload.
    pub id: String,
    /// The account that uploads.
    pub owner: String,
    /// The flight that the file belongs to; `records` where it is a record of its own.
    pub flight: String,
    /// Whether it is a record of another device, and no file of a flight.
    #[serde(default)]
    pub is_record: bool,
    /// The project of the flight.
    pub project: String,
    /// Name of the file, as the card has it.
    pub name: String,
    /// Ending of the name, in lower case.
    pub ending: String,
    /// Size, bytes.
    pub length: u64,
    /// SHA-256 that the client took, where it did.
    pub sha256: Option<String>,
    /// `Upload-Metadata` as it came.
    pub metadata: String,
    /// Until when it may lie unfinished.
    pub until: DateTime<Utc>,
    /// SHA-256 of the stored file, once it is complete.
    pub stored: Option<String>,
}

impl Offer {
    /// Reads what a client offers; everything that could be refused later is refused now.
    pub fn new(
        id: String,
        owner: &str,
        length: u64,
        header: &str,
        limits: &Limits,
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        if length > limits.file_bytes {
            return Err(Problem::too_large(limits.file_bytes));
        }
        let pairs = metadata::parse(header)?;
        let wanted = |key: &str| {
            let missing =
                || Problem::bad_request(format!("缺少 {key}"), format!("Upload-Metadata needs {key}"));
            pairs.get(key).map(String::as_str).ok_or_else(missing)
        };
        let name = names::file_name(wanted("filename")?)?;
        let is_record = pairs.get("purpose").is_some_and(|purpose| purpose == "record");
        let flight = if is_record { RECORDS } else { names::identifier("flight", wanted("flight")?)? };
        Ok(Self {
            id,
            owner: owner.to_owned(),
            flight: flight.to_owned(),
            is_record,
            project: names::identifier("project", wanted("project")?)?.to_owned(),
            name: name.to_owned(),
            ending: if is_record { kind::record_ending(name)? } else { kind::ending(name)? },
            length,
            sha256: pairs.get("sha256").map(|text| digest(text)).transpose()?,
            metadata: header.to_owned(),
            until: now + limits.upload,
            stored: None,
        })
    }
}

/// A SHA-256 in hexadecimal, in lower case.
pub(crate) fn digest(text: &str) -> Result<String, Problem> {
    let wrong = |_| Problem::bad_request("sha256 须为 64 位十六进制", "sha256 needs 64 hexadecimal digits");
    text.parse::<Digest>().map(|digest| digest.to_string()).map_err(wrong)
}
