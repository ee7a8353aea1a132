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
