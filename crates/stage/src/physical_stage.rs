use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Error;

/// How far a building has physically come, in the order in which buildings grow.
///
/// A storey counts as reached when its structure has *started*, not when it is finished: columns that stand
/// without a slab make any count of finished storeys wrong half of the time.
/// The eighth of the eight records (卷宗, the dossier) is paper, not a building state, and has no place here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum PhysicalStage {
    /// Nothing has been done on the ground.
    Unstarted,
    /// Levelled, fenced, huts.
    SitePrep,
    /// Lines and stakes on the ground.
    SetOut,
    /// Pit, piles, footings.
    Foundation,
    /// The slab at ±0.
    PlusMinusZero,
    /// The first storey has started.
    FirstStorey,
    /// Storey `k`, from the second on, has started.
    TypicalStorey(u32),
    /// The roof slab is on.
    ToppedOut,
    /// Scaffold coming down.
    Facade,
    /// Finished.
    Completed,
    /// Higher than approved.
    Overbuilt,
}

impl PhysicalStage {
    /// The stage of a building of `approved` storeys whose storey `started` has started (0: the slab at ±0).
    ///
    /// The last storey without its roof is still a typical storey; [`PhysicalStage::ToppedOut`] needs the roof.
    pub fn of_started_storey(started: u32, approved: u32) -> Self {
        match started {
            0 => Self::PlusMinusZero,
            k if k > approved => Self::Overbuilt,
            1 => Self::FirstStorey,
            k => Self::TypicalStorey(k),
        }
    }

    /// The Chinese name that inspectors use.
    pub fn zh(self) -> String {
        match self {
            Self::Unstarted => "未动工".to_owned(),
            Self::SitePrep => "场地平整".to_owned(),
            Self::SetOut => "放线".to_owned(),
            Self::Foundation => "基础".to_owned(),
            Self::PlusMinusZero => "正负零".to_owned(),
            Self::FirstStorey => "首层".to_owned(),
            Self::TypicalStorey(k) => format!("标准层(第{k}层)"),
            Self::ToppedOut => "顶层".to_owned(),
            Self::Facade => "外立面".to_owned(),
            Self::Completed => "竣工".to_owned(),
            Self::Overbuilt => "超层".to_owned(),
        }
    }

    /// Whether work is under way: started and not yet handed over.
    pub fn is_under_way(self) -> bool {
        self > Self::Unstarted && self < Self::Completed
    }
}

impl fmt::Display for PhysicalStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unstarted => f.write_str("UNSTARTED"),
            Self::SitePrep => f.write_str("SITE_PREP"),
            Self::SetOut => f.write_str("SET_OUT"),
            Self::Foundation => f.write_str("FOUNDATION"),
            Self::PlusMinusZero => f.write_str("PLUS_MINUS_ZERO"),
            Self::FirstStorey => f.write_str("FIRST_STOREY"),
            Self::TypicalStorey(k) => write!(f, "TYPICAL_STOREY({k})"),
            Self::ToppedOut => f.write_str("TOPPED_OUT"),
            Self::Facade => f.write_str("FACADE"),
            Self::Completed => f.write_str("COMPLETED"),
            Self::Overbuilt => f.write_str("OVERBUILT"),
        }
    }
}

impl FromStr for PhysicalStage {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let unknown = || Error::UnknownStage { text: text.to_owned() };
        let storey = text.strip_prefix("TYPICAL_STOREY(").and_then(|rest| rest.strip_suffix(')'));
        Ok(match text {
            "UNSTARTED" => Self::Unstarted,
            "SITE_PREP" => Self::SitePrep,
            "SET_OUT" => Self::SetOut,
            "FOUNDATION" => Self::Foundation,
            "PLUS_MINUS_ZERO" => Self::PlusMinusZero,
            "FIRST_STOREY" => Self::FirstStorey,
            "TOPPED_OUT" => Self::ToppedOut,
            "FACADE" => Self::Facade,
            "COMPLETED" => Self::Completed,
            "OVERBUILT" => Self::Overbuilt,
            _ => Self::TypicalStorey(storey.ok_or_else(unknown)?.parse().map_err(|_| unknown())?),
        })
    }
}

impl From<PhysicalStage> for String {
    fn from(stage: PhysicalStage) -> Self {
        stage.to_string()
    }
}

impl TryFrom<String> for PhysicalStage {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::PhysicalStage::{self, *};

    #[test]
    fn stages_stand_in_the_order_of_building() {
        let order = [
            Unstarted,
            SitePrep,
            SetOut,
            Foundation,
            PlusMinusZero,
            FirstStorey,
            TypicalStorey(2),
            TypicalStorey(7),
            ToppedOut,
            Facade,
            Completed,
            Overbuilt,
        ];
        assert!(order.is_sorted());
    }

    #[test]
    fn names_survive_the_round_trip() {
        for stage in [Unstarted, PlusMinusZero, TypicalStorey(12), Overbuilt] {
            assert_eq!(stage.to_string().parse::<PhysicalStage>().unwrap(), stage);
        }
        let message = "ROOF".parse::<PhysicalStage>().unwrap_err().to_string();
        assert!(message.contains("ROOF"), "{message}");
    }

    #[test]
    fn a_started_storey_becomes_the_stage_that_its_plan_gives_it() {
        assert_eq!(PhysicalStage::of_started_storey(0, 6), PlusMinusZero);
        assert_eq!(PhysicalStage::of_started_storey(1, 6), FirstStorey);
        assert_eq!(PhysicalStage::of_started_storey(5, 6), TypicalStorey(5));
        assert_eq!(PhysicalStage::of_started_storey(6, 6), TypicalStorey(6));
        assert_eq!(PhysicalStage::of_started_storey(7, 6), Overbuilt);
        assert_eq!(PhysicalStage::of_started_storey(1, 1), FirstStorey);
    }
}
