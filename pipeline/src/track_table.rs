//! The sparse points of a block as a table, for analysis and for `export`.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use nalgebra::{Vector2, Vector3};
use plumbline_scene::{Block, Observation, Track, View};
use polars::prelude::*;

use crate::error::Error;

/// Writes the sparse points of a block as Parquet, one row a pixel that saw one: `track` (counted from zero), `x`, `y`, `z`
/// (world, metres), `photo`, `px`, `py`.
pub fn write_tracks(block: &Block, path: &Path) -> Result<(), Error> {
    let failed = |source: PolarsError| Error::Table { path: path.into(), source: Box::new(source) };
    let file = File::create(path).map_err(|source| Error::io("create", path, source))?;
    let mut table = table(block).map_err(failed)?;
    ParquetWriter::new(file).finish(&mut table).map_err(failed)?;
    Ok(())
}

/// Reads what [`write_tracks`] wrote, for a block with these views.
pub fn read_tracks(path: &Path, views: &[View]) -> Result<Vec<Track>, Error> {
    let failed = |source: PolarsError| Error::Table { path: path.into(), source: Box::new(source) };
    let file = File::open(path).map_err(|source| Error::io("open", path, source))?;
    let table = ParquetReader::new(file).finish().map_err(failed)?;
    let rows = Rows::of(&table).map_err(failed)?;
    let idx_of: HashMap<&str, usize> = views.iter().enumerate().map(|(i, v)| (v.name.as_str(), i)).collect();
    let mut tracks: Vec<Track> = Vec::new();
    for row in 0..table.height() {
        let photo = rows.photo.get(row).unwrap_or_default();
        let view_idx = *idx_of
            .get(photo)
            .ok_or_else(|| Error::ForeignTrack { path: path.into(), photo: photo.into() })?;
        if rows.track.get(row).is_some_and(|track| track as usize == tracks.len()) {
            let point = Vector3::from(rows.point.map(|axis| axis.get(row).unwrap_or(f64::NAN)));
            tracks.push(Track { point, observations: Vec::new() });
        }
        let pixel = Vector2::from(rows.pixel.map(|axis| axis.get(row).unwrap_or(f64::NAN)));
        tracks.last_mut().into_iter().for_each(|t| t.observations.push(Observation { view_idx, pixel }));
    }
    Ok(tracks)
}

/// The columns of a table of tracks.
struct Rows<'a> {
    track: &'a UInt32Chunked,
    photo: &'a StringChunked,
    point: [&'a Float64Chunked; 3],
    pixel: [&'a Float64Chunked; 2],
}

impl<'a> Rows<'a> {
    fn of(table: &'a DataFrame) -> PolarsResult<Self> {
        let number = |name: &str| table.column(name)?.f64();
        Ok(Self {
            track: table.column("track")?.u32()?,
            photo: table.column("photo")?.str()?,
            point: [number("x")?, number("y")?, number("z")?],
            pixel: [number("px")?, number("py")?],
        })
    }
}

fn table(block: &Block) -> PolarsResult<DataFrame> {
    let rows: Vec<(u32, &Track, &Observation)> = (0..)
        .zip(&block.tracks)
        .flat_map(|(i, track)| track.observations.iter().map(move |seen| (i, track, seen)))
        .collect();
    let number = |name: &str, of: &dyn Fn(&Track, &Observation) -> f64| {
        Column::new(name.into(), rows.iter().map(|(_, track, seen)| of(track, seen)).collect::<Vec<_>>())
    };
    let photos = rows.iter().map(|(_, _, seen)| block.views[seen.view_idx].name.as_str());
    let columns = vec![
        Column::new("track".into(), rows.iter().map(|(i, ..)| *i).collect::<Vec<_>>()),
        number("x", &|track, _| track.point.x),
        number("y", &|track, _| track.point.y),
        number("z", &|track, _| track.point.z),
        Column::new("photo".into(), photos.collect::<Vec<_>>()),
        number("px", &|_, seen| seen.pixel.x),
        number("py", &|_, seen| seen.pixel.y),
    ];
    DataFrame::new(rows.len(), columns)
}

#[cfg(test)]
mod tests {
    use plumbline_geodesy::{Crs, Lla, SurveyFrame};
    use plumbline_geometry::Rigid3;

    use super::*;

    #[test]
    fn tracks_come_back_as_they_were_written_and_not_into_another_block() {
        let place = Lla { latitude_deg: 37.0, longitude_deg: 114.5, height_m: 0.0 };
        let frame = SurveyFrame::about(Crs::new("EPSG:4547").unwrap(), &place).unwrap();
        let view = |name: &str| View {
            name: name.to_owned(),
            camera_idx: 0,
            cam_from_world: Rigid3::identity(),
            velocity: Vector3::zeros(),
        };
        let seen = |view_idx, x| Observation { view_idx, pixel: Vector2::new(x, 0.25) };
        let tracks = vec![
            Track { point: Vector3::new(1.0, 2.0, 0.1), observations: vec![seen(0, 1.5), seen(1, 2.5)] },
            Track { point: Vector3::new(-1.0, 0.0, 9.0), observations: vec![seen(1, 3.5), seen(2, 4.5)] },
        ];
        let views = vec![view("a"), view("b"), view("c")];
        let block = Block { frame, cameras: Vec::new(), views, tracks };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tracks.parquet");
        write_tracks(&block, &path).unwrap();
        assert_eq!(read_tracks(&path, &block.views).unwrap(), block.tracks);
        let message = read_tracks(&path, &block.views[..2]).unwrap_err().to_string();
        assert!(message.contains("photo c"), "{message}");
    }
}
