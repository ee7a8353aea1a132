//! The project file.

use std::path::{Path, PathBuf};

use plumbline_plan::{Register, SourceSpec};
use serde::{Deserialize, Serialize};

use crate::cli::{Focal, FolderOptions, Shutter};
use crate::error::Error;
use crate::flight::{Flight, PhotoFolder, Source};

/// A project: its flights in the order of their dates, its plan layers and its rules.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Name and map.
    pub project: Head,
    /// Which surface heights are counted from; left out, that of the photos or of the control points.
    pub vertical: Option<Vertical>,
    /// Flights; paths are relative to the project file.
    #[serde(default, rename = "flight")]
    pub flights: Vec<Flight>,
    /// Approved-plan layers.
    #[serde(default, rename = "plan")]
    pub plans: Vec<SourceSpec>,
}

/// Name and map of a project.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// What people call it.
    pub name: String,
    /// Projected coordinate system of all products; the UTM zone of the photos when absent.
    pub crs: Option<String>,
    /// `sample`, or the path of a jurisdiction pack.
    #[serde(default = "sample_jurisdiction")]
    pub jurisdiction: String,
}

/// The height datum of a project, and how GNSS heights get there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vertical {
    /// Its name, such as `1985 national height datum`. Heights of control points are taken to be in it.
    pub datum: String,
    /// Undulation everywhere, metres: ellipsoidal less national height, negative where the geoid lies below the ellipsoid.
    pub offset_m: Option<f64>,
    /// File of undulations on latitude and longitude, instead of one for all.
    pub grid: Option<PathBuf>,
}

fn sample_jurisdiction() -> String {
    "sample".to_owned()
}

fn absolute(path: &Path) -> Result<PathBuf, Error> {
    path.canonicalize().map_err(|source| Error::io("open", path, source))
}

impl Project {
    /// Reads a project file and makes its paths absolute.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let path = &absolute(path)?;
        let text = std::fs::read_to_string(path).map_err(|source| Error::io("read", path, source))?;
        let mut project: Self = toml::from_str(&text)
            .map_err(|source| Error::Project { path: path.to_owned(), source: Box::new(source) })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        for flight in &mut project.flights {
            flight.rooted(folder);
        }
        if let Some(vertical) = &mut project.vertical {
            vertical.grid = vertical.grid.as_ref().map(|grid| folder.join(grid));
        }
        for plan in &mut project.plans {
            plan.file = folder.join(&plan.file);
            plan.layer_map = plan.layer_map.as_ref().map(|map| folder.join(map));
            if let Some(Register::Control(on) | Register::Outlines(on)) = &mut plan.register {
                *on = folder.join(&on);
            }
        }
        if project.project.jurisdiction != "sample" {
            project.project.jurisdiction =
                folder.join(&project.project.jurisdiction).to_string_lossy().into_owned();
        }
        project.check(path)?;
        Ok(project)
    }

    /// Reads a project file that was given where a folder might have been, with the options that only a folder takes.
    pub fn read_without(path: &Path, options: &FolderOptions) -> Result<Self, Error> {
        let given = [
            (options.control.is_some(), "--control", "control = ... under [[flight]]"),
            (options.check.is_some(), "--check", "check = ... under [[flight]]"),
            (options.focal != Focal::default(), "--focal", "focal = ... under [[flight]]"),
            (options.shutter != Shutter::default(), "--shutter", "shutter = ... under [[flight]]"),
            (options.crs.is_some(), "--crs", "crs = ... under [project]"),
            (options.vertical_datum.is_some(), "--vertical-datum", "datum = ... under [vertical]"),
        ];
        match given.into_iter().find(|(is_given, ..)| *is_given) {
            Some((_, given, option)) => Err(Error::FolderOption { path: path.to_owned(), given, option }),
            None => Self::read(path),
        }
    }

    /// A project of one folder of photos and nothing to compare it with.
    pub fn of_folder(folder: &Path, options: &FolderOptions) -> Result<Self, Error> {
        let folder = absolute(folder)?;
        let id =
            folder.file_name().map_or_else(|| "flight".into(), |name| name.to_string_lossy().into_owned());
        let control = options.control.as_deref().map(absolute).transpose()?;
        let check = options.check.as_deref().map(absolute).transpose()?;
        let grid = options.vertical_grid.as_deref().map(absolute).transpose()?;
        let vertical = options.vertical_datum.clone().map(|datum| Vertical {
            datum,
            offset_m: options.vertical_offset,
            grid,
        });
        vertical.as_ref().map_or(Ok(()), Vertical::check)?;
        let head = Head { name: id.clone(), crs: options.crs.clone(), jurisdiction: sample_jurisdiction() };
        Ok(Self {
            project: head,
            vertical,
            flights: vec![Flight {
                id,
                source: Source::Photos(PhotoFolder {
                    folder,
                    control,
                    check,
                    focal: options.focal,
                    shutter: options.shutter,
                }),
                compare_with: None,
            }],
            plans: Vec::new(),
        })
    }

    fn check(&self, path: &Path) -> Result<(), Error> {
        if self.flights.is_empty() {
            return Err(Error::NoFlight { path: path.to_owned() });
        }
        self.vertical.as_ref().map_or(Ok(()), Vertical::check)?;
        for (i, flight) in self.flights.iter().enumerate() {
            let earlier = &self.flights[..i];
            if earlier.iter().any(|other| other.id == flight.id) {
                return Err(Error::SameFlight { path: path.to_owned(), id: flight.id.clone() });
            }
            if let Some(wanted) = &flight.compare_with
                && !earlier.iter().any(|other| &other.id == wanted)
            {
                return Err(Error::NoSuchFlight { path: path.to_owned(), id: wanted.clone() });
            }
        }
        Ok(())
    }
}

impl Vertical {
    /// Fails where a datum is stated in two ways or in none that can be used.
    fn check(&self) -> Result<(), Error> {
        if self.offset_m.is_some() && self.grid.is_some() {
            return Err(Error::TwoVerticalModels { datum: self.datum.clone() });
        }
        match self.offset_m.filter(|offset_m| !offset_m.is_finite()) {
            Some(offset_m) => Err(Error::VerticalOffset { offset_m }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_a_project_are_absolute_however_it_was_named() {
        let folder = tempfile::tempdir_in(".").unwrap();
        let file = folder.path().file_name().map(|name| Path::new(name).join("project.toml")).unwrap();
        let text = "[project]\nname = \"a\"\n[[flight]]\nid = \"1\"\nphotos = \"photos\"\n";
        std::fs::write(&file, text).unwrap();
        let project = Project::read(&file).unwrap();
        assert!(project.flights[0].folder().is_some_and(Path::is_absolute), "{:?}", project.flights[0]);
    }

    #[test]
    fn an_option_of_a_folder_is_not_silently_ignored_beside_a_project_file() {
        let control = Some("gcp_list.txt".into());
        let options = FolderOptions { control, ..FolderOptions::default() };
        let message = Project::read_without(Path::new("site.toml"), &options).unwrap_err().to_string();
        assert!(message.contains("site.toml") && message.contains("[[flight]]"), "{message}");
    }

    #[test]
    fn a_height_datum_for_a_folder_is_not_silently_ignored_beside_a_project_file() {
        let vertical_datum = Some("1985".to_owned());
        let options = FolderOptions { vertical_datum, ..FolderOptions::default() };
        let message = Project::read_without(Path::new("site.toml"), &options).unwrap_err().to_string();
        assert!(message.contains("--vertical-datum") && message.contains("[vertical]"), "{message}");
    }

    #[test]
    fn a_height_datum_reached_in_two_ways_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("project.toml");
        let text = "[project]\nname = \"a\"\n[vertical]\ndatum = \"1985\"\noffset_m = -16.5\ngrid = \"geoid.tif\"\n\
                    [[flight]]\nid = \"1\"\nphotos = \"p\"\n";
        std::fs::write(&file, text).unwrap();
        let message = Project::read(&file).unwrap_err().to_string();
        assert!(
            message.contains("offset_m") && message.contains("grid") && message.contains("1985"),
            "{message}"
        );
        std::fs::write(&file, text.replace("-16.5", "nan").replace("grid = \"geoid.tif\"\n", "")).unwrap();
        assert!(matches!(Project::read(&file), Err(Error::VerticalOffset { .. })));
    }

    #[test]
    fn a_comparison_with_a_flight_that_is_not_there_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("project.toml");
        let text = "[project]\nname = \"a\"\n[[flight]]\nid = \"2\"\nphotos = \"p\"\ncompare_with = \"1\"\n";
        std::fs::write(&file, text).unwrap();
        let message = Project::read(&file).unwrap_err().to_string();
        assert!(message.contains("project.toml") && message.contains("\"1\""), "{message}");
    }
}
