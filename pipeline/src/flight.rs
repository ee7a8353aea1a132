//! A flight of the project file: photos to be worked on, or the products that another program made of them.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Deserialize;

use crate::cli::{Focal, Shutter};

/// One flight.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Table")]
pub struct Flight {
    /// Name of the flight and of the epoch it becomes.
    pub id: String,
    /// What there is of it.
    pub source: Source,
    /// Earlier flight of this project to compare with; photos are tied to the photos of that one.
    pub compare_with: Option<String>,
}

/// What there is of a flight.
#[derive(Debug, Clone)]
pub enum Source {
    /// Its photos.
    Photos(PhotoFolder),
    /// What another program made of them.
    Products(Products),
}

/// The photos of a flight and what goes with them.
#[derive(Debug, Clone)]
pub struct PhotoFolder {
    /// Folder of photos.
    pub folder: PathBuf,
    /// Surveyed points that hold the block in place: a `gcp_list.txt` or a CSV table.
    pub control: Option<PathBuf>,
    /// Surveyed points that only tell how far off the block lies, in the same form.
    pub check: Option<PathBuf>,
    /// How much of the camera's stated focal length is believed: `free`, `prior` or `fixed`.
    pub focal: Focal,
    /// How the camera exposes the rows of a photo: `auto` (as the photos say), `global` or `rolling`.
    pub shutter: Shutter,
}

/// GeoTIFFs of another program; at least one of the two.
#[derive(Debug, Clone)]
pub struct Products {
    /// Surface model.
    pub surface: Option<SurfaceFile>,
    /// Orthophoto.
    pub ortho: Option<PathBuf>,
    /// Day of the flight.
    pub flown_on: NaiveDate,
    /// Standard uncertainty of the position on the map, metres, where somebody knows it.
    pub u_xy_m: Option<f64>,
}

/// A surface model of another program.
#[derive(Debug, Clone)]
pub struct SurfaceFile {
    /// The heights.
    pub file: PathBuf,
    /// How sure they are.
    pub sigma: Sigma,
}

/// Where the standard uncertainty of imported heights comes from.
#[derive(Debug, Clone)]
pub enum Sigma {
    /// The roughness of the surface itself.
    Estimated,
    /// One value for all cells, metres.
    Declared(f64),
    /// A value for each cell.
    Raster(PathBuf),
}

/// A flight as the project file writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    id: String,
    compare_with: Option<String>,
    photos: Option<PathBuf>,
    control: Option<PathBuf>,
    check: Option<PathBuf>,
    focal: Option<Focal>,
    shutter: Option<Shutter>,
    dsm: Option<PathBuf>,
    dsm_sigma_m: Option<f64>,
    dsm_sigma: Option<PathBuf>,
    ortho: Option<PathBuf>,
    flown_on: Option<NaiveDate>,
    u_xy_m: Option<f64>,
}

impl TryFrom<Table> for Flight {
    type Error = String;

    fn try_from(table: Table) -> Result<Self, String> {
        let (id, compare_with) = (table.id.clone(), table.compare_with.clone());
        let source = match (&table.photos, &table.dsm, &table.ortho) {
            (Some(_), None, None) => table.photos(),
            (None, None, None) => {
                Err("nothing to work on: name photos = \"folder\", or dsm = \"file.tif\" and \
                                       ortho = \"file.tif\" (one of them is enough) of another program"
                    .to_owned())
            }
            (None, ..) => table.products(),
            (Some(_), ..) => {
                Err("photos and products of another program: make two flights of them".to_owned())
            }
        };
        let source = source.map_err(|reason| format!("flight {id:?}: {reason}"))?;
        Ok(Self { id, source, compare_with })
    }
}

impl Table {
    fn photos(self) -> Result<Source, String> {
        let foreign = [
            ("dsm_sigma_m", self.dsm_sigma_m.is_some()),
            ("dsm_sigma", self.dsm_sigma.is_some()),
            ("flown_on", self.flown_on.is_some()),
            ("u_xy_m", self.u_xy_m.is_some()),
        ];
        refuse(&foreign, "goes with dsm and ortho; photos say it themselves")?;
        Ok(Source::Photos(PhotoFolder {
            folder: self.photos.unwrap_or_default(),
            control: self.control,
            check: self.check,
            focal: self.focal.unwrap_or_default(),
            shutter: self.shutter.unwrap_or_default(),
        }))
    }

    fn products(self) -> Result<Source, String> {
        let foreign = [
            ("control", self.control.is_some()),
            ("check", self.check.is_some()),
            ("focal", self.focal.is_some()),
            ("shutter", self.shutter.is_some()),
            ("dsm_sigma_m", self.dsm.is_none() && self.dsm_sigma_m.is_some()),
            ("dsm_sigma", self.dsm.is_none() && self.dsm_sigma.is_some()),
        ];
        refuse(&foreign, "has nothing to work on here: it goes with photos, or with a dsm")?;
        let flown_on = self
            .flown_on
            .ok_or("the day is not known: say flown_on = \"2025-06-12\", the day of the flight")?;
        for (name, metres) in [("dsm_sigma_m", self.dsm_sigma_m), ("u_xy_m", self.u_xy_m)] {
            if metres.is_some_and(|metres| !metres.is_finite() || metres <= 0.0) {
                return Err(format!(
                    "{name} = {} is no uncertainty: give metres above 0",
                    metres.unwrap_or_default()
                ));
            }
        }
        let sigma = match (self.dsm_sigma_m, self.dsm_sigma) {
            (None, None) => Sigma::Estimated,
            (Some(metres), None) => Sigma::Declared(metres),
            (None, Some(file)) => Sigma::Raster(file),
            (Some(_), Some(_)) => {
                return Err("give dsm_sigma_m (one value) or dsm_sigma (a raster), not both".to_owned());
            }
        };
        let surface = self.dsm.map(|file| SurfaceFile { file, sigma });
        Ok(Source::Products(Products { surface, ortho: self.ortho, flown_on, u_xy_m: self.u_xy_m }))
    }
}

/// Fails on the first option that was given and means nothing here.
fn refuse(options: &[(&str, bool)], why: &str) -> Result<(), String> {
    options.iter().find(|(_, is_given)| *is_given).map_or(Ok(()), |(name, _)| Err(format!("{name} {why}")))
}

impl Flight {
    /// The folder of its photos, where it has photos.
    pub fn folder(&self) -> Option<&Path> {
        match &self.source {
            Source::Photos(photos) => Some(&photos.folder),
            Source::Products(_) => None,
        }
    }

    /// Makes relative paths relative to a folder.
    pub fn rooted(&mut self, folder: &Path) {
        let paths: Vec<&mut PathBuf> = match &mut self.source {
            Source::Photos(PhotoFolder { folder, control, check, .. }) => {
                [folder].into_iter().chain(control).chain(check).collect()
            }
            Source::Products(Products { surface, ortho, .. }) => {
                let surface = surface.iter_mut().flat_map(|surface| match &mut surface.sigma {
                    Sigma::Raster(sigma) => vec![&mut surface.file, sigma],
                    Sigma::Estimated | Sigma::Declared(_) => vec![&mut surface.file],
                });
                surface.chain(ortho).collect()
            }
        };
        for path in paths {
            *path = folder.join(&*path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flight(text: &str) -> Result<Flight, String> {
        toml::from_str(&format!("id = \"2\"\n{text}")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_flight_is_photos_or_products_and_says_what_it_lacks() {
        assert!(matches!(flight("photos = \"p\"").unwrap().source, Source::Photos(_)));
        let imported = flight("dsm = \"d.tif\"\nflown_on = \"2025-06-12\"\ndsm_sigma_m = 0.05").unwrap();
        let Source::Products(products) = imported.source else { panic!("{imported:?}") };
        assert!(matches!(products.surface.unwrap().sigma, Sigma::Declared(metres) if metres > 0.04));
        for (text, named) in [
            ("", "photos = "),
            ("photos = \"p\"\northo = \"o.tif\"", "two flights"),
            ("photos = \"p\"\nflown_on = \"2025-06-12\"", "flown_on"),
            ("ortho = \"o.tif\"", "flown_on = \"2025-06-12\""),
            ("ortho = \"o.tif\"\nflown_on = \"2025-06-12\"\ncontrol = \"c.txt\"", "control"),
            ("ortho = \"o.tif\"\nflown_on = \"2025-06-12\"\ndsm_sigma_m = 0.1", "dsm_sigma_m"),
            ("dsm = \"d.tif\"\nflown_on = \"2025-06-12\"\nu_xy_m = -1.0", "u_xy_m = -1"),
            (
                "dsm = \"d.tif\"\nflown_on = \"2025-06-12\"\ndsm_sigma_m = 0.1\ndsm_sigma = \"s.tif\"",
                "not both",
            ),
        ] {
            let message = flight(text).unwrap_err();
            assert!(message.contains(named) && message.contains("flight \"2\""), "{text}: {message}");
        }
    }

    #[test]
    fn all_paths_of_an_import_are_relative_to_the_project() {
        let mut imported =
            flight("dsm = \"d.tif\"\ndsm_sigma = \"s.tif\"\northo = \"o.tif\"\nflown_on = \"2025-06-12\"")
                .unwrap();
        imported.rooted(Path::new("/site"));
        let text = format!("{imported:?}");
        assert!(
            ["/site/d.tif", "/site/s.tif", "/site/o.tif"].iter().all(|path| text.contains(path)),
            "{text}"
        );
    }
}
