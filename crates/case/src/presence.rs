use plumbline_finding::Bilingual;
use serde::{Deserialize, Serialize};

/// Whether what was found is still there at the last epoch, most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Presence {
    /// Work was under way when it was last flown: it can still be stopped.
    Ongoing,
    /// It stands.
    Standing,
    /// It stood when its place was last seen; the last flight did not show it.
    Unseen,
    /// The last flight shows the place, and the rule no longer speaks.
    Lapsed,
    /// It is gone.
    Gone,
}

impl Presence {
    /// Every presence, most urgent first.
    pub const ALL: [Self; 5] = [Self::Ongoing, Self::Standing, Self::Unseen, Self::Lapsed, Self::Gone];

    /// Code in capitals, as in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ongoing => "ONGOING",
            Self::Standing => "STANDING",
            Self::Unseen => "UNSEEN",
            Self::Lapsed => "LAPSED",
            Self::Gone => "GONE",
        }
    }

    /// What it is called.
    pub fn name(self) -> Bilingual {
        match self {
            Self::Ongoing => Bilingual::new("在建", "under way"),
            Self::Standing => Bilingual::new("存续", "standing"),
            Self::Unseen => Bilingual::new("本期未见", "not seen by the last flight"),
            Self::Lapsed => Bilingual::new("不再提示", "no longer told"),
            Self::Gone => Bilingual::new("已消失", "gone"),
        }
    }

    /// Whether it has to be reckoned with: neither gone nor lapsed.
    pub fn is_open(self) -> bool {
        self <= Self::Unseen
    }
}
