use std::collections::BTreeMap;

use plumbline_finding::Bilingual;

use crate::Error;

/// The words of the report, by section and key, in both languages.
pub(crate) type Texts = BTreeMap<String, BTreeMap<String, Bilingual>>;

/// Reads the words that come with this crate.
pub(crate) fn texts() -> Result<Texts, Error> {
    Ok(toml::from_str(include_str!("../data/texts.toml"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_verdict_and_role_has_its_words() {
        use plumbline_finding::Verdict::{ConfirmedExceed, InconclusiveNeedsSurvey, Suspected, Within};
        let texts = texts().unwrap();
        for verdict in [ConfirmedExceed, InconclusiveNeedsSurvey, Suspected, Within] {
            assert!(texts["verdict"].contains_key(verdict.code()));
        }
        let lawful = texts["lawful"].keys().map(String::as_str);
        assert_eq!(lawful.clone().count(), 12);
        assert!(lawful.into_iter().all(is_a_reason));
    }

    fn is_a_reason(code: &str) -> bool {
        use serde::Deserialize;
        use serde::de::value::{Error, StrDeserializer};
        plumbline_finding::Lawful::deserialize(StrDeserializer::<Error>::new(code)).is_ok()
    }

    #[test]
    fn every_text_is_there_in_both_languages() {
        for (section, texts) in texts().unwrap() {
            for (key, text) in texts {
                assert!(!text.en.is_empty(), "{section}.{key}");
                let chinese = text.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
                assert!(chinese || text.zh == text.en, "{section}.{key}");
            }
        }
    }
}
