use std::fmt;

use chrono::{DateTime, Datelike, Timelike, Utc};
use plumbline_case::{FilingForm, Lead};
use typst::foundations::{Datetime, Smart};
use typst_as_lib::TypstEngine;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

use crate::sheet::Sheet;
use crate::{Error, Fonts, Remark};

/// How the dossier is set.
const TEMPLATE: &str = include_str!("../templates/dossier.typ");

/// Name under which the template reads the content.
const CONTENT: &str = "dossier.json";

/// Everything that goes into the dossier of a lead.
pub struct Dossier<'a> {
    /// Name of the project.
    pub project: &'a str,
    /// The map of the coordinates, such as `EPSG:4547`.
    pub crs: &'a str,
    /// Program and version, such as `plumbline 0.1.0`.
    pub software: &'a str,
    /// When the dossier is made.
    pub made_at: DateTime<Utc>,
    /// The custody log's checkpoint at that time, as text; none outside of a shared catalog.
    pub checkpoint: Option<&'a str>,
    /// The lead.
    pub lead: &'a Lead,
    /// Its draft filing form.
    pub form: &'a FilingForm,
    /// What people said of its findings, oldest first.
    pub remarks: &'a [Remark],
    /// Bytes of an evidence file by its SHA-256, checked; none where it is not to be had.
    pub file: &'a dyn Fn(&str) -> Option<Vec<u8>>,
}

impl Dossier<'_> {
    /// The dossier as a PDF, set in one of some fonts.
    pub fn pdf(&self, fonts: &Fonts) -> Result<Vec<u8>, Error> {
        let lead = &self.lead.id;
        let (sheet, mut files) = Sheet::of(self)?;
        let content = serde_json::to_vec(&sheet);
        let content = content.map_err(|source| Error::Content { lead: lead.clone(), source })?;
        files.push((CONTENT.to_owned(), content));
        let engine = TypstEngine::builder()
            .main_file(TEMPLATE)
            .fonts(fonts.all())
            .with_static_file_resolver(files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())))
            .build();
        let refused =
            |said: &dyn fmt::Debug| Error::Typesetting { lead: lead.clone(), said: format!("{said:?}") };
        let document = engine.compile::<PagedDocument>().output.map_err(|errors| refused(&errors))?;
        let options = PdfOptions {
            ident: Smart::Custom(format!("{} {lead}", self.project)),
            creator: Smart::Custom(Some(self.software.to_owned())),
            timestamp: moment(self.made_at).map(Timestamp::new_utc),
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&document, &options).map_err(|errors| refused(&errors))
    }
}

impl fmt::Debug for Dossier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dossier")
            .field("project", &self.project)
            .field("lead", &self.lead.id)
            .finish_non_exhaustive()
    }
}

fn moment(at: DateTime<Utc>) -> Option<Datetime> {
    let [month, day, hour, minute, second] =
        [at.month(), at.day(), at.hour(), at.minute(), at.second()].map(|part| part as u8);
    Datetime::from_ymd_hms(at.year(), month, day, hour, minute, second)
}
