use nalgebra::Vector3;
use plumbline_geodesy::{MapPoint, SurveyFrame};
use plumbline_scene::GroundPoint;

use crate::Remark;

/// What is wrong with a surveyed point.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fault {
    /// Fewer control points than can check one another.
    TooFew,
    /// No two of its marks meet in a point.
    NotSeen,
    /// With east and north exchanged it would fit.
    Swapped,
    /// It is marked where another surveyed point lies.
    MarkedAt { other: String },
    /// It lies elsewhere than the photos see it, by so many metres east, north, up.
    Elsewhere { by_m: Vector3<f64> },
}

/// A surveyed point that does not fit.
pub(crate) struct Suspect<'s> {
    pub point: &'s GroundPoint,
    /// Where the photos see it, in a block that the other points hold.
    pub seen_at: Vector3<f64>,
    /// How far off a good point may lie, metres along the axes.
    pub tolerance_m: Vector3<f64>,
}

impl Suspect<'_> {
    fn fits(&self, position: &Vector3<f64>) -> bool {
        (position - self.seen_at).iter().zip(&self.tolerance_m).all(|(d, limit)| d.abs() <= *limit)
    }
}

impl Fault {
    /// What would explain why a point does not fit.
    pub fn of(suspect: &Suspect, ground: &[GroundPoint], frame: &SurveyFrame) -> Self {
        if suspect.fits(&swapped(&suspect.point.position, frame)) {
            return Self::Swapped;
        }
        let others = ground.iter().filter(|p| p.name != suspect.point.name);
        match others.into_iter().find(|p| suspect.fits(&p.position)) {
            Some(other) => Self::MarkedAt { other: other.name.clone() },
            None => Self::Elsewhere { by_m: suspect.point.position - suspect.seen_at },
        }
    }

    /// In words, with the remedy.
    pub fn remark(&self, name: &str) -> Remark {
        let (zh, en) = match self {
            Self::TooFew => (
                format!("控制点 {name}：控制点少于 3 个，无法互相检核，仅用于检查，未参与平差"),
                format!(
                    "{name} did not take part: fewer than 3 control points cannot check one another; it only measures the block"
                ),
            ),
            Self::NotSeen => (
                format!("地面点 {name}：刺点光线不相交于一点；请检查刺点是否在正确的照片上，至少需两张"),
                format!(
                    "the marks of {name} do not meet in a point; check that they are in the right photos, two at least"
                ),
            ),
            Self::Swapped => (
                format!("地面点 {name}：东、北坐标疑似颠倒；请对调后重试"),
                format!("east and north of {name} look swapped; exchange them"),
            ),
            Self::MarkedAt { other } => (
                format!("地面点 {name}：刺点位置是 {other} 点；请检查点名"),
                format!("{name} is marked where {other} lies; check the names"),
            ),
            Self::Elsewhere { by_m } => (
                format!(
                    "地面点 {name}：坐标与照片相差 东 {:.2}、北 {:.2}、高 {:.2} m；请检查坐标、坐标系与刺点",
                    by_m.x, by_m.y, by_m.z
                ),
                format!(
                    "{name} was surveyed {:.2} m east, {:.2} m north, {:.2} m up of where the photos see it; check its coordinates, its CRS and its marks",
                    by_m.x, by_m.y, by_m.z
                ),
            ),
        };
        Remark { zh, en }
    }
}

/// The position with its map's east and north exchanged.
fn swapped(position: &Vector3<f64>, frame: &SurveyFrame) -> Vector3<f64> {
    let map = frame.map_from_world(position);
    frame.world_from_map(&MapPoint { east: map.north, north: map.east, height: map.height })
}
