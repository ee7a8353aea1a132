use std::sync::LazyLock;

use serde::Deserialize;

/// A row of the table of known cameras.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sensor {
    models: Vec<String>,
    width_mm: f64,
    focal_mm: Option<f64>,
}

#[derive(Deserialize)]
struct Table {
    sensor: Vec<Sensor>,
}

static TABLE: LazyLock<Vec<Sensor>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("../sensors.toml"))
        .expect("sensors.toml is part of the crate and tested");
    table.sensor
});

impl Sensor {
    /// The row of a model, whatever the case it is written in.
    pub(crate) fn of(model: &str) -> Option<&'static Self> {
        TABLE.iter().find(|sensor| sensor.models.iter().any(|m| m.eq_ignore_ascii_case(model)))
    }

    /// Focal length as a share of the photo's long side.
    pub(crate) fn focal_of_width(&self, exif_focal_mm: Option<f64>) -> Option<f64> {
        Some(self.focal_mm.or(exif_focal_mm)? / self.width_mm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_has_a_plausible_field_of_view() {
        for sensor in TABLE.iter() {
            let ratio = sensor.focal_of_width(Some(24.0)).unwrap();
            assert!((0.4..5.0).contains(&ratio), "{sensor:?}");
        }
    }

    #[test]
    fn a_phantom_3_has_about_2340_pixels_at_4000() {
        let focal_px = 4000.0 * Sensor::of("fc300s").unwrap().focal_of_width(Some(3.6)).unwrap();
        assert!((2300.0..2380.0).contains(&focal_px));
    }
}
