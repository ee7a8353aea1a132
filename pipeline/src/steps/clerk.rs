//! Puts together what shows a finding: pictures of the place on both dates, and the photos as the drone took them.

use std::collections::BTreeMap;
use std::path::Path;

use geo::MultiPolygon;
use image::RgbImage;
use plumbline_case::picture::{PictureOptions, Subject, render};
use plumbline_case::{Evidence, What};
use plumbline_catalog::ProductKind;
use plumbline_finding::Finding;
use plumbline_raster::{Raster, Rgba, cog};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::steps::Context;
use crate::steps::epoch::Epoch;
use crate::steps::evidence::{EpochPhotos, Shown};
use crate::steps::flown::Flown;
use crate::steps::judged::Judged;
use crate::store::{digest, digest_file, write_whole};

/// Puts together the evidence for the findings of one epoch.
pub struct Clerk<'a> {
    /// The run.
    pub context: &'a Context,
    /// All its epochs.
    pub epochs: &'a [Flown],
    /// The epoch whose findings are to be shown.
    pub judged: &'a Judged,
    /// Outlines of the plan.
    pub plan: &'a [MultiPolygon<f64>],
}

/// What shows one finding.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Filed {
    /// Before, after, and with the plan.
    pub pictures: Vec<Evidence>,
    /// Photos of both epochs, as they were taken.
    pub photos: Vec<Evidence>,
    /// Names of the photos of the epoch itself.
    pub shown_by: Vec<String>,
}

/// An orthophoto that pictures are cut from.
struct Cut {
    epoch: String,
    ortho: Raster<Rgba>,
    sha256: String,
    /// Said of pictures whose epoch came without photos.
    remark: &'static str,
}

impl Clerk<'_> {
    /// What shows some findings, by their identifiers; as it was filed before, where all of it is still there.
    pub fn file(&self, findings: &[&Finding]) -> Result<BTreeMap<String, Filed>, Error> {
        let round = &self.judged.round;
        let [before, after] = [self.earlier(), self.epoch()];
        let sources = [before, after].map(|epoch| epoch.map(|epoch| self.sources(epoch)));
        let inputs = (&round.epoch, &round.earlier, self.judged.moved_m, sources, findings, self.plan);
        let key = self.context.store.key("evidence", &inputs)?;
        let known: Option<BTreeMap<String, Filed>> = self.context.store.known("evidence", &key);
        if let Some(known) = known.filter(|known| known.values().all(|filed| self.is_intact(filed))) {
            return Ok(known);
        }
        let before = before.map(|epoch| self.cut(epoch, self.judged.moved_m)).transpose()?.flatten();
        let after = after.map(|epoch| self.cut(epoch, (0.0, 0.0))).transpose()?.flatten();
        let photos = self.photographed()?;
        let mut filed = BTreeMap::new();
        for finding in findings {
            let pictures = self.pictures(finding, before.as_ref(), after.as_ref())?;
            let mut shows = Filed { pictures, photos: Vec::new(), shown_by: Vec::new() };
            for photos in &photos {
                let best = photos.best(&finding.outline);
                if photos.epoch.id == finding.epoch {
                    shows.shown_by.extend(best.iter().map(|shown| shown.photo.name.clone()));
                }
                shows.photos.extend(best.into_iter().map(|shown| original(photos.epoch, shown)));
            }
            filed.insert(finding.id.clone(), shows);
        }
        self.context.store.keep("evidence", &key, &filed)?;
        Ok(filed)
    }

    fn epoch(&self) -> Option<&Flown> {
        self.epochs.iter().find(|epoch| epoch.id() == self.judged.round.epoch.id)
    }

    fn earlier(&self) -> Option<&Flown> {
        let earlier = self.judged.round.earlier.as_ref()?;
        self.epochs.iter().find(|epoch| epoch.id() == earlier.id)
    }

    /// Digests of what the evidence of an epoch is made from.
    fn sources(&self, epoch: &Flown) -> (Vec<Option<String>>, Vec<String>) {
        let files = self.context.workspace.epoch(epoch.id());
        let files = [files.dsm(), files.ortho(), files.block()].iter().map(|f| digest_file(f).ok()).collect();
        let photos = epoch.photographed().map(Epoch::placed_photos);
        (files, photos.into_iter().flatten().map(|photo| photo.sha256.clone()).collect())
    }

    fn is_intact(&self, filed: &Filed) -> bool {
        let root = self.context.workspace.root();
        filed.pictures.iter().all(|p| digest_file(&root.join(&p.file)).is_ok_and(|is| is == p.sha256))
    }

    /// The orthophoto of an epoch, laid where it was for the comparison; none where it has none.
    fn cut(&self, epoch: &Flown, (east_m, north_m): (f64, f64)) -> Result<Option<Cut>, Error> {
        if !epoch.has(ProductKind::Ortho) {
            return Ok(None);
        }
        let file = self.context.workspace.epoch(epoch.id()).ortho();
        let mut ortho = cog::read_rgba(&file)?;
        ortho.grid.west += east_m;
        ortho.grid.north += north_m;
        let remark = match epoch {
            Flown::Imported(_) => "（影像取自外部导入的正射影像，没有航拍原片可附）",
            Flown::Photographed(_) => "",
        };
        Ok(Some(Cut { epoch: epoch.id().to_owned(), ortho, sha256: digest(&file)?, remark }))
    }

    /// The photos of both epochs, the earlier first, where they have some.
    fn photographed(&self) -> Result<Vec<EpochPhotos<'_>>, Error> {
        let epochs = [self.earlier(), self.epoch()].into_iter().flatten();
        let epochs = epochs.filter_map(Flown::photographed);
        epochs
            .map(|epoch| {
                let dsm = cog::read_f32(&self.context.workspace.epoch(&epoch.id).dsm())?;
                EpochPhotos::over(epoch, &dsm)
            })
            .collect()
    }

    /// Cuts, writes and hashes the pictures of a finding.
    fn pictures(
        &self,
        finding: &Finding,
        before: Option<&Cut>,
        after: Option<&Cut>,
    ) -> Result<Vec<Evidence>, Error> {
        let Some(after) = after else { return Ok(Vec::new()) };
        let earlier = before.map(|cut| &cut.ortho);
        let subject =
            Subject { before: earlier, after: &after.ortho, outline: &finding.outline, plan: self.plan };
        let pictures = render(&subject, &PictureOptions::default())?;
        let named = [
            (What::Before, pictures.before, before),
            (What::After, Some(pictures.after), Some(after)),
            (What::PlanOverlay, Some(pictures.overlay), Some(after)),
        ];
        let named = named.into_iter().filter_map(|(what, picture, cut)| Some((what, picture?, cut?)));
        named.map(|(what, picture, cut)| self.picture(finding, what, &picture, cut)).collect()
    }

    fn picture(
        &self,
        finding: &Finding,
        what: What,
        picture: &RgbImage,
        cut: &Cut,
    ) -> Result<Evidence, Error> {
        let name = format!("{}_{}.png", finding.id, picture_name(what));
        let path = self.context.workspace.pictures().join(name.replace(['/', ':'], "_"));
        write_whole(&path, &png(picture, &path)?)?;
        Ok(Evidence {
            what,
            sha256: digest(&path)?,
            file: self.context.workspace.below(&path).to_owned(),
            derived_from: vec![cut.sha256.clone()],
            made_with: Some(format!("plumbline {}", env!("CARGO_PKG_VERSION"))),
            made_by: None,
            proves: format!("{}（{} 期次）{}", finding.explanation.zh, cut.epoch, cut.remark),
            outline_px: Vec::new(),
            review_legal: None,
            review_technical: None,
        })
    }
}

/// A photo that shows a place, as the drone took it, with the outline of the place in it.
fn original(epoch: &Epoch, Shown { photo, outline_px }: Shown<'_>) -> Evidence {
    Evidence {
        what: What::SourcePhoto,
        file: photo.path.clone(),
        sha256: photo.sha256.clone(),
        derived_from: Vec::new(),
        made_with: None,
        made_by: None,
        proves: format!("{} 航拍原片", epoch.id),
        outline_px,
        review_legal: None,
        review_technical: None,
    }
}

fn picture_name(what: What) -> &'static str {
    match what {
        What::Before => "before",
        What::After => "after",
        What::PlanOverlay => "plan",
        What::SourcePhoto => "photo",
    }
}

fn png(picture: &RgbImage, path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .map_err(|source| Error::Picture { path: path.to_owned(), source })?;
    Ok(bytes.into_inner())
}
