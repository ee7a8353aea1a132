use crate::{Error, Lla, UndulationGrid};

/// How heights above the ellipsoid become heights of a national datum: `H = h - N`.
///
/// `N`, the undulation, is ellipsoidal less national height: negative where the geoid lies below the ellipsoid, as in most
/// of China. Only GNSS heights are above the ellipsoid; a model says nothing of barometric ones.
#[derive(Debug, Clone, PartialEq)]
pub enum VerticalModel {
    /// Heights stay as they are.
    None,
    /// The same everywhere: good to centimetres over one site.
    Offset {
        /// Ellipsoidal less national height, metres.
        undulation_m: f64,
    },
    /// A geoid model.
    Grid(UndulationGrid),
}

impl VerticalModel {
    /// Ellipsoidal less national height at a place, metres.
    pub fn undulation_m(&self, at: &Lla) -> Result<f64, Error> {
        match self {
            Self::None => Ok(0.0),
            Self::Offset { undulation_m } => Ok(*undulation_m),
            Self::Grid(grid) => grid.at(at),
        }
    }

    /// The position with its height in the national datum, from one above the ellipsoid.
    pub fn from_ellipsoidal(&self, p: &Lla) -> Result<Lla, Error> {
        Ok(Lla { height_m: p.height_m - self.undulation_m(p)?, ..*p })
    }

    /// The position with its height above the ellipsoid, from one in the national datum.
    pub fn to_ellipsoidal(&self, p: &Lla) -> Result<Lla, Error> {
        Ok(Lla { height_m: p.height_m + self.undulation_m(p)?, ..*p })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::undulation_grid::tests::{XINGTAI, grid};

    #[test]
    fn a_geoid_below_the_ellipsoid_makes_heights_larger() {
        let model = VerticalModel::Offset { undulation_m: -16.54 };
        let national = model.from_ellipsoidal(&Lla { height_m: 50.0, ..XINGTAI }).unwrap();
        assert!((national.height_m - 66.54).abs() < 1e-12);
    }

    #[test]
    fn a_grid_of_one_value_is_an_offset() {
        let flat = VerticalModel::Grid(grid(|_, _| 9.87));
        let offset = VerticalModel::Offset { undulation_m: 9.87 };
        let by_grid = flat.from_ellipsoidal(&XINGTAI).unwrap();
        let by_offset = offset.from_ellipsoidal(&XINGTAI).unwrap();
        assert!((by_grid.height_m - by_offset.height_m).abs() < 1e-12);
    }

    #[test]
    fn there_and_back_is_where_it_was() {
        let sloped = VerticalModel::Grid(grid(|latitude, longitude| 0.3 * latitude - 0.2 * longitude));
        for model in [VerticalModel::None, VerticalModel::Offset { undulation_m: 31.4 }, sloped] {
            let back = model.to_ellipsoidal(&model.from_ellipsoidal(&XINGTAI).unwrap()).unwrap();
            assert!((back.height_m - XINGTAI.height_m).abs() < 1e-12, "{model:?}");
        }
    }
}
