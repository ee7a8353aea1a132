use std::borrow::Cow;
use std::path::Path;

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::Error;

/// Encoding of the texts of a file, and who says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CodePage {
    pub encoding: &'static Encoding,
    /// What says so: a file beside it, its header, the declaration, or nobody.
    pub by: &'static str,
}

/// Encodings in which Chinese texts are written; bytes beyond ASCII in any other are looked at twice.
const CHINESE: [&str; 4] = ["UTF-8", "GBK", "gb18030", "Big5"];
/// Who says it where nobody does.
const NOBODY: &str = "nobody";

impl CodePage {
    /// What the declaration says; where it says nothing, GB 18030, of which GBK and GB 2312 are parts.
    pub fn declared(path: &Path, label: Option<&str>) -> Result<Self, Error> {
        match label {
            None => Ok(Self { encoding: GB18030, by: NOBODY }),
            Some(label) => Ok(Self { encoding: named(path, label)?, by: "the declaration" }),
        }
    }

    /// Encoding of a Windows or DOS code page.
    pub fn of_number(path: &Path, number: &str, by: &'static str) -> Result<Self, Error> {
        let label = match number {
            "936" => "GBK".to_owned(),
            "950" => "Big5".to_owned(),
            "932" => "Shift_JIS".to_owned(),
            "949" => "EUC-KR".to_owned(),
            number => format!("windows-{number}"),
        };
        Ok(Self { encoding: named(path, &label)?, by })
    }

    /// Encoding by its name or by the number of its code page.
    pub fn of_label(path: &Path, label: &str, by: &'static str) -> Result<Self, Error> {
        let upper = label.trim().to_uppercase();
        let bare = upper.trim_start_matches("CP").trim_start_matches("ANSI").trim();
        match bare {
            "" => Ok(Self { encoding: GB18030, by: NOBODY }),
            "65001" => Ok(Self { encoding: UTF_8, by }),
            number if number.bytes().all(|b| b.is_ascii_digit()) => Self::of_number(path, number, by),
            _ => Ok(Self { encoding: named(path, label.trim())?, by }),
        }
    }

    /// Name for people, with who says so.
    pub fn name(&self) -> String {
        format!("{} (by {})", self.encoding.name(), self.by)
    }

    /// The text of bytes; an error where they are no text in this encoding, or where they look like another.
    pub fn text<'a>(&self, path: &Path, bytes: &'a [u8]) -> Result<Cow<'a, str>, Error> {
        let text = self.encoding.decode_without_bom_handling_and_without_replacement(bytes);
        let text = text.ok_or_else(|| self.unreadable(path, bytes))?;
        self.require_unambiguous(path, bytes)?;
        Ok(text)
    }

    /// Refuses texts that may as well be in another encoding than this one.
    pub fn require_unambiguous(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        if bytes.is_ascii() || self.by == "the declaration" {
            return Ok(());
        }
        let is_utf8 = std::str::from_utf8(bytes).is_ok();
        let other = if self.by == NOBODY && is_utf8 {
            UTF_8
        } else if !CHINESE.contains(&self.encoding.name()) {
            if is_utf8 { UTF_8 } else { GB18030 }
        } else {
            return Ok(());
        };
        match other.decode_without_bom_handling_and_without_replacement(bytes) {
            None => Ok(()),
            Some(read) => Err(Error::EncodingInDoubt {
                path: path.to_owned(),
                encoding: self.encoding.name(),
                by: self.by,
                here: sample(&self.encoding.decode(bytes).0),
                other: other.name(),
                there: sample(&read),
            }),
        }
    }

    fn unreadable(&self, path: &Path, bytes: &[u8]) -> Error {
        Error::Encoding {
            path: path.to_owned(),
            encoding: self.encoding.name(),
            by: self.by,
            sample: sample(&self.encoding.decode(bytes).0),
        }
    }
}

fn named(path: &Path, label: &str) -> Result<&'static Encoding, Error> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        Error::unusable(
            path,
            format!("is said to be in {label:?}, which is no encoding"),
            "say \"GBK\" or \"UTF-8\"",
        )
    })
}

/// Length of a sample of text in a message, characters.
const SAMPLE: usize = 12;

/// The first words beyond ASCII.
fn sample(text: &str) -> String {
    text.chars().skip_while(char::is_ascii).take_while(|c| !c.is_control()).take(SAMPLE).collect()
}
