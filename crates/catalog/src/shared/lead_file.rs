use std::collections::BTreeMap;

use plumbline_case::{FilingForm, Lead, What};
use plumbline_finding::Finding;
use serde::Serialize;
use serde_json::Value;

use super::review::reviewed;
use super::{Catalog, DecisionFile, NumberFile, ReviewFile};
use crate::Error;

/// Code of the filing form among the numbered documents.
const FILING: &str = "FILING";

/// Everything that an inspector sees of a lead.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeadFile {
    /// The project.
    pub project: String,
    /// The lead, with the reviews of its evidence.
    pub lead: Lead,
    /// The decisions on it, oldest first.
    pub decisions: Vec<DecisionFile>,
    /// The numbers of its documents, those given up included.
    pub numbers: Vec<NumberFile>,
    /// The draft of the filing form.
    pub form: FilingForm,
    /// The map of its outlines.
    pub crs: String,
    /// GeoJSON geometry of the whole lead in longitude and latitude.
    pub place: Value,
    /// GeoJSON geometries of its findings.
    pub findings_geo: BTreeMap<String, Value>,
    /// The epoch before.
    pub before: Option<EpochFiles>,
    /// The epoch that shows it.
    pub after: Option<EpochFiles>,
    /// Items of the photos among its evidence.
    pub photos: Vec<Value>,
}

/// The products of an epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EpochFiles {
    /// The epoch.
    pub epoch: String,
    /// When it was captured, RFC 3339.
    pub datetime: String,
    /// Digests of its products by their sort: `dsm`, `dsm_sigma`, `ortho`, `block`.
    pub assets: BTreeMap<String, String>,
}

impl Catalog {
    /// A lead with all that is known of it.
    pub async fn lead(&self, project: &str, id: &str) -> Result<Option<LeadFile>, Error> {
        let Some(mut lead) = self.lead_document(project, id).await? else { return Ok(None) };
        let mut photos = Vec::new();
        for evidence in &mut lead.evidence {
            let reviews: Vec<ReviewFile> = self.reviews(&evidence.sha256).await?;
            reviewed(evidence, &reviews);
            if evidence.what == What::SourcePhoto {
                photos.extend(self.items_of_file(&evidence.sha256, "flights").await?);
            }
        }
        let mut findings_geo = BTreeMap::new();
        for finding in &lead.findings {
            findings_geo.insert(finding.id.clone(), self.geometry("findings", project, &finding.id).await?);
        }
        let newest = lead.findings.iter().max_by(|a, b| a.epoch.cmp(&b.epoch));
        let (before, after) = self.epochs_of(project, newest).await?;
        let crs = self.project(project).await?.map(|project| project.crs).unwrap_or_default();
        let numbers = self.numbers_of(project, id).await?;
        Ok(Some(LeadFile {
            project: project.to_owned(),
            decisions: self.decisions(project, id).await?,
            form: form(&lead, &crs, &numbers),
            numbers,
            crs,
            place: self.geometry("leads", project, id).await?,
            findings_geo,
            before,
            after,
            photos,
            lead,
        }))
    }

    async fn geometry(&self, collection: &str, project: &str, id: &str) -> Result<Value, Error> {
        let item = self.item(collection, &format!("{project}~{id}")).await?;
        Ok(item.map_or(Value::Null, |mut item| item["geometry"].take()))
    }

    async fn epochs_of(
        &self,
        project: &str,
        finding: Option<&Finding>,
    ) -> Result<(Option<EpochFiles>, Option<EpochFiles>), Error> {
        let Some(finding) = finding else { return Ok((None, None)) };
        let before = match &finding.earlier_epoch {
            Some(epoch) => self.epoch_files(project, epoch).await?,
            None => None,
        };
        Ok((before, self.epoch_files(project, &finding.epoch).await?))
    }

    async fn epoch_files(&self, project: &str, epoch: &str) -> Result<Option<EpochFiles>, Error> {
        let item = self.item("epochs", &format!("{project}~{epoch}")).await?;
        Ok(item.map(|item| EpochFiles {
            epoch: epoch.to_owned(),
            datetime: item["properties"]["datetime"].as_str().unwrap_or_default().to_owned(),
            assets: item["assets"].as_object().into_iter().flatten().filter_map(digest).collect(),
        }))
    }
}

/// The draft of the filing form, with its number once it has one.
fn form(lead: &Lead, crs: &str, numbers: &[NumberFile]) -> FilingForm {
    let form = FilingForm::draft(lead, crs);
    match numbers.iter().find(|known| known.paper == FILING && known.void.is_none()) {
        Some(known) => form.numbered(&known.number),
        None => form,
    }
}

fn digest((name, asset): (&String, &Value)) -> Option<(String, String)> {
    Some((name.clone(), asset["href"].as_str()?.strip_prefix("sha256:")?.to_owned()))
}
