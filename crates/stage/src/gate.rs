use plumbline_plan::Record;

use crate::PhysicalStage;

impl PhysicalStage {
    /// The records that come before this stage, earliest first: building on towards the next inspection is lawful,
    /// standing beyond it is not.
    pub fn records_before(self) -> &'static [Record] {
        match self {
            Self::Unstarted | Self::SitePrep | Self::SetOut => &[],
            Self::Foundation => &Record::ALL[..1],
            Self::PlusMinusZero => &Record::ALL[..2],
            Self::FirstStorey => &Record::ALL[..3],
            Self::TypicalStorey(_) => &Record::ALL[..4],
            Self::ToppedOut | Self::Overbuilt => &Record::ALL[..5],
            Self::Facade => &Record::ALL[..6],
            Self::Completed => &Record::ALL,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_record_before_a_stage_is_its_gate() {
        let gate = |stage: PhysicalStage| stage.records_before().last().copied();
        assert_eq!(gate(PhysicalStage::SitePrep), None);
        assert_eq!(gate(PhysicalStage::Foundation), Some(Record::SettingOut));
        assert_eq!(gate(PhysicalStage::FirstStorey), Some(Record::PlusMinusZero));
        assert_eq!(gate(PhysicalStage::TypicalStorey(5)), Some(Record::FirstStorey));
        assert_eq!(gate(PhysicalStage::Completed), Some(Record::Facade));
    }
}
