use serde::{Deserialize, Serialize};

/// The surface that heights are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HeightDatum {
    /// The ellipsoid, from GNSS.
    Ellipsoid,
    /// A national height datum, by control points or a declared vertical model.
    National,
    /// That of the control points, which nobody named.
    Control,
    /// The take-off point of the drone.
    TakeOff,
    /// Not known; only differences of height mean anything.
    Unknown,
}

/// What the heights of an epoch are counted from, and by what that is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heights {
    /// The surface.
    pub datum: HeightDatum,
    /// Its name, where it is a national one.
    pub name: Option<String>,
    /// What put the heights there.
    pub source: HeightSource,
}

/// What put heights on the surface they are counted from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HeightSource {
    /// What the photos say, as it is.
    Photos,
    /// Heights above the ellipsoid less a constant.
    Offset {
        /// Ellipsoidal less national height, metres.
        undulation_m: f64,
    },
    /// Heights above the ellipsoid less the values of a grid.
    Grid {
        /// Name of the grid's file.
        grid: String,
        /// Smallest and largest undulation over the flight, metres.
        undulation_m: [f64; 2],
    },
    /// Surveyed points of the ground.
    Control,
    /// The earlier epoch that the block is tied to.
    EarlierEpoch,
    /// What the file of another program says, as it is.
    File,
}

impl Heights {
    /// Heights as photos say them.
    pub fn of_photos(datum: HeightDatum) -> Self {
        Self { datum, name: None, source: HeightSource::Photos }
    }

    /// Whether a height here and one there may be subtracted: take-off points and barometers differ from flight to flight.
    pub fn share_datum(&self, other: &Self) -> bool {
        let is_lasting = matches!(self.datum, HeightDatum::Ellipsoid | HeightDatum::National);
        is_lasting && self.datum == other.datum && self.name == other.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_are_subtracted_only_where_both_count_from_one_lasting_surface() {
        let national =
            |name: &str| Heights { name: Some(name.to_owned()), ..Heights::of_photos(HeightDatum::National) };
        let [ellipsoid, take_off] = [HeightDatum::Ellipsoid, HeightDatum::TakeOff].map(Heights::of_photos);
        assert!(ellipsoid.share_datum(&ellipsoid));
        assert!(national("1985").share_datum(&national("1985")));
        assert!(!national("1985").share_datum(&national("1956")));
        assert!(!national("1985").share_datum(&ellipsoid));
        assert!(!take_off.share_datum(&take_off));
    }
}
