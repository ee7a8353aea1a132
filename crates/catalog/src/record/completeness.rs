use plumbline_finding::Bilingual;
use serde::Serialize;
use sqlx::Row;

use crate::{Catalog, Error};

/// Which steps of a template a subject has records of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Completeness {
    /// The subject.
    pub subject: String,
    /// Code of the template.
    pub template: String,
    /// Its steps, in their order.
    pub steps: Vec<StepRecords>,
}

/// The records of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepRecords {
    /// Code of the step.
    pub step: String,
    /// What people call it.
    pub title: Bilingual,
    /// Names of its records, oldest first.
    pub records: Vec<String>,
}

impl Completeness {
    /// Steps without a record.
    pub fn missing(&self) -> impl Iterator<Item = &StepRecords> {
        self.steps.iter().filter(|step| step.records.is_empty())
    }
}

impl Catalog {
    /// Which steps of a template a subject of a project has records of.
    pub async fn completeness(
        &self,
        project: &str,
        subject: &str,
        template: &str,
    ) -> Result<Completeness, Error> {
        let templates = self.templates()?;
        let known = templates.template(template)?;
        let rows = sqlx::query(
            "SELECT p_step, id FROM items WHERE p_subject = $1 AND collection = 'records' AND project = $2
             AND p_template = $3 ORDER BY t, key",
        )
        .bind(subject)
        .bind(project)
        .bind(template)
        .fetch_all(&self.tables().readers)
        .await
        .map_err(|source| self.refused(source))?;
        let read = |row: &sqlx::any::AnyRow| Ok((row.try_get(0)?, row.try_get(1)?));
        let records: Vec<(String, String)> =
            rows.iter().map(read).collect::<Result<_, _>>().map_err(|source| self.refused(source))?;
        let of =
            |code: &str| records.iter().filter(|(step, _)| step == code).map(|(_, id)| id.clone()).collect();
        let steps = known
            .steps
            .iter()
            .map(|step| StepRecords {
                step: step.code.clone(),
                title: step.title.clone(),
                records: of(&step.code),
            })
            .collect();
        Ok(Completeness { subject: subject.to_owned(), template: template.to_owned(), steps })
    }
}
