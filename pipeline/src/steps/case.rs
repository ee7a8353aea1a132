//! Findings become leads with evidence.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use geo::MultiPolygon;
use image::RgbImage;
use plumbline_case::picture::{PictureOptions, Subject, render};
use plumbline_case::{Evidence, Lead, What, merge};
use plumbline_finding::Finding;
use plumbline_photo::Photo;
use plumbline_plan::Plan;

use crate::error::Error;
use crate::steps::Context;
use crate::steps::evidence::EpochPhotos;
use crate::steps::finding::Judged;
use crate::steps::flown::Flown;
use crate::store::{digest, write_whole};

/// One lead for each structure with findings, with pictures of the place and the photos that show it best.
pub fn leads(context: &Context, epochs: &[Flown], judged: &Judged<'_>) -> Result<Vec<Lead>, Error> {
    let plan = judged.plan.as_ref().map_or_else(Vec::new, outlines);
    let sources = source_digests(context, judged)?;
    clear(&context.workspace.pictures())?;
    let mut leads = merge(Vec::new(), &judged.findings.findings, judged.changed.after.captured_on);
    let clerk = Clerk { context, epochs, judged, plan, sources };
    for lead in &mut leads {
        for finding in lead.findings.clone() {
            lead.evidence.extend(clerk.pictures(&finding)?);
        }
        let photos = lead.findings.first().map_or_else(Vec::new, |finding| clerk.photos(&finding.outline));
        lead.evidence.extend(photos);
    }
    Ok(leads)
}

/// Takes away the pictures of an earlier run, whose findings may have been others.
fn clear(folder: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(folder) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(Error::io("clear", folder, source)),
        _ => Ok(()),
    }
}

/// Puts together the evidence of a finding.
struct Clerk<'a> {
    context: &'a Context,
    epochs: &'a [Flown],
    judged: &'a Judged<'a>,
    plan: Vec<MultiPolygon<f64>>,
    /// Digest of the orthophoto that each kind of picture is cut from.
    sources: BTreeMap<What, String>,
}

impl Clerk<'_> {
    /// Cuts, writes and hashes the pictures of a finding.
    fn pictures(&self, finding: &Finding) -> Result<Vec<Evidence>, Error> {
        let changed = &self.judged.changed;
        let Some(after) = &changed.after.ortho else { return Ok(Vec::new()) };
        let before = changed.before.as_ref().and_then(|epoch| epoch.ortho.as_ref());
        let subject = Subject { before, after, outline: &finding.outline, plan: &self.plan };
        let pictures = render(&subject, &PictureOptions::default())?;
        let mut evidence = Vec::new();
        let named = [
            (What::Before, pictures.before),
            (What::After, Some(pictures.after)),
            (What::PlanOverlay, Some(pictures.overlay)),
        ];
        for (what, picture) in named {
            let Some(picture) = picture else { continue };
            evidence.push(self.file(finding, what, &picture, &self.sources[&what])?);
        }
        Ok(evidence)
    }

    fn file(
        &self,
        finding: &Finding,
        what: What,
        picture: &RgbImage,
        source: &str,
    ) -> Result<Evidence, Error> {
        let name = format!("{}_{}.png", finding.id, picture_name(what));
        let path = self.context.workspace.pictures().join(name.replace(['/', ':'], "_"));
        write_whole(&path, &png(picture, &path)?)?;
        Ok(Evidence {
            what,
            sha256: digest(&path)?,
            file: self.relative(&path),
            derived_from: vec![source.to_owned()],
            made_with: Some(format!("plumbline {}", env!("CARGO_PKG_VERSION"))),
            made_by: None,
            proves: format!("{}{}", finding.explanation.zh, self.without_photos(what)),
            review_legal: None,
            review_technical: None,
        })
    }

    /// The photos of both epochs that show a place best, as the drone took them.
    fn photos(&self, outline: &MultiPolygon<f64>) -> Vec<Evidence> {
        let evidence = |photo: &Photo, epoch: &str| Evidence {
            what: What::SourcePhoto,
            file: photo.path.clone(),
            sha256: photo.sha256.clone(),
            derived_from: Vec::new(),
            made_with: None,
            made_by: None,
            proves: format!("{epoch} 航拍原片"),
            review_legal: None,
            review_technical: None,
        };
        let of_epoch = |photos: &EpochPhotos<'_>| {
            let best = photos.best(outline).into_iter();
            best.map(|photo| evidence(photo, &photos.epoch.id)).collect::<Vec<_>>()
        };
        self.judged.photos.iter().flat_map(of_epoch).collect()
    }

    /// What is said of a picture whose epoch came without photos.
    fn without_photos(&self, what: What) -> &'static str {
        let changed = &self.judged.changed;
        let surface = if what == What::Before { changed.before.as_ref() } else { Some(&changed.after) };
        let epoch = surface.and_then(|surface| self.epochs.iter().find(|epoch| epoch.id() == surface.id));
        match epoch {
            Some(Flown::Imported(_)) => "（影像取自外部导入的正射影像，没有航拍原片可附）",
            _ => "",
        }
    }

    fn relative(&self, path: &Path) -> PathBuf {
        path.strip_prefix(self.context.workspace.root()).unwrap_or(path).to_owned()
    }
}

/// Digests of the orthophotos of the compared epochs; none where there is no orthophoto to cut from.
fn source_digests(context: &Context, judged: &Judged<'_>) -> Result<BTreeMap<What, String>, Error> {
    let changed = &judged.changed;
    let mut digests = BTreeMap::new();
    if changed.after.ortho.is_some() {
        let after = digest(&context.workspace.epoch(&changed.after.id).ortho())?;
        digests.extend([(What::After, after.clone()), (What::PlanOverlay, after)]);
    }
    if let Some(before) = changed.before.as_ref().filter(|before| before.ortho.is_some()) {
        digests.insert(What::Before, digest(&context.workspace.epoch(&before.id).ortho())?);
    }
    Ok(digests)
}

fn picture_name(what: What) -> &'static str {
    match what {
        What::Before => "before",
        What::After => "after",
        What::PlanOverlay => "plan",
        What::SourcePhoto => "photo",
    }
}

fn outlines(plan: &Plan) -> Vec<MultiPolygon<f64>> {
    let buildings = plan.buildings.iter().map(|building| &building.base);
    let existing = plan.existing.iter().map(|existing| &existing.outline);
    let temporaries = plan.temporaries.iter().map(|temporary| &temporary.outline);
    buildings.chain(existing).chain(temporaries).cloned().collect()
}

fn png(picture: &RgbImage, path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .map_err(|source| Error::Picture { path: path.to_owned(), source })?;
    Ok(bytes.into_inner())
}
