use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Error;

/// The ways in which what stands can differ from what was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A structure that no permit explains.
    NoPermit,
    /// Started after its permit had lapsed.
    PermitExpiredStart,
    /// Beyond the land red line.
    OutOfRedline,
    /// Beyond the building control line, or too near a road line.
    SetbackBreach,
    /// Too near a neighbour.
    SpacingShort,
    /// The approved shape at another place.
    Shifted,
    /// More ground covered than approved.
    FootprintExcess,
    /// ±0 at another level than approved.
    ZeroLevelDeviation,
    /// A storey of another height than approved.
    StoreyHeightChanged,
    /// More storeys than approved.
    ExtraStorey,
    /// Higher than approved, with no more storeys.
    OverHeight,
    /// Less built than approved.
    Underbuilt,
    /// Greens, parking or roads laid out otherwise than approved.
    LayoutChanged,
    /// Facade otherwise than approved.
    FacadeChanged,
    /// A stage seen before the inspection that opens it was passed.
    StageAhead,
    /// A structure on a roof that the approved roof plan does not have.
    RoofAddition,
    /// An addition to a finished building.
    PostCompletionAddition,
    /// A temporary structure without approval.
    TempUnapproved,
    /// A temporary structure otherwise than approved.
    TempNotAsApproved,
    /// A temporary structure past its term.
    TempOverdue,
    /// Still standing though due to be demolished.
    NotDemolished,
    /// Gone: evidence for closing a case, or for a loss.
    Demolished,
    /// Passed a stage without one of the eight records.
    MissingRecord,
    /// Plan layers that contradict one another.
    PlanConflict,
}

impl Kind {
    /// Every kind, in the order of the table above.
    pub const ALL: [Self; 24] = [
        Self::NoPermit,
        Self::PermitExpiredStart,
        Self::OutOfRedline,
        Self::SetbackBreach,
        Self::SpacingShort,
        Self::Shifted,
        Self::FootprintExcess,
        Self::ZeroLevelDeviation,
        Self::StoreyHeightChanged,
        Self::ExtraStorey,
        Self::OverHeight,
        Self::Underbuilt,
        Self::LayoutChanged,
        Self::FacadeChanged,
        Self::StageAhead,
        Self::RoofAddition,
        Self::PostCompletionAddition,
        Self::TempUnapproved,
        Self::TempNotAsApproved,
        Self::TempOverdue,
        Self::NotDemolished,
        Self::Demolished,
        Self::MissingRecord,
        Self::PlanConflict,
    ];

    /// Code, Chinese name and English name.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::NoPermit => ("NO_PERMIT", "未批先建", "built without a permit"),
            Self::PermitExpiredStart => {
                ("PERMIT_EXPIRED_START", "许可证失效后开工", "started on a lapsed permit")
            }
            Self::OutOfRedline => ("OUT_OF_REDLINE", "超用地红线", "beyond the land red line"),
            Self::SetbackBreach => ("SETBACK_BREACH", "压建筑控制线", "beyond the building control line"),
            Self::SpacingShort => ("SPACING_SHORT", "建筑间距不足", "too near a neighbour"),
            Self::Shifted => ("SHIFTED", "移位", "shifted from the approved position"),
            Self::FootprintExcess => ("FOOTPRINT_EXCESS", "超占地", "more ground covered than approved"),
            Self::ZeroLevelDeviation => ("ZERO_LEVEL_DEVIATION", "正负零标高不符", "±0 at another level"),
            Self::StoreyHeightChanged => ("STOREY_HEIGHT_CHANGED", "擅改层高", "storey height changed"),
            Self::ExtraStorey => ("EXTRA_STOREY", "加层", "more storeys than approved"),
            Self::OverHeight => ("OVER_HEIGHT", "超高", "higher than approved"),
            Self::Underbuilt => ("UNDERBUILT", "少建", "less built than approved"),
            Self::LayoutChanged => ("LAYOUT_CHANGED", "擅改总平面", "site layout changed"),
            Self::FacadeChanged => ("FACADE_CHANGED", "擅改外立面", "facade changed"),
            Self::StageAhead => ("STAGE_AHEAD", "未验先建", "built ahead of the inspection"),
            Self::RoofAddition => ("ROOF_ADDITION", "屋顶搭建", "structure added on a roof"),
            Self::PostCompletionAddition => {
                ("POST_COMPLETION_ADDITION", "竣工后加建", "added to a finished building")
            }
            Self::TempUnapproved => {
                ("TEMP_UNAPPROVED", "未批临时建筑", "temporary structure without approval")
            }
            Self::TempNotAsApproved => {
                ("TEMP_NOT_AS_APPROVED", "未按批准临时建筑", "temporary structure not as approved")
            }
            Self::TempOverdue => ("TEMP_OVERDUE", "逾期临时建筑", "temporary structure past its term"),
            Self::NotDemolished => ("NOT_DEMOLISHED", "应拆未拆", "due for demolition and still standing"),
            Self::Demolished => ("DEMOLISHED", "已拆除", "demolished"),
            Self::MissingRecord => ("MISSING_RECORD", "记录缺失", "stage passed without its record"),
            Self::PlanConflict => ("PLAN_CONFLICT", "图册不一致", "plan layers contradict one another"),
        }
    }

    /// Code in capitals, as in files.
    pub fn code(self) -> &'static str {
        self.names().0
    }

    /// Chinese name.
    pub fn zh(self) -> &'static str {
        self.names().1
    }

    /// Whether one building can have it at several places.
    pub fn has_places(self) -> bool {
        matches!(self, Self::RoofAddition | Self::PostCompletionAddition | Self::OutOfRedline)
    }

    /// English name.
    pub fn en(self) -> &'static str {
        self.names().2
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Kind {
    type Err = Error;

    fn from_str(code: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|kind| kind.code() == code);
        known.ok_or_else(|| Error::UnknownKind { code: code.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_in_files_are_the_codes_in_the_program() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
            assert_eq!(kind.code().parse::<Kind>().unwrap(), kind);
        }
    }
}
