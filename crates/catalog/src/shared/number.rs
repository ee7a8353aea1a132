use chrono::{DateTime, Datelike, Utc};
use plumbline_case::{DocumentNumber, Paper, Procedure};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Act, Catalog, Document, Writing};
use crate::Error;

/// Sort of the documents.
const KIND: &str = "number";

/// A number that was given to a document of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberFile {
    /// The number.
    pub number: DocumentNumber,
    /// Code of the sort of document.
    pub paper: String,
    /// The project.
    pub project: String,
    /// The lead.
    pub lead: String,
    /// Who took it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Set once it was given up: a number is never given again.
    pub void: Option<Void>,
}

/// Why a number was given up (作废).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Void {
    /// Who gave it up.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

impl Catalog {
    /// Takes the next number of a sort of document for a lead: the one after the last of its series and year, those given up included.
    pub async fn take_number(
        &self,
        act: &Act<'_>,
        project: &str,
        lead: &str,
        (procedure, code): (&Procedure, &str),
    ) -> Result<NumberFile, Error> {
        let (paper, series) = (procedure.paper(code)?, procedure.series(code)?);
        let year = act.at.year() as u16;
        let mut writing = Writing::begin(self, act).await?;
        self.require_lead(project, lead).await?;
        let taken = self.numbers_of(project, lead).await?;
        if let Some(living) = taken.iter().find(|known| known.is_living(paper) && !paper.repeats) {
            return Err(Error::Done { what: format!("the number {}", living.number), by: living.by.clone() });
        }
        let seq = 1 + last_number(&mut writing, &series, year).await?;
        let number = DocumentNumber { series, year, seq };
        let file = NumberFile {
            number,
            paper: paper.code.clone(),
            project: project.to_owned(),
            lead: lead.to_owned(),
            by: act.by.to_owned(),
            at: act.at,
            void: None,
        };
        writing.put("NUMBERED", &file.document()?, json!({ "paper": file.paper, "lead": lead })).await?;
        writing.commit().await?;
        Ok(file)
    }

    /// Gives a number up; it stays in its series.
    pub async fn void_number(
        &self,
        act: &Act<'_>,
        number: &DocumentNumber,
        reason: &str,
    ) -> Result<(), Error> {
        if reason.trim().is_empty() {
            return Err(Error::Incomplete { what: "giving up a number", needs: "a reason" });
        }
        let mut writing = Writing::begin(self, act).await?;
        let kept: Option<NumberFile> = self.document(KIND, &key(number)).await?;
        let mut kept = kept.ok_or_else(|| Error::Unknown { what: format!("number {number}") })?;
        if let Some(void) = kept.void {
            return Err(Error::Done { what: format!("the number {number}"), by: void.by });
        }
        kept.void = Some(Void { by: act.by.to_owned(), at: act.at, reason: reason.to_owned() });
        writing.put("NUMBER_VOIDED", &kept.document()?, json!({ "reason": reason })).await?;
        writing.commit().await
    }

    /// The numbers of a lead's documents, those given up included.
    pub async fn numbers_of(&self, project: &str, lead: &str) -> Result<Vec<NumberFile>, Error> {
        self.documents(KIND, Some(&format!("lead:{project}/{lead}"))).await
    }
}

impl NumberFile {
    /// Whether it is the number of such a document and was not given up.
    pub fn is_living(&self, paper: &Paper) -> bool {
        self.paper == paper.code && self.void.is_none()
    }

    fn document(&self) -> Result<Document, Error> {
        Document::new(KIND, key(&self.number), format!("lead:{}/{}", self.project, self.lead), self)
    }
}

/// Last number of a series in a year, as the change under way sees it; 0 where there is none.
async fn last_number(writing: &mut Writing, series: &str, year: u16) -> Result<u32, Error> {
    let first = key(&DocumentNumber { series: series.to_owned(), year, seq: 0 });
    let pattern = format!("{}%", first.trim_end_matches(char::is_numeric));
    let count = sqlx::query_scalar("SELECT count(*) FROM documents WHERE kind = $1 AND key LIKE $2")
        .bind(KIND)
        .bind(pattern)
        .fetch_one(writing.db())
        .await;
    let count: i64 = count.map_err(|source| writing.refused(source))?;
    Ok(count as u32)
}

/// Name of the document: the numbers of a series follow one another in the order of their names.
fn key(number: &DocumentNumber) -> String {
    format!("{}/{}/{:06}", number.series, number.year, number.seq)
}
