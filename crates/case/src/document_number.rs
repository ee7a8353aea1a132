use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

/// Number of a document (文号), such as 垦执立字〔2017〕第12号: one series for each sort of document and year, without gaps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct DocumentNumber {
    /// Characters of the agency and of the sort of document (机关代字、文种代字), such as 垦执立.
    pub series: String,
    /// Year.
    pub year: u16,
    /// Number in the series of the year, from 1.
    pub seq: u32,
}

/// A sort of document that is numbered, as data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Code in capitals.
    pub code: String,
    /// What it is called, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Its character in numbers (文种代字), such as 立.
    pub sort: String,
    /// Whether one case may have several.
    #[serde(default)]
    pub repeats: bool,
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}字〔{}〕第{}号", self.series, self.year, self.seq)
    }
}

impl FromStr for DocumentNumber {
    type Err = Error;

    /// Reads a number as files have it: with hexagonal, square or round brackets, with and without blanks and 第.
    fn from_str(text: &str) -> Result<Self, Error> {
        let parts = || {
            let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            let (series, rest) = plain.split_once("字")?;
            let rest = rest.strip_prefix(['〔', '[', '［', '(', '（'])?;
            let (year, rest) = rest.split_once(['〕', ']', '］', ')', '）'])?;
            let seq = rest.strip_prefix('第').unwrap_or(rest).strip_suffix('号')?;
            let number = Self { series: series.to_owned(), year: year.parse().ok()?, seq: seq.parse().ok()? };
            (!number.series.is_empty() && number.seq > 0).then_some(number)
        };
        parts().ok_or_else(|| Error::NoDocumentNumber { text: text.to_owned() })
    }
}

impl From<DocumentNumber> for String {
    fn from(number: DocumentNumber) -> Self {
        number.to_string()
    }
}

impl TryFrom<String> for DocumentNumber {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_old_and_new_files_write_them_and_written_in_one_way() {
        for text in ["垦执立字〔2017〕第12号", "垦执立字[2017]第 12 号", "垦执立字（2017）12号"]
        {
            let number: DocumentNumber = text.parse().unwrap();
            assert_eq!((number.series.as_str(), number.year, number.seq), ("垦执立", 2017, 12), "{text}");
            assert_eq!(number.to_string(), "垦执立字〔2017〕第12号");
        }
        assert_eq!("垦执公告字〔2017〕第3号".parse::<DocumentNumber>().unwrap().series, "垦执公告");
        for text in
            ["", "垦执立〔2017〕第1号", "字〔2017〕第1号", "垦执立字〔17年〕第1号", "垦执立字〔2017〕第0号"]
        {
            assert!(text.parse::<DocumentNumber>().is_err(), "{text}");
        }
    }
}
