use std::fmt::Write as _;
use std::path::Path;

use plumbline_camera::Camera;

use super::write;
use crate::{Block, Error, Observation, Track};

/// Writes a block as a COLMAP text model: `cameras.txt`, `images.txt`, `points3D.txt`.
///
/// World and pixels are COLMAP's own conventions already: `cam_from_world`, camera axes right, down, forward, the centre of the
/// first pixel at (0.5, 0.5). Cameras are `FULL_OPENCV`; identifiers count from one, in the order of the block. Points have no
/// colour. A rolling shutter has no place in that model: its camera is written as if it stood still. Source: COLMAP documentation, "Output format".
pub fn write_colmap(block: &Block, folder: &Path) -> Result<(), Error> {
    write(folder, "cameras.txt", &cameras(block))?;
    write(folder, "images.txt", &images(block))?;
    write(folder, "points3D.txt", &points(block))
}

fn cameras(block: &Block) -> String {
    let mut text =
        "# CAMERA_ID, MODEL, WIDTH, HEIGHT, fx, fy, cx, cy, k1, k2, p1, p2, k3, k4, k5, k6\n".to_owned();
    for (id, camera) in (1..).zip(&block.cameras) {
        let Camera { width, height, focal_px, cx, cy, k1, k2, k3, p1, p2, readout_s: _ } = camera;
        line(
            &mut text,
            format_args!(
                "{id} FULL_OPENCV {width} {height} {focal_px} {focal_px} {cx} {cy} {k1} {k2} {p1} {p2} {k3} 0 0 0"
            ),
        );
    }
    text
}

fn images(block: &Block) -> String {
    let mut text =
        "# IMAGE_ID, QW, QX, QY, QZ, TX, TY, TZ, CAMERA_ID, NAME\n# POINTS2D[] as (X, Y, POINT3D_ID)\n"
            .to_owned();
    let seen = seen_by_view(block);
    for ((id, view), seen) in (1..).zip(&block.views).zip(&seen) {
        let (q, t) = (view.cam_from_world.rotation.quaternion(), view.cam_from_world.translation);
        let (camera_id, name) = (view.camera_idx + 1, &view.name);
        line(
            &mut text,
            format_args!("{id} {} {} {} {} {} {} {} {camera_id} {name}", q.w, q.i, q.j, q.k, t.x, t.y, t.z),
        );
        let pixels: Vec<String> =
            seen.iter().map(|(track, o)| format!("{} {} {}", o.pixel.x, o.pixel.y, track + 1)).collect();
        line(&mut text, format_args!("{}", pixels.join(" ")));
    }
    text
}

fn points(block: &Block) -> String {
    let mut text = "# POINT3D_ID, X, Y, Z, R, G, B, ERROR, TRACK[] as (IMAGE_ID, POINT2D_IDX)\n".to_owned();
    let mut pixels_of_view = vec![0_usize; block.views.len()];
    for (id, track) in (1..).zip(&block.tracks) {
        let elements: Vec<String> = track
            .observations
            .iter()
            .map(|seen| {
                let pixel_idx = pixels_of_view[seen.view_idx];
                pixels_of_view[seen.view_idx] += 1;
                format!("{} {pixel_idx}", seen.view_idx + 1)
            })
            .collect();
        let (p, miss_px) = (track.point, mean_miss_px(block, track));
        line(
            &mut text,
            format_args!("{id} {} {} {} 128 128 128 {miss_px} {}", p.x, p.y, p.z, elements.join(" ")),
        );
    }
    text
}

/// For every view, the tracks it sees, in their order, and where.
fn seen_by_view(block: &Block) -> Vec<Vec<(usize, &Observation)>> {
    let mut seen = vec![Vec::new(); block.views.len()];
    for (i, track) in block.tracks.iter().enumerate() {
        for observation in &track.observations {
            seen[observation.view_idx].push((i, observation));
        }
    }
    seen
}

fn mean_miss_px(block: &Block, track: &Track) -> f64 {
    let misses = track.observations.iter().filter_map(|seen| {
        let view = &block.views[seen.view_idx];
        let pixel = block.pixel(view, &track.point)?;
        Some((pixel - seen.pixel).norm())
    });
    misses.sum::<f64>() / track.observations.len() as f64
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}
