use std::fs;
use std::path::Path;

use plumbline_geodesy::{HeightDatum, Lla};

use crate::{Error, GnssPosition, PositionSource, RtkFlag};

/// One exposure in the event file (`.MRK`) that DJI and Autel write beside the photos of a flight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExposureEvent {
    /// Counts the photos of the flight; stands in the photo's file name too.
    pub sequence: u32,
    /// GPS week and second of the week, GPS time.
    pub gps_time: (u32, f64),
    /// The receiver's position for this exposure, as written: no lever arm is added.
    pub position: GnssPosition,
}

/// Reads an exposure-event file.
///
/// A line is `sequence  second  [week]  dN,N  dE,E  dV,V  latitude,Lat  longitude,Lon  height,Ellh  sN, sE, sV  code,Q`,
/// separated by tabs; offsets in millimetres, uncertainties in metres.
pub fn read_mrk(path: &Path) -> Result<Vec<ExposureEvent>, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(i, line)| {
            event(line).ok_or_else(|| Error::Mrk {
                path: path.to_owned(),
                line: i + 1,
                text: line.to_owned(),
            })
        })
        .collect()
}

fn event(line: &str) -> Option<ExposureEvent> {
    let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
    let labelled = |label: &str| -> Option<f64> {
        let field = fields.iter().find_map(|f| f.strip_suffix(label))?;
        field.trim().trim_end_matches(',').parse().ok()
    };
    let rtk = labelled("Q").map_or(RtkFlag::Single, |code| RtkFlag::from_code(code as u8));
    let [north, east, up] = fields.iter().find_map(|f| sigmas(f)).unwrap_or_else(|| {
        let [east, north, up] = rtk.default_sigma_m();
        [north, east, up]
    });
    let lla =
        Lla { latitude_deg: labelled("Lat")?, longitude_deg: labelled("Lon")?, height_m: labelled("Ellh")? };
    let week = fields.get(2)?.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
    Some(ExposureEvent {
        sequence: fields.first()?.parse().ok()?,
        gps_time: (week, fields.get(1)?.parse().ok()?),
        position: GnssPosition {
            lla,
            height_datum: HeightDatum::Ellipsoid,
            sigma_m: [east, north, up],
            rtk: Some(rtk),
            source: PositionSource::Mrk,
        },
    })
}

/// The one field of three bare numbers: north, east, vertical.
fn sigmas(field: &str) -> Option<[f64; 3]> {
    let values: Vec<f64> = field.split(',').map(|v| v.trim().parse()).collect::<Result<_, _>>().ok()?;
    values.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "2\t296288.242869\t[2211]\t     3,N\t     0,E\t    75,V\t47.6436873208,Lat\t16.4759271684,Lon\t\
                        512.998,Ellh\t0.014391, 0.013698, 0.029694\t50,Q";

    #[test]
    fn an_event_carries_position_uncertainty_and_solution() {
        let event = event(LINE).unwrap();
        assert_eq!((event.sequence, event.gps_time), (2, (2211, 296_288.242_869)));
        assert!((event.position.lla.height_m - 512.998).abs() < 1e-9);
        assert_eq!(event.position.sigma_m.map(|s| (s * 1e6).round() as u32), [13_698, 14_391, 29_694]);
        assert_eq!(event.position.rtk, Some(RtkFlag::Fixed));
    }

    #[test]
    fn a_line_of_another_kind_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Timestamp.MRK");
        fs::write(&path, format!("{LINE}\nhello\n")).unwrap();
        let message = read_mrk(&path).unwrap_err().to_string();
        assert!(message.contains("line 2") && message.contains("hello"), "{message}");
    }
}
