use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Problem;

/// Longest `Upload-Metadata`, bytes.
const LONGEST: usize = 4096;

/// Reads `Upload-Metadata`: pairs of a key and a value in Base64, with commas between them.
pub(super) fn parse(header: &str) -> Result<BTreeMap<String, String>, Problem> {
    let mut pairs = BTreeMap::new();
    if header.len() > LONGEST {
        return Err(wrong("it is too long"));
    }
    for pair in header.split(',').map(str::trim) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        if key.is_empty() || !key.chars().all(|c| c.is_ascii_graphic()) {
            return Err(wrong("a key is empty or not ASCII"));
        }
        let bytes = STANDARD.decode(value).map_err(|_| wrong("a value is not Base64"))?;
        let text = String::from_utf8(bytes).map_err(|_| wrong("a value is not UTF-8"))?;
        if pairs.insert(key.to_owned(), text).is_some() {
            return Err(wrong("a key comes twice"));
        }
    }
    Ok(pairs)
}

fn wrong(why: &str) -> Problem {
    Problem::bad_request("Upload-Metadata 请求头有误", format!("Upload-Metadata cannot be read: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_and_what_is_malformed_is_refused() {
        let pairs = parse("filename REpJXzAwMDEuSlBH,empty ,flag").unwrap();
        assert_eq!(pairs["filename"], "DJI_0001.JPG");
        assert_eq!((pairs["empty"].as_str(), pairs["flag"].as_str()), ("", ""));
        for header in ["", ",", "a *", "a /w==", "a YQ==,a YQ==", "ключ YQ==", &"a".repeat(5000)] {
            assert!(parse(header).is_err(), "{header:?}");
        }
    }
}
