use std::f64::consts::PI;

use crate::Lla;

/// Semi-major axis of the Krasovsky ellipsoid, metres.
const A_M: f64 = 6_378_245.0;
/// First eccentricity squared of the Krasovsky ellipsoid, rounded as the published formula has it.
const E2: f64 = 0.006_693_421_622_965_943;
/// Where the formula's polynomial is centred, degrees.
const CENTER_DEG: (f64, f64) = (105.0, 35.0);
/// Rounds of the inverse: each leaves about a hundredth of the error.
const ROUNDS: usize = 6;

/// The shift of Chinese web maps (GCJ-02 over WGS 84), by the published formula.
///
/// It moves places by 300 to 600 m. The formula agrees with what the maps do to about a metre, so nothing that passed through
/// it proves a position.
#[derive(Debug, Clone, Copy)]
pub struct Gcj02;

impl Gcj02 {
    /// Standard uncertainty of a position that passed through the formula, metres.
    pub const U_M: f64 = 2.0;

    /// Where a web map shows a position of WGS 84.
    pub fn forward(plain: &Lla) -> Lla {
        let (d_longitude_deg, d_latitude_deg) = shift(plain);
        Lla {
            longitude_deg: plain.longitude_deg + d_longitude_deg,
            latitude_deg: plain.latitude_deg + d_latitude_deg,
            height_m: plain.height_m,
        }
    }

    /// The position of WGS 84 that a web map shows there.
    pub fn inverse(shifted: &Lla) -> Lla {
        let mut plain = *shifted;
        for _ in 0..ROUNDS {
            let shown = Self::forward(&plain);
            plain.longitude_deg += shifted.longitude_deg - shown.longitude_deg;
            plain.latitude_deg += shifted.latitude_deg - shown.latitude_deg;
        }
        plain
    }
}

/// Shift in longitude and latitude, degrees.
fn shift(at: &Lla) -> (f64, f64) {
    let (x, y) = (at.longitude_deg - CENTER_DEG.0, at.latitude_deg - CENTER_DEG.1);
    let latitude = at.latitude_deg.to_radians();
    let w2 = 1.0 - E2 * latitude.sin().powi(2);
    let meridian_m = A_M * (1.0 - E2) / w2.powf(1.5);
    let parallel_m = A_M / w2.sqrt() * latitude.cos();
    ((east_m(x, y) / parallel_m).to_degrees(), (north_m(x, y) / meridian_m).to_degrees())
}

/// Shift to the east, metres, from degrees off the centre.
fn east_m(x: f64, y: f64) -> f64 {
    300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + ripple(x, 6.0, 20.0, 2.0, 20.0)
        + ripple(x, 1.0, 20.0, 1.0 / 3.0, 40.0)
        + ripple(x, 1.0 / 12.0, 150.0, 1.0 / 30.0, 300.0)
}

/// Shift to the north, metres, from degrees off the centre.
fn north_m(x: f64, y: f64) -> f64 {
    -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + ripple(x, 6.0, 20.0, 2.0, 20.0)
        + ripple(y, 1.0, 20.0, 1.0 / 3.0, 40.0)
        + ripple(y, 1.0 / 12.0, 160.0, 1.0 / 30.0, 320.0)
}

/// Two thirds of two sines, their frequencies in half turns a degree.
fn ripple(at: f64, first: f64, first_m: f64, second: f64, second_m: f64) -> f64 {
    (first_m * (first * at * PI).sin() + second_m * (second * at * PI).sin()) * 2.0 / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiananmen_moves_as_the_web_maps_have_it() {
        let plain = Lla { latitude_deg: 39.907_333, longitude_deg: 116.391_083, height_m: 0.0 };
        let shown = Gcj02::forward(&plain);
        assert!((shown.latitude_deg - 39.908_734).abs() < 1e-6, "{shown:?}");
        assert!((shown.longitude_deg - 116.397_324).abs() < 1e-6, "{shown:?}");
    }

    #[test]
    fn there_and_back_is_where_it_was() {
        let xingtai = Lla { latitude_deg: 37.0682, longitude_deg: 114.5048, height_m: 60.0 };
        let back = Gcj02::inverse(&Gcj02::forward(&xingtai));
        assert!((back.latitude_deg - xingtai.latitude_deg).abs() < 1e-10);
        assert!((back.longitude_deg - xingtai.longitude_deg).abs() < 1e-10);
    }
}
