//! How the photos of an epoch were placed, as a page.

use plumbline_adjustment::{CameraReport, GroundPointReport, ViewReport};
use plumbline_camera::Camera;
use plumbline_finding::Bilingual;
use plumbline_report::{BlockPage, GroundRow, Lens, Overlap, Station, WeakPlace};
use plumbline_scene::{Coverage, GroundRole, Residuals, View, WeakArea};

use crate::error::Error;
use crate::steps::Context;
use crate::steps::epoch::Epoch;
use crate::steps::report::photographed;

/// Names of a calibration's parameters, in their order.
const PARAMETERS: [&str; 9] = ["f", "cx", "cy", "k1", "k2", "k3", "p1", "p2", "t"];
/// Steps of the curve of distortion.
const CURVE_STEPS: usize = 40;
/// Weak places that are spoken of; the largest come first.
const SPOKEN_OF: usize = 12;

/// Writes `block.html`.
pub fn write(context: &Context, epoch: &Epoch) -> Result<(), Error> {
    let coverage = Coverage::of(&epoch.block);
    let photos: Vec<u16> = coverage.cells.iter().map(|cell| cell.photos).collect();
    let page = BlockPage {
        project: &context.project.project.name,
        software: &format!("plumbline {}", env!("CARGO_PKG_VERSION")),
        crs: epoch.block.frame.crs.definition(),
        epoch: &photographed(epoch),
        remarks: &remarks(epoch),
        overlap: &Overlap {
            corner: coverage.corner.into(),
            cell_m: coverage.cell_m,
            cols: coverage.cols,
            photos: &photos,
        },
        stations: &stations(epoch),
        weak: &weak_places(epoch, &coverage),
        lenses: &lenses(epoch),
        ground: &epoch.report.ground.points.iter().map(ground_row).collect::<Vec<_>>(),
    };
    page.write(&context.workspace.epoch(&epoch.id).block_page())?;
    Ok(())
}

fn remarks(epoch: &Epoch) -> Vec<Bilingual> {
    let placing = epoch.report.remarks.iter().map(|remark| Bilingual::new(&remark.zh, &remark.en));
    placing.chain(epoch.height_remarks.iter().map(|remark| Bilingual::new(&remark.zh, &remark.en))).collect()
}

fn stations(epoch: &Epoch) -> Vec<Station> {
    let station = |(view, report): (&View, &ViewReport)| Station {
        photo: view.name.clone(),
        at: view.cam_from_world.center().xy().into(),
        observations: report.observations,
        reprojection_px: report.reprojection_px,
        offset_m: report.gnss_offset_m.map(Into::into),
        is_believed: report.gnss_believed,
        sigma_m: report.position_sigma_m.into(),
    };
    epoch.block.views.iter().zip(&epoch.report.views).map(station).collect()
}

/// Ground that too few photos see, then photos that hang on few points.
fn weak_places(epoch: &Epoch, coverage: &Coverage) -> Vec<WeakPlace> {
    let areas = WeakArea::all(&epoch.block, coverage);
    let areas = areas
        .iter()
        .take(SPOKEN_OF)
        .map(|area| WeakPlace { at: area.middle.into(), advice: fly_again(area) });
    let loose = epoch.report.loosely_tied();
    let loose = loose.filter_map(|view| {
        let placed = epoch.block.views.iter().find(|placed| placed.name == view.name)?;
        Some(WeakPlace { at: placed.cam_from_world.center().xy().into(), advice: tie_better(view) })
    });
    areas.chain(loose.take(SPOKEN_OF)).collect()
}

fn fly_again(area: &WeakArea) -> Bilingual {
    let WeakArea { area_m2, photos, between, .. } = area;
    let (zh, en) = (between.join("、"), between.join(" and "));
    Bilingual::new(
        format!(
            "{zh} 附近约 {area_m2:.0} m² 的地面最少处只有 {photos} 张像片看到，或交会角太小；请在此处补飞一条航带，航向重叠 80 %、旁向重叠 70 %"
        ),
        format!(
            "some {area_m2:.0} m2 of ground near {en} are seen by as few as {photos} photo(s), or under too small an angle; fly one more strip there, \
             80 % overlap along and 70 % across"
        ),
    )
}

fn tie_better(view: &ViewReport) -> Bilingual {
    let ViewReport { name, observations, .. } = view;
    Bilingual::new(
        format!(
            "{name} 仅有 {observations} 个连接点，远少于其他像片；请在其周围补拍，或检查是否模糊、以水面或植被为主"
        ),
        format!(
            "{name} hangs on {observations} points, far fewer than the other photos; take more around it, and see whether it is blurred or shows \
             mostly water or leaves"
        ),
    )
}

fn lenses(epoch: &Epoch) -> Vec<Lens> {
    let used = |camera_idx: &usize| epoch.block.views.iter().any(|view| view.camera_idx == *camera_idx);
    let lens =
        |camera_idx: usize| lens(&epoch.report.cameras[camera_idx], &Residuals::of(&epoch.block, camera_idx));
    (0..epoch.report.cameras.len()).filter(used).map(lens).collect()
}

fn lens(camera: &CameraReport, residuals: &Residuals) -> Lens {
    let CameraReport { before, after, sigma, focal } = camera;
    let values = before.parameters().into_iter().zip(after.parameters()).zip(sigma);
    Lens {
        size: [after.width, after.height],
        parameters: PARAMETERS.into_iter().zip(values).map(|(name, ((b, a), s))| (name, b, a, *s)).collect(),
        distortion: distortion(before, after),
        residuals: residuals.cells.iter().map(|c| (c.at.into(), c.mean_px.into(), c.observations)).collect(),
        sizes: residuals.sizes.clone(),
        class_px: Residuals::CLASS_PX,
        focal: focal.map(|focal| {
            let (percent, height_m) = (100.0 * focal.sigma_ratio, focal.height_sigma_m);
            Bilingual::new(
                format!("本次飞行把焦距的不确定度缩小到先验的 {percent:.0} %；由此高程可能整体偏差 ±{height_m:.2} m"),
                format!(
                    "the flight narrowed the focal length to {percent:.0} % of what was uncertain before; through it all heights may be off \
                     together by {height_m:.2} m"
                ),
            )
        }),
    }
}

/// Distance from the centre in pixels, and how far outward distortion moves a pixel there, before and after.
fn distortion(before: &Camera, after: &Camera) -> Vec<[f64; 3]> {
    let corner = 0.5 * f64::from(after.width).hypot(f64::from(after.height));
    let moved = |camera: &Camera, radius: f64| {
        let r2 = (radius / camera.focal_px).powi(2);
        radius * r2 * (camera.k1 + r2 * (camera.k2 + r2 * camera.k3))
    };
    let at = |step: usize| corner * step as f64 / CURVE_STEPS as f64;
    (0..=CURVE_STEPS).map(|step| [at(step), moved(before, at(step)), moved(after, at(step))]).collect()
}

fn ground_row(point: &GroundPointReport) -> GroundRow {
    GroundRow {
        name: point.name.clone(),
        is_control: point.role == GroundRole::Control,
        is_used: point.used,
        marks: point.marks.iter().filter(|mark| mark.used).count(),
        residual_m: point.residual_m.map(Into::into),
        fault: point.fault.as_ref().map(|fault| Bilingual::new(&fault.zh, &fault.en)),
    }
}
