use plumbline_geodesy::SurveyClass;

/// How a block is adjusted.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Standard uncertainty of a measured pixel coordinate, pixels; default 0.5.
    pub pixel_sigma_px: f64,
    /// Observations that miss by more than this after the adjustment are dropped, pixels; default 4.
    pub outlier_px: f64,
    /// A view keeps its place only with at least this many good observations; default 12.
    pub min_view_tracks: usize,
    /// Smallest angle between two rays of a track that is used, radians; default 1.5 degrees.
    pub min_angle: f64,
    /// Which calibration parameters are estimated; default [`Calibration::Full`].
    pub calibration: Calibration,
    /// How much of the focal length's prior is believed; default [`Focal::Prior`].
    pub focal: Focal,
    /// Share of the tracks common with the earlier epoch that is kept out of the adjustment to measure the tie;
    /// default 0.2.
    pub held_out_share: f64,
    /// Survey class of the earlier epoch; default [`SurveyClass::GnssOnly`], from which no better class is inherited.
    pub earlier_class: SurveyClass,
    /// Seed of every random choice; default 0.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            pixel_sigma_px: 0.5,
            outlier_px: 4.0,
            min_view_tracks: 12,
            min_angle: 1.5_f64.to_radians(),
            calibration: Calibration::Full,
            focal: Focal::Prior,
            held_out_share: 0.2,
            earlier_class: SurveyClass::GnssOnly,
            seed: 0,
        }
    }
}

/// Which calibration parameters an adjustment estimates, each around its prior.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calibration {
    /// None: the prior is taken as true.
    Fixed,
    /// Focal length, principal point and radial distortion k1, k2.
    Radial,
    /// As `Radial`, and k3, p1, p2.
    Full,
}

/// How much of what is known of a focal length beforehand is believed, where it is estimated at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focal {
    /// Nothing: the flight alone decides, which one at a single height over flat ground cannot.
    Free,
    /// As much as its standard uncertainty says.
    Prior,
    /// All: it is held fixed while the other parameters are estimated.
    Fixed,
}
