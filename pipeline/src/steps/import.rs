//! Products of another program become an epoch of the project.

use std::path::Path;

use plumbline_catalog::ProductKind;
use plumbline_geodesy::{Crs, HeightDatum, HeightSource, Heights, SurveyQuality};
use plumbline_photo::check::Text;
use plumbline_raster::cog::{self, Band};
use plumbline_raster::{Foreign, Grid, Raster};

use crate::error::Error;
use crate::flight::{Products, Sigma, SurfaceFile};
use crate::progress::Bar;
use crate::steps::Context;
use crate::steps::flown::{Flown, Imported};
use crate::steps::vertical;
use crate::store::digest;
use crate::workspace::EpochFiles;

/// Takes in what a flight names, on the project's map and with the cells of the epoch it will be compared with.
pub fn take_in(
    context: &Context,
    bar: &Bar<'_>,
    (id, products): (&str, &Products),
    earlier: Option<&Flown>,
) -> Result<Imported, Error> {
    bar.expect(2);
    let files = context.workspace.epoch(id);
    files.make_folder()?;
    let surface = products.surface.as_ref().map(|surface| Foreign::open(&surface.file)).transpose()?;
    let ortho = products.ortho.as_deref().map(Foreign::open).transpose()?;
    let Some(first) = surface.as_ref().or(ortho.as_ref()) else {
        return Err(Error::NothingProcessed { reasons: format!("{id} names no product") });
    };
    let crs = match (&context.project.project.crs, earlier) {
        (Some(crs), _) => Crs::new(crs)?,
        (None, Some(earlier)) => earlier.crs().clone(),
        (None, None) => first.metric_map()?,
    };
    let cell_m = earlier.map(|earlier| earlier.cell_m(context)).transpose()?;
    let grid = first.grid(&crs, cell_m)?;
    let mut epoch = Imported {
        id: id.to_owned(),
        day: products.flown_on,
        crs,
        cell_m: grid.cell_m,
        products: Vec::new(),
        heights: heights(first),
        quality: SurveyQuality::of_import(products.u_xy_m, None),
        remarks: vec![of_place(products.u_xy_m), no_photos()],
    };
    if let Some((foreign, file)) = surface.iter().zip(&products.surface).next() {
        let sigma_m = write_surface(context, &epoch, foreign, file, &grid)?;
        let declared_m = (!matches!(file.sigma, Sigma::Estimated)).then_some(sigma_m);
        epoch.quality = SurveyQuality::of_import(products.u_xy_m, declared_m);
        epoch.products.extend([ProductKind::Dsm, ProductKind::DsmSigma]);
        epoch.remarks.extend([of_sigma(&file.sigma, sigma_m), of_heights(&epoch.heights)]);
        epoch.remarks.extend(of_unit(foreign.metres_per_unit()?));
    } else {
        epoch.remarks.push(no_surface());
    }
    bar.reach(1);
    if let Some((foreign, path)) = ortho.iter().zip(&products.ortho).next() {
        write_ortho(context, &epoch, foreign, path)?;
        epoch.products.push(ProductKind::Ortho);
    } else {
        epoch.remarks.push(no_ortho());
    }
    bar.reach(2);
    Ok(epoch)
}

/// Writes `dsm.tif` and `dsm_sigma.tif`; returns the usual sigma, metres.
fn write_surface(
    context: &Context,
    epoch: &Imported,
    foreign: &Foreign,
    SurfaceFile { file, sigma }: &SurfaceFile,
    grid: &Grid,
) -> Result<f64, Error> {
    let files = context.workspace.epoch(&epoch.id);
    let notes = notes(epoch, file)?;
    let key = context.store.key("import", &(grid, &notes))?;
    context.store.files("import", &key, &[files.dsm()], || {
        let heights = foreign.heights(grid)?;
        if heights.cells.iter().all(|height| height.is_nan()) {
            return Err(Error::NoHeights { path: file.clone() });
        }
        let band = Band { description: "height of the surface", unit: "m" };
        cog::write_f32(&files.dsm(), &heights, band, &notes)?;
        Ok(())
    })?;
    let written = cog::read_f32(&files.dsm())?;
    let sigmas = match sigma {
        Sigma::Declared(metres) => Raster::filled(grid.clone(), *metres as f32),
        Sigma::Raster(path) => Foreign::open(path)?.heights(grid)?,
        Sigma::Estimated => {
            let noise_m = written.noise().ok_or_else(|| Error::NoNoise { path: file.clone() })?;
            Raster::filled(grid.clone(), noise_m as f32)
        }
    };
    write_sigma(&files, &written, sigmas, &notes)
}

/// Writes the sigmas of the cells that have a height; returns their median, metres.
fn write_sigma(
    files: &EpochFiles,
    heights: &Raster<f32>,
    mut sigmas: Raster<f32>,
    notes: &[(&'static str, String)],
) -> Result<f64, Error> {
    sigmas.cells.zip_mut_with(&heights.cells, |sigma, height| {
        if height.is_nan() {
            *sigma = f32::NAN;
        }
    });
    let band = Band { description: "standard uncertainty of the height", unit: "m" };
    cog::write_f32(&files.dsm_sigma(), &sigmas, band, notes)?;
    let mut known: Vec<f32> = sigmas.cells.into_iter().filter(|sigma| sigma.is_finite()).collect();
    known.sort_by(f32::total_cmp);
    Ok(known.get(known.len() / 2).map_or(f64::INFINITY, |sigma| f64::from(*sigma)))
}

fn write_ortho(context: &Context, epoch: &Imported, foreign: &Foreign, path: &Path) -> Result<(), Error> {
    let files = context.workspace.epoch(&epoch.id);
    let (notes, grid) = (notes(epoch, path)?, foreign.grid(&epoch.crs, Some(epoch.cell_m))?);
    let key = context.store.key("import", &(&grid, &notes))?;
    context.store.files("import", &key, &[files.ortho()], || {
        cog::write_rgba(&files.ortho(), &foreign.colours(&grid)?, &notes)
    })?;
    Ok(())
}

/// What the GeoTIFFs of the epoch say of themselves, and of the file they were made from.
fn notes(epoch: &Imported, source: &Path) -> Result<Vec<(&'static str, String)>, Error> {
    Ok(vec![
        ("VERTICAL_DATUM", vertical::described(&epoch.heights)),
        ("TIFFTAG_DATETIME", epoch.day.format("%Y:%m:%d 12:00:00").to_string()),
        ("CAPTURED_ON", epoch.day.to_string()),
        ("SOURCE_FILE", source.file_name().unwrap_or_default().to_string_lossy().into_owned()),
        ("SOURCE_SHA256", digest(source)?),
    ])
}

/// What heights count from, as far as the file states a vertical system.
fn heights(file: &Foreign) -> Heights {
    let name = file.vertical_datum();
    let datum = match &name {
        Some(name) if name.to_lowercase().contains("ellips") => HeightDatum::Ellipsoid,
        Some(_) => HeightDatum::National,
        None => HeightDatum::Unknown,
    };
    Heights { datum, name: name.filter(|_| datum == HeightDatum::National), source: HeightSource::File }
}

fn of_place(u_xy_m: Option<f64>) -> Text {
    match u_xy_m {
        Some(u_m) => Text::new(
            format!("外部导入成果，平面标准不确定度按声明取 {u_m:.2} m"),
            format!("made by another program; its position is taken to be good to {u_m:.2} m, as declared"),
        ),
        None => Text::new(
            "外部导入成果，控制方式与平面精度未声明，按单点定位对待：近旁有许可建筑处不作确认。已知精度请写 u_xy_m",
            "made by another program; how it was controlled is not declared, so it counts as single-point GNSS: nothing is \
             confirmed beside what is approved. Say u_xy_m where the accuracy is known",
        ),
    }
}

fn no_photos() -> Text {
    Text::new(
        "没有原始像片：定位无法复核，线索不附航拍原片",
        "there are no photos: how they were placed cannot be checked, and leads carry no source photos",
    )
}

fn of_sigma(sigma: &Sigma, metres: f64) -> Text {
    match sigma {
        Sigma::Declared(_) => Text::new(
            format!("高程标准不确定度按声明取 {metres:.3} m"),
            format!("heights are taken to be good to {metres:.3} m, as declared"),
        ),
        Sigma::Raster(_) => Text::new(
            format!("高程标准不确定度取自所给栅格，中位数 {metres:.3} m"),
            format!(
                "the uncertainty of the heights is that of the raster given, {metres:.3} m in the median"
            ),
        ),
        Sigma::Estimated => Text::new(
            format!(
                "高程标准不确定度由平面处的粗糙度估计为 {metres:.3} m；整体弯曲与比例误差看不出来，两处高差按 0.25 m 计。已知精度请写 dsm_sigma_m"
            ),
            format!(
                "the uncertainty of the heights is estimated from the roughness of planes, {metres:.3} m; bending and scale do \
                 not show there, so heights above one another count as good to 0.25 m. Say dsm_sigma_m where it is known"
            ),
        ),
    }
}

fn of_heights(heights: &Heights) -> Text {
    match (&heights.name, heights.datum) {
        (Some(name), _) => Text::new(
            format!("文件声明的高程基准：{name}"),
            format!("heights count from {name}, as the file says"),
        ),
        (None, HeightDatum::Ellipsoid) => {
            Text::new("文件声明高程为椭球高", "heights are above the ellipsoid, as the file says")
        }
        _ => Text::new(
            "文件未声明高程基准，只比较高差",
            "the file states no height datum: only differences of height count",
        ),
    }
}

#[expect(clippy::float_cmp, reason = "metres are exactly one")]
fn of_unit(metres: f64) -> Option<Text> {
    (metres != 1.0).then(|| {
        Text::new(
            format!("原文件高程单位为英尺，已乘以 {metres:.7} 换算为米"),
            format!("heights were in feet and have been converted to metres by {metres:.7}"),
        )
    })
}

fn no_surface() -> Text {
    Text::new(
        "本期只有正射影像、没有地表模型：可比较外观；高度、层数、施工阶段、体积均无法判断，请补充 dsm",
        "an orthophoto without a surface model: appearance can be compared; heights, storeys, stages and volumes cannot be told. \
         Add dsm to decide them",
    )
}

fn no_ortho() -> Text {
    Text::new(
        "本期只有地表模型、没有正射影像：高差可以比较；植被无法凭颜色区分，线索不附影像图，总览图为晕渲图",
        "a surface model without an orthophoto: heights can be compared; plants cannot be told by their colour, leads carry no \
         pictures, and the overview is a shaded relief",
    )
}
