use std::collections::HashMap;
use std::path::Path;

use nalgebra::{Vector2, Vector3};
use plumbline_geodesy::{Crs, Lla, MapPoint, SurveyFrame};

use crate::{Error, GroundPoint, GroundRole, Observation, ViewPrior};

/// Standard uncertainty of a point whose list says nothing of it, metres east, north, up: a fixed RTK rover on a pole.
const USUAL_SIGMA_M: [f64; 3] = [0.02, 0.02, 0.03];
/// Standard uncertainty of a mark, pixels: a target clicked with a magnifier.
const MARK_SIGMA_PX: f64 = 0.5;

/// Reads surveyed points and where photos show them, one line a mark.
///
/// The first line names the coordinate system: `EPSG:4547`, `WGS84 UTM 50N`, `+proj=...`, or `EPSG:4326` for longitude,
/// latitude, height. A `gcp_list.txt` (`OpenDroneMap`, "Ground Control Points") has `x y z px py photo [name]`, parted by blanks;
/// without a name, equal coordinates are one point. A table has commas and, on its second line, the columns
/// `name,x,y,z,photo,px,py` and, if known, `sigma_xy_m,sigma_z_m`, in any order. Lines that begin with `#` are skipped.
/// x is east, y north. Marks in photos that are not among `views` are left out.
pub fn read_control(
    path: &Path,
    role: GroundRole,
    frame: &SurveyFrame,
    views: &[ViewPrior],
) -> Result<Vec<GroundPoint>, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.into(), source })?;
    let mut lines = Lines { path, rest: numbered(&text) };
    let system = lines.system()?;
    let marks = lines.marks()?;
    let idx_of: HashMap<&str, usize> = views.iter().enumerate().map(|(i, v)| (v.name.as_str(), i)).collect();
    if let Some(first) = marks.first()
        && !marks.iter().any(|mark| idx_of.contains_key(mark.photo))
    {
        return Err(Error::ForeignControl { path: path.into(), example: first.photo.to_owned() });
    }
    let mut points: Vec<GroundPoint> = Vec::new();
    for mark in &marks {
        let known = points.iter().position(|point| point.name == mark.name);
        let at = known.unwrap_or(points.len());
        if known.is_none() {
            points.push(mark.point(role, system.world(frame, mark.position)?));
        }
        if let Some(&view_idx) = idx_of.get(mark.photo) {
            points[at].marks.push(Observation { view_idx, pixel: mark.pixel });
        }
    }
    for point in &mut points {
        point.marks.sort_by_key(|mark| mark.view_idx);
        point.marks.dedup_by_key(|mark| mark.view_idx);
    }
    Ok(points)
}

/// Geographic middle of the points of a list, for flights that have no position of their own.
pub fn control_middle(path: &Path) -> Result<Lla, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.into(), source })?;
    let mut lines = Lines { path, rest: numbered(&text) };
    let system = lines.system()?;
    let marks = lines.marks()?;
    if marks.is_empty() {
        return Err(Error::NoControl { path: path.into() });
    }
    let sum = marks.iter().fold(Vector3::zeros(), |sum, mark| sum + Vector3::from(mark.position));
    Ok(system.geographic((sum / marks.len() as f64).into())?)
}

/// What the coordinates of a list are.
enum System {
    /// Longitude, latitude, height.
    Geographic,
    /// East, north, height.
    Map(Crs),
}

impl System {
    fn of(header: &str) -> Option<Self> {
        if ["EPSG:4326", "EPSG:4490"].contains(&header.to_uppercase().as_str()) {
            return Some(Self::Geographic);
        }
        let utm = header.strip_prefix("WGS84 UTM ").and_then(|zone| {
            let number: u32 = zone.trim_end_matches(['N', 'S', 'n', 's']).trim().parse().ok()?;
            let south = zone.to_uppercase().ends_with('S');
            Some(format!("EPSG:{}", if south { 32_700 } else { 32_600 } + number))
        });
        Some(Self::Map(Crs::new(utm.as_deref().unwrap_or(header)).ok()?))
    }

    fn world(&self, frame: &SurveyFrame, [x, y, z]: [f64; 3]) -> Result<Vector3<f64>, Error> {
        match self {
            Self::Map(crs) if crs.definition() == frame.crs.definition() => {
                Ok(frame.world_from_map(&MapPoint { east: x, north: y, height: z }))
            }
            _ => Ok(frame.world_from_geographic(&[self.geographic([x, y, z])?])?[0]),
        }
    }

    fn geographic(&self, [x, y, z]: [f64; 3]) -> Result<Lla, plumbline_geodesy::Error> {
        match self {
            Self::Geographic => Ok(Lla { longitude_deg: x, latitude_deg: y, height_m: z }),
            Self::Map(crs) => Ok(crs.to_geographic(&[MapPoint { east: x, north: y, height: z }])?[0]),
        }
    }
}

/// One line of a list.
struct Mark<'a> {
    name: String,
    position: [f64; 3],
    sigma_m: Vector3<f64>,
    photo: &'a str,
    pixel: Vector2<f64>,
}

impl Mark<'_> {
    fn point(&self, role: GroundRole, position: Vector3<f64>) -> GroundPoint {
        let (name, sigma_m) = (self.name.clone(), self.sigma_m);
        GroundPoint { name, position, sigma_m, role, marks: Vec::new(), mark_sigma_px: MARK_SIGMA_PX }
    }
}

/// Lines of a list that say something, with their numbers from one.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = (1..).zip(text.trim_start_matches('\u{feff}').lines().map(str::trim));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// The lines of a list that are still to be read.
struct Lines<'a, I> {
    path: &'a Path,
    rest: I,
}

const LISTED: &str = "x y z px py photo [name], parted by blanks";
const TABLED: &str = "the columns name,x,y,z,photo,px,py and perhaps sigma_xy_m,sigma_z_m";

impl<'a, I: Iterator<Item = (usize, &'a str)>> Lines<'a, I> {
    fn system(&mut self) -> Result<System, Error> {
        let found = self.rest.next().map_or("", |(_, line)| line.trim_end_matches(','));
        System::of(found)
            .ok_or_else(|| Error::ControlHeader { path: self.path.into(), found: found.to_owned() })
    }

    fn marks(self) -> Result<Vec<Mark<'a>>, Error> {
        let path = self.path;
        let mut rows = self.rest.peekable();
        let columns: Option<Vec<&str>> = rows
            .next_if(|(_, line)| line.contains(','))
            .map(|(_, header)| header.split(',').map(str::trim).collect());
        rows.map(|(line, row)| {
            let (mark, expected) = match &columns {
                Some(columns) => (tabled(columns, row), TABLED),
                None => (listed(row), LISTED),
            };
            mark.map_err(|reason| Error::ControlRow { path: path.into(), line, reason, expected })
        })
        .collect()
    }
}

/// A line of a `gcp_list.txt`.
fn listed(row: &str) -> Result<Mark<'_>, String> {
    let fields: Vec<&str> = row.split_whitespace().collect();
    let [x, y, z, px, py, photo, rest @ ..] = &fields[..] else {
        return Err(format!("only {} fields", fields.len()));
    };
    let name = rest.first().map_or_else(|| format!("{x} {y} {z}"), |name| (*name).to_owned());
    Ok(Mark {
        name,
        position: [number(x)?, number(y)?, number(z)?],
        sigma_m: Vector3::from(USUAL_SIGMA_M),
        photo,
        pixel: Vector2::new(number(px)?, number(py)?),
    })
}

/// A line of a table.
fn tabled<'a>(columns: &[&str], row: &'a str) -> Result<Mark<'a>, String> {
    let fields: Vec<&str> = row.split(',').map(str::trim).collect();
    let known = |column: &str| fields.get(columns.iter().position(|c| *c == column)?).copied();
    let field = |column: &str| known(column).ok_or_else(|| format!("no {column}"));
    let of = |column: &str| number(field(column)?);
    let sigma = |column: &str, usual: f64| known(column).filter(|f| !f.is_empty()).map_or(Ok(usual), number);
    let xy_m = sigma("sigma_xy_m", USUAL_SIGMA_M[0])?;
    Ok(Mark {
        name: field("name")?.to_owned(),
        position: [of("x")?, of("y")?, of("z")?],
        sigma_m: Vector3::new(xy_m, xy_m, sigma("sigma_z_m", USUAL_SIGMA_M[2])?),
        photo: field("photo")?,
        pixel: Vector2::new(of("px")?, of("py")?),
    })
}

fn number(field: &str) -> Result<f64, String> {
    field.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| format!("{field:?} is no number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Lla = Lla { latitude_deg: 37.0682, longitude_deg: 114.5048, height_m: 60.0 };

    fn frame() -> SurveyFrame {
        SurveyFrame::about(Crs::new("EPSG:4547").unwrap(), &PLACE).unwrap()
    }

    fn views() -> Vec<ViewPrior> {
        let view = |name: &str| ViewPrior {
            name: name.to_owned(),
            camera_idx: 0,
            position: None,
            position_sigma_m: Vector3::repeat(f64::INFINITY),
            rotation: None,
            rotation_sigma: f64::INFINITY,
            velocity: Vector3::zeros(),
        };
        vec![view("a.jpg"), view("b.jpg")]
    }

    fn read(text: &str) -> Result<Vec<GroundPoint>, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gcp_list.txt");
        std::fs::write(&path, text).unwrap();
        read_control(&path, GroundRole::Control, &frame(), &views())
    }

    /// The same place in longitude and latitude, in its UTM zone and on the map of the project.
    fn headed() -> [String; 3] {
        let utm = Crs::utm(&PLACE).from_geographic(&[PLACE]).unwrap()[0];
        let map = frame().crs.from_geographic(&[PLACE]).unwrap()[0];
        [
            format!("EPSG:4326\n{} {} {}", PLACE.longitude_deg, PLACE.latitude_deg, PLACE.height_m),
            format!("WGS84 UTM 50N\n{} {} {}", utm.east, utm.north, utm.height),
            format!("EPSG:4547\n{} {} {}", map.east, map.north, map.height),
        ]
    }

    #[test]
    fn a_point_is_in_one_place_whatever_system_its_list_is_in() {
        let places: Vec<Vector3<f64>> = headed()
            .iter()
            .map(|head| read(&format!("{head} 10.5 20.25 b.jpg P1\n")).unwrap()[0].position)
            .collect();
        for place in &places {
            assert!((place - places[2]).norm() < 1e-3, "{places:?}");
        }
    }

    #[test]
    fn lines_of_one_name_are_one_point_with_a_mark_a_photo() {
        let head = &headed()[2];
        let row = head.lines().nth(1).unwrap();
        let points =
            read(&format!("{head} 10.5 20.25 b.jpg P1\n{row} 7 8 a.jpg P1\n{row} 7 8 other.jpg P1\n"))
                .unwrap();
        assert_eq!(points.len(), 1);
        let marks: Vec<(usize, f64)> = points[0].marks.iter().map(|m| (m.view_idx, m.pixel.x)).collect();
        assert_eq!(marks, [(0, 7.0), (1, 10.5)]);
    }

    #[test]
    fn a_table_may_say_how_well_its_points_are_known() {
        let text =
            "EPSG:4547\nname,photo,px,py,x,y,z,sigma_xy_m,sigma_z_m\nP1,a.jpg,1,2,544893,4104000,60,0.1,\n";
        let points = read(text).unwrap();
        assert_eq!(points[0].sigma_m, Vector3::new(0.1, 0.1, USUAL_SIGMA_M[2]));
    }

    #[test]
    fn what_cannot_be_understood_is_named_with_its_line() {
        let message = |text: &str| read(text).unwrap_err().to_string();
        assert!(message("x y z\n").contains("names no coordinate system"));
        assert!(message("EPSG:4547\n1 2 3 4 five a.jpg\n").contains("line 2: \"five\" is no number"));
        assert!(message("EPSG:4547\n1 2 3\n").contains("line 2: only 3 fields"));
        assert!(message("EPSG:4547\n1 2 3 4 5 z.jpg\n").contains("z.jpg"));
    }
}
