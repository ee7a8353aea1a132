use nalgebra::{UnitQuaternion, Vector2, Vector3};
use plumbline_adjustment::{adjust, Options};
use plumbline_camera::Camera;
use plumbline_geodesy::*;
use plumbline_scene::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let v: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&a[1]).unwrap()).unwrap();
    let opt = |k: &str, d: f64| a.iter().find_map(|s| s.strip_prefix(&format!("{k}=")).map(|x| x.parse().unwrap())).unwrap_or(d);
    let w = v["width"].as_u64().unwrap() as u32; let h = v["height"].as_u64().unwrap() as u32;
    let f35 = v["views"][0]["f35"].as_f64().unwrap_or(24.0);
    let focal = opt("f", if f35 > 22.0 { 4.5 / 6.3 * w as f64 } else { 3.61 / 6.25 * w as f64 });
    let sig = opt("gnss", 3.0);
    let views = v["views"].as_array().unwrap().iter().map(|x| {
        let p = |i: usize| x["pos"][i].as_f64().unwrap();
        let ypr = x["ypr"].as_array().unwrap();
        let rotation: Option<UnitQuaternion<f64>> = (ypr[0].is_number() && opt("norot", 0.0) == 0.0).then(|| Attitude { yaw: ypr[0].as_f64().unwrap().to_radians(), pitch: ypr[1].as_f64().unwrap().to_radians(), roll: ypr[2].as_f64().unwrap_or(0.0).to_radians() }.cam_from_world());
        ViewPrior { name: x["name"].as_str().unwrap().into(), camera_idx: 0, position: Some(Vector3::new(p(0), p(1), p(2))), position_sigma_m: Vector3::new(sig, sig, 1.5*sig), rotation, rotation_sigma: 3f64.to_radians() }
    }).collect();
    let crs = Crs::new("EPSG:32630").unwrap();
    let prior = FlightPrior { frame: SurveyFrame { crs: crs.clone(), origin: MapPoint { east: 6e5, north: 5.9e6, height: 0.0 }, scale: 1.0, convergence: 0.0 }, cameras: vec![CameraPrior { camera: Camera::pinhole(w, h, focal), focal_sigma_rel: opt("fs", 0.02) }], views, ground_z: None };
    let tracks: Vec<PixelTrack> = v["tracks"].as_array().unwrap().iter().map(|t| PixelTrack { observations: t.as_array().unwrap().iter().map(|o| Observation { view_idx: o[0].as_u64().unwrap() as usize, pixel: Vector2::new(o[1].as_f64().unwrap(), o[2].as_f64().unwrap()) }).collect() }).collect();
    let t = std::time::Instant::now();
    let options = Options { pixel_sigma_px: opt("ps", 0.5), ..Options::default() };
    match adjust(&prior, &tracks, None, &options) {
        Err(e) => println!("ERR {e}"),
        Ok(adj) => {
            let r = &adj.report;
            println!("{:.2}s photos {} adjusted {} tracks {} obs {} reproj {:.3} gnss {:?} gsd {:.4} quality {:?}", t.elapsed().as_secs_f64(), r.photos, r.adjusted, r.tracks, r.observations, r.reprojection_px, r.gnss_rms_m, r.gsd_m, r.quality);
            for l in &r.left_out { println!("  left out {} {:?} {}", l.name, l.reason, l.text_en); }
            for c in &r.cameras { println!("  before {:?}\n  after {:?}\n  sigma {:?}", c.before, c.after, c.sigma); }
            for m in &r.remarks { println!("  {}", m.en); }
            let zs: Vec<f64> = { let mut z: Vec<f64> = adj.block.tracks.iter().map(|t| t.point.z).collect(); z.sort_by(f64::total_cmp); z };
            let cz: f64 = adj.block.views.iter().map(|v| v.cam_from_world.center().z).sum::<f64>() / adj.block.views.len() as f64;
            println!("  camera z {:.2} ground z p5 {:.2} p50 {:.2} p95 {:.2}  H {:.2}", cz, zs[zs.len()/20], zs[zs.len()/2], zs[zs.len()*19/20], cz - zs[zs.len()/2]);
            for v in r.views.iter().step_by((r.views.len()/6).max(1)) { println!("  {} n {} px {:.2} off {:?} sp {:?}", v.name, v.observations, v.reprojection_px, v.gnss_offset_m.map(|o| (o.x as f32, o.y as f32, o.z as f32)), v.position_sigma_m.map(|x| (x * 1000.0).round() / 1000.0).as_slice()); }
        }
    }
}
