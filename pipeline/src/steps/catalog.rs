//! Everything goes into the shared catalog.

use std::path::{Path, PathBuf};

use nalgebra::{Vector2, Vector3};
use plumbline_case::Lead;
use plumbline_catalog::{
    Contents, EpochRecord, FlightRecord, PhotoRecord, Product, ProductKind, RunCatalog, Software,
};
use plumbline_photo::Photo;
use plumbline_plan::{Plan, to_geojson};
use plumbline_scene::View;

use crate::error::Error;
use crate::steps::Context;
use crate::steps::epoch::{Epoch, captured_at};
use crate::steps::flown::Flown;
use crate::steps::judged::Judged;
use crate::store::write_whole;
use crate::workspace::{EpochFiles, Workspace};

/// Files flights, epochs and leads.
pub fn file(
    context: &Context,
    epochs: &[Flown],
    plan: Option<&Plan>,
    judged: &[Judged],
    leads: &[Lead],
) -> Result<(), Error> {
    let Some(last) = epochs.last() else { return Ok(()) };
    let plan = plan.map(|plan| write_plan(&context.workspace, plan, last)).transpose()?;
    let photographed = epochs.iter().filter_map(Flown::photographed);
    let flights = photographed.map(|epoch| flight(context, epoch)).collect::<Result<Vec<_>, _>>()?;
    let judgement = |epoch: &Flown| judged.iter().find(|judged| judged.round.epoch.id == epoch.id());
    let records: Vec<EpochRecord> = epochs
        .iter()
        .map(|epoch| {
            let mut record = record(&context.workspace, epoch);
            let rise = judgement(epoch).filter(|judged| judged.rise.is_some());
            let rise =
                rise.map(|_| product(&context.workspace, ProductKind::Rise, &files(context, epoch).rise()));
            record.products.extend(rise.into_iter().chain(plan.clone()));
            record
        })
        .collect();
    let software = Software { name: "plumbline".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
    let contents = Contents {
        project: &context.project.project.name,
        software,
        crs: last.crs(),
        flights: &flights,
        epochs: &records,
        leads,
    };
    RunCatalog::create(context.workspace.root(), &contents)?;
    Ok(())
}

/// The outlines of the plan, for maps.
fn write_plan(workspace: &Workspace, plan: &Plan, last: &Flown) -> Result<Product, Error> {
    let path = workspace.plan();
    let text = serde_json::to_vec(&to_geojson(plan, last.crs())?);
    write_whole(&path, &text.map_err(|source| Error::Json { path: path.clone(), source })?)?;
    Ok(product(workspace, ProductKind::Plan, &path))
}

fn files(context: &Context, epoch: &Flown) -> EpochFiles {
    context.workspace.epoch(epoch.id())
}

fn product(workspace: &Workspace, kind: ProductKind, path: &Path) -> Product {
    Product { kind, path: workspace.below(path).to_owned() }
}

fn record(workspace: &Workspace, epoch: &Flown) -> EpochRecord {
    let files = workspace.epoch(epoch.id());
    let photos = epoch.photographed();
    let products = [
        (ProductKind::Dsm, files.dsm()),
        (ProductKind::DsmSigma, files.dsm_sigma()),
        (ProductKind::Ortho, files.ortho()),
        (ProductKind::Block, files.block()),
    ];
    let own = |(kind, path): (ProductKind, PathBuf)| epoch.has(kind).then(|| product(workspace, kind, &path));
    EpochRecord {
        id: epoch.id().to_owned(),
        flight_id: epoch.id().to_owned(),
        captured: epoch.captured(),
        gsd_m: epoch.gsd_m(),
        survey: epoch.quality(),
        heights: epoch.heights().clone(),
        reprojection_px: photos.map_or(f64::NAN, |epoch| epoch.report.reprojection_px),
        photos_adjusted: photos.map_or(0, |epoch| epoch.block.views.len()),
        photos_left_out: photos.map_or(0, |epoch| epoch.left_out().count()),
        products: products.into_iter().filter_map(own).collect(),
    }
}

fn flight(context: &Context, epoch: &Epoch) -> Result<FlightRecord, Error> {
    let photos = epoch.flight.photos.iter().map(|photo| photo_record(epoch, photo));
    Ok(FlightRecord {
        id: epoch.id.clone(),
        folder: context.photo_folder(&epoch.id).to_owned(),
        captured: epoch.captured(),
        photos: photos.collect::<Result<_, Error>>()?,
    })
}

fn photo_record(epoch: &Epoch, photo: &Photo) -> Result<PhotoRecord, Error> {
    let view = epoch.block.views.iter().find(|view| view.name == photo.name);
    let left_out = epoch.left_out().find(|(name, _)| *name == photo.name);
    Ok(PhotoRecord {
        name: photo.name.clone(),
        sha256: photo.sha256.parse()?,
        size: photo.bytes,
        size_px: Some((photo.width, photo.height)),
        captured_at: captured_at(photo),
        position: photo.position.map(|position| position.lla),
        footprint: view.map(|view| footprint(epoch, view)).transpose()?.flatten(),
        camera: Some(format!("{} {}", photo.camera_id.make, photo.camera_id.model)),
        left_out: left_out.map(|(_, reason)| format!("{} / {}", reason.zh, reason.en)),
    })
}

/// Corners of a photo on level ground, longitude and latitude; `None` where it sees the horizon.
fn footprint(epoch: &Epoch, view: &View) -> Result<Option<Vec<(f64, f64)>>, Error> {
    let camera = epoch.block.camera(view);
    let (w, h) = (f64::from(camera.width), f64::from(camera.height));
    let ground = epoch.block.ground_z();
    let world_from_cam = view.cam_from_world.inverse();
    let center = world_from_cam.translation;
    let corners: Option<Vec<_>> = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)]
        .into_iter()
        .map(|(x, y)| {
            let ray: Vector3<f64> = world_from_cam.rotation * camera.unproject(&Vector2::new(x, y));
            (ray.z < 0.0)
                .then(|| epoch.block.frame.map_from_world(&(center + ray * ((ground - center.z) / ray.z))))
        })
        .collect();
    let Some(corners) = corners else { return Ok(None) };
    let places = epoch.block.frame.crs.to_geographic(&corners)?;
    Ok(Some(places.iter().map(|place| (place.longitude_deg, place.latitude_deg)).collect()))
}
