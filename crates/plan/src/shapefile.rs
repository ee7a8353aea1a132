//! What a Shapefile says of itself in its side files, before GDAL reads it.

use std::path::{Path, PathBuf};

use encoding_rs::DecoderResult;

use crate::Error;
use crate::code_page::CodePage;

/// Length of the head of a .shp and of a .shx, bytes.
const HEAD: usize = 100;
/// Offset of a .shp's length in 16-bit words, big-endian.
const LENGTH: usize = 24;
/// Offset of the language driver id in a .dbf head.
const LANGUAGE_DRIVER: usize = 29;
/// Length of a field's description in a .dbf head, bytes; of the head before them too.
const DESCRIPTION: usize = 32;

/// A file beside the .shp, its ending in either case.
pub(crate) fn beside(path: &Path, extension: &str) -> Option<PathBuf> {
    let spelt = [extension.to_owned(), extension.to_uppercase()];
    spelt.into_iter().map(|extension| path.with_extension(extension)).find(|file| file.exists())
}

/// All files that make up the Shapefile, the .shp first.
pub(crate) fn parts(path: &Path) -> Vec<PathBuf> {
    let others = ["shx", "dbf", "prj", "cpg"].into_iter().filter_map(|extension| beside(path, extension));
    std::iter::once(path.to_owned()).chain(others).collect()
}

/// Checks that the parts are whole; how its texts are encoded: by .cpg, by the language driver id, by the declaration,
/// or else as GB 18030.
pub(crate) fn check(path: &Path, declared: Option<&str>) -> Result<CodePage, Error> {
    require_whole(path)?;
    if beside(path, "shx").is_none() {
        return Err(Error::unusable(
            path,
            "lacks its .shx file",
            "copy all files of the Shapefile: .shp, .shx, .dbf, .prj, .cpg",
        ));
    }
    let Some(table) = beside(path, "dbf") else { return CodePage::declared(path, declared) };
    let table = Table::read(&table)?;
    let page = match beside(path, "cpg") {
        Some(file) => {
            let label = String::from_utf8_lossy(&bytes_of(&file)?).into_owned();
            CodePage::of_label(path, label.trim_start_matches('\u{feff}'), "the .cpg file")?
        }
        None => table.language(path)?.map_or_else(|| CodePage::declared(path, declared), Ok)?,
    };
    table.require_readable(page)?;
    Ok(page)
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|source| Error::Io { path: path.to_owned(), source })
}

fn require_whole(path: &Path) -> Result<(), Error> {
    let bytes = bytes_of(path)?;
    let length = bytes.get(LENGTH..LENGTH + 4).and_then(|word| word.try_into().ok());
    let stated = length.map_or(HEAD, |word| 2 * u32::from_be_bytes(word) as usize);
    require_length(path, bytes.len(), stated.max(HEAD))
}

fn require_length(path: &Path, length: usize, stated: usize) -> Result<(), Error> {
    if length >= stated {
        return Ok(());
    }
    let what = format!("it has {length} of {stated} bytes");
    Err(Error::Truncated { path: path.to_owned(), what })
}

/// A .dbf.
struct Table {
    path: PathBuf,
    bytes: Vec<u8>,
    head: usize,
    record: usize,
    /// Offset in a record and width of its text fields, bytes.
    texts: Vec<(usize, usize)>,
}

impl Table {
    fn read(path: &Path) -> Result<Self, Error> {
        let bytes = bytes_of(path)?;
        require_length(path, bytes.len(), DESCRIPTION)?;
        let short = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
        let records = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]) as usize;
        let (head, record) = (short(8), short(10));
        require_length(path, bytes.len(), head + records * record)?;
        let described = bytes[DESCRIPTION..head.max(DESCRIPTION)].chunks_exact(DESCRIPTION);
        let mut texts = Vec::new();
        // The first byte of a record tells whether it is deleted.
        let mut at = 1;
        for field in described.take_while(|field| field[0] != b'\r') {
            let width = usize::from(field[16]);
            if field[11] == b'C' {
                texts.push((at, width));
            }
            at += width;
        }
        Ok(Self { path: path.to_owned(), head, record, texts, bytes })
    }

    /// Encoding by the language driver id, where that names one.
    fn language(&self, path: &Path) -> Result<Option<CodePage>, Error> {
        let by = "the language driver id";
        let number = match self.bytes[LANGUAGE_DRIVER] {
            0x4d => "936",
            0x4f => "950",
            0x13 | 0x7b => "932",
            0x4e | 0x79 => "949",
            0x03 => "1252",
            0xc9 => "1251",
            // 0x57 is "the code page of the machine that wrote it": it says nothing on another machine.
            _ => return Ok(None),
        };
        CodePage::of_number(path, number, by).map(Some)
    }

    /// Field names and text values must be texts in the encoding; a last character that the width cuts off does no harm.
    fn require_readable(&self, page: CodePage) -> Result<(), Error> {
        let mut beyond_ascii = Vec::new();
        for text in self.names().chain(self.values()).filter(|text| !text.is_ascii()) {
            let mut decoder = page.encoding.new_decoder_without_bom_handling();
            let longest = decoder.max_utf8_buffer_length_without_replacement(text.len());
            let mut decoded = vec![0; longest.unwrap_or_default()];
            let (result, read, _) = decoder.decode_to_utf8_without_replacement(text, &mut decoded, false);
            if let DecoderResult::Malformed(..) = result {
                page.text(&self.path, text)?;
            }
            beyond_ascii.extend_from_slice(&text[..read.min(text.len())]);
            beyond_ascii.push(b' ');
        }
        page.require_unambiguous(&self.path, &beyond_ascii)
    }

    fn names(&self) -> impl Iterator<Item = &[u8]> {
        let described = self.bytes[DESCRIPTION..self.head.max(DESCRIPTION)].chunks_exact(DESCRIPTION);
        let named = described.take_while(|field| field[0] != b'\r');
        named.map(|field| field[..11].split(|&byte| byte == 0).next().unwrap_or_default())
    }

    fn values(&self) -> impl Iterator<Item = &[u8]> {
        let records = self.bytes[self.head..].chunks_exact(self.record.max(1));
        records.flat_map(|record| self.texts.iter().filter_map(|&(at, width)| record.get(at..at + width)))
    }
}
