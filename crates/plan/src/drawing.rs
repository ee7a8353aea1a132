//! What a DXF says of itself, and its text in UTF-8, before GDAL draws it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use encoding_rs::{GB18030, UTF_8};

use crate::code_page::CodePage;
use crate::{Error, Unit};

/// First version whose texts are UTF-8 whatever `$DWGCODEPAGE` says (R2007).
const FIRST_UTF8: &str = "AC1021";
/// Flags of a block whose content lies in another drawing.
const EXTERNAL: i32 = 4 | 8;

/// What is said of a DWG and of a binary DXF.
pub(crate) const BINARY: &str = "is a DWG or a binary DXF";
pub(crate) const SAVE_AS: &str = "save it as an ASCII DXF (R2000 or later)";

/// A drawing that is whole, in ASCII or UTF-8.
#[derive(Debug)]
pub(crate) struct Drawing<'a> {
    pub text: Cow<'a, str>,
    pub encoding: String,
    /// Unit by `$INSUNITS`, where it is set.
    pub unit: Option<Unit>,
}

impl<'a> Drawing<'a> {
    pub fn of(path: &Path, bytes: &'a [u8], declared: Option<&str>) -> Result<Self, Error> {
        if bytes.starts_with(b"AutoCAD Binary DXF") || bytes.starts_with(b"AC10") {
            return Err(Error::unusable(path, BINARY, SAVE_AS));
        }
        let head = Head::of(&String::from_utf8_lossy(head(bytes)));
        let page = head.code_page(path, bytes, declared)?;
        let text = page.text(path, bytes)?;
        require_whole(path, &text)?;
        require_own_content(path, &text)?;
        Ok(Self { unit: head.unit(path)?, encoding: page.name(), text })
    }
}

/// Pairs of a group code and its value, in which a DXF says everything.
fn groups(text: &str) -> impl Iterator<Item = (i32, &str)> {
    let mut lines = text.lines();
    std::iter::from_fn(move || {
        let (code, value) = (lines.next()?, lines.next()?);
        Some((code.trim().parse().unwrap_or(-1), value.trim_end_matches('\r')))
    })
}

/// Bytes up to the end of the first section.
fn head(bytes: &[u8]) -> &[u8] {
    let end = bytes.windows(6).position(|window| window == b"ENDSEC").unwrap_or(bytes.len());
    &bytes[..end]
}

/// Variables of the header.
struct Head {
    variables: BTreeMap<String, String>,
}

impl Head {
    fn of(text: &str) -> Self {
        let mut variables = BTreeMap::new();
        let mut name = None;
        for (code, value) in groups(text) {
            match (code, name.take()) {
                (9, _) => name = Some(value.trim().to_owned()),
                (_, Some(name)) => {
                    variables.entry(name).or_insert_with(|| value.trim().to_owned());
                }
                _ => {}
            }
        }
        Self { variables }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// UTF-8 from R2007 on; before, the code page of the header, or else the declaration.
    fn code_page(&self, path: &Path, bytes: &[u8], declared: Option<&str>) -> Result<CodePage, Error> {
        if bytes.is_ascii() || self.get("$ACADVER").is_some_and(|version| version >= FIRST_UTF8) {
            return Ok(CodePage { encoding: UTF_8, by: "the version of the drawing" });
        }
        match self
            .get("$DWGCODEPAGE")
            .and_then(|page| page.to_uppercase().strip_prefix("ANSI_").map(str::to_owned))
        {
            _ if declared.is_some() => CodePage::declared(path, declared),
            // GB 18030 reads all that GBK reads, and the characters of four bytes that AutoCAD writes under the same name.
            Some(number) if number == "936" => Ok(CodePage { encoding: GB18030, by: "$DWGCODEPAGE" }),
            Some(number) => CodePage::of_number(path, &number, "$DWGCODEPAGE"),
            None => CodePage::declared(path, None),
        }
    }

    fn unit(&self, path: &Path) -> Result<Option<Unit>, Error> {
        match self.get("$INSUNITS") {
            None | Some("0") => Ok(None),
            Some("4") => Ok(Some(Unit::Millimetre)),
            Some("5") => Ok(Some(Unit::Centimetre)),
            Some("6") => Ok(Some(Unit::Metre)),
            Some(code) => {
                let what = format!("states the unit {code} ($INSUNITS), in which plans are not drawn");
                Err(Error::unusable(
                    path,
                    what,
                    "look at a dimension, then set the unit of the drawing to m or mm",
                ))
            }
        }
    }
}

fn require_whole(path: &Path, text: &str) -> Result<(), Error> {
    if text.trim_end().lines().next_back().is_some_and(|last| last.trim() == "EOF") {
        return Ok(());
    }
    let what = "its end (EOF) is missing".to_owned();
    Err(Error::Truncated { path: path.to_owned(), what })
}

/// Refuses drawings that show what lies in other files.
fn require_own_content(path: &Path, text: &str) -> Result<(), Error> {
    let (mut in_block, mut name) = (false, "");
    for (code, value) in groups(text) {
        match code {
            0 if value == "ENTITIES" => break,
            0 => in_block = value == "BLOCK",
            2 if in_block => name = value,
            70 if in_block && value.trim().parse().is_ok_and(|flags: i32| flags & EXTERNAL != 0) => {
                let what = format!("refers to another drawing (block {name:?}), whose content is not in it");
                return Err(Error::unusable(
                    path,
                    what,
                    "bind or detach external references, then export it anew",
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A layer name with its escapes resolved: `\U+5EFA` is a character by Unicode, `\M+5BDA8` one of two bytes in GBK.
pub(crate) fn unescaped(name: &str) -> String {
    let mut parts = name.split('\\');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match character(part) {
            Some((character, rest)) => text.extend([&character, rest]),
            None => text.extend(["\\", part]),
        }
    }
    text
}

fn character(part: &str) -> Option<(String, &str)> {
    if let Some(escaped) = part.strip_prefix("U+") {
        let code = u32::from_str_radix(escaped.get(..4)?, 16).ok()?;
        return Some((char::from_u32(code)?.to_string(), &escaped[4..]));
    }
    let escaped = part.strip_prefix("M+5")?;
    let code = u16::from_str_radix(escaped.get(..4)?, 16).ok()?;
    let bytes = code.to_be_bytes();
    let text = GB18030.decode_without_bom_handling_and_without_replacement(&bytes)?;
    Some((text.into_owned(), &escaped[4..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_both_kinds_become_characters_and_other_backslashes_stay() {
        assert_eq!(unescaped(r"\U+5EFA\U+7B51-1"), "建筑-1");
        assert_eq!(unescaped(r"\M+5BDA8\M+5D6FE"), "建筑");
        assert_eq!(unescaped(r"a\b\U+12"), r"a\b\U+12");
    }

    #[test]
    fn variables_of_the_header_are_found_whatever_stands_between_them() {
        let head = Head::of("0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n9\n$INSUNITS\n70\n     4\n");
        assert_eq!(head.get("$ACADVER"), Some("AC1015"));
        assert_eq!(head.unit(Path::new("a.dxf")).unwrap(), Some(Unit::Millimetre));
    }
}
