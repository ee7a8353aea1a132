use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The records of a building under construction that are states of the building
/// (规划八录 without the eighth, the dossier), in their order in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Record {
    /// 放线: corners set out.
    SettingOut,
    /// 基础: foundation.
    Foundation,
    /// 正负零: slab at ±0.
    PlusMinusZero,
    /// 首层: first storey.
    FirstStorey,
    /// 标准层 (变化层): typical or changed storey, repeated.
    TypicalStorey,
    /// 顶层: top storey.
    TopStorey,
    /// 外立面: facade.
    Facade,
}

impl Record {
    /// All records in their order in time.
    pub const ALL: [Self; 7] = [
        Self::SettingOut,
        Self::Foundation,
        Self::PlusMinusZero,
        Self::FirstStorey,
        Self::TypicalStorey,
        Self::TopStorey,
        Self::Facade,
    ];

    /// Code as written in data.
    pub fn code(self) -> &'static str {
        match self {
            Self::SettingOut => "SETTING_OUT",
            Self::Foundation => "FOUNDATION",
            Self::PlusMinusZero => "PLUS_MINUS_ZERO",
            Self::FirstStorey => "FIRST_STOREY",
            Self::TypicalStorey => "TYPICAL_STOREY",
            Self::TopStorey => "TOP_STOREY",
            Self::Facade => "FACADE",
        }
    }

    /// Name as inspectors say it.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::SettingOut => "放线",
            Self::Foundation => "基础",
            Self::PlusMinusZero => "正负零",
            Self::FirstStorey => "首层",
            Self::TypicalStorey => "标准层",
            Self::TopStorey => "顶层",
            Self::Facade => "外立面",
        }
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Record {
    type Err = ();

    /// Reads a code or a Chinese name, with or without a leading 录; 变化层 is 标准层.
    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        let name = text.strip_prefix('录').unwrap_or(text);
        let name = if name == "变化层" { "标准层" } else { name };
        Self::ALL.into_iter().find(|r| r.code().eq_ignore_ascii_case(name) || r.chinese() == name).ok_or(())
    }
}

/// One record of one building, from the planning office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// Which state was inspected.
    pub record: Record,
    /// Which storey, for records that repeat.
    pub storey: Option<u32>,
    /// Day on which the builder applied.
    pub applied_at: Option<NaiveDate>,
    /// Day on which it passed.
    pub passed_at: Option<NaiveDate>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_by_code_and_by_chinese_name() {
        for record in Record::ALL {
            assert_eq!(record.code().parse(), Ok(record));
            assert_eq!(format!("录{}", record.chinese()).parse(), Ok(record));
        }
        assert_eq!("变化层".parse(), Ok(Record::TypicalStorey));
        assert_eq!("卷宗".parse::<Record>(), Err(()));
    }
}
