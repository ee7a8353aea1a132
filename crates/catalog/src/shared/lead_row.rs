use chrono::NaiveDate;
use plumbline_case::{Lead, Presence, State};
use plumbline_finding::{Bilingual, Kind, Priority, Verdict};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::document::canonical;
use crate::Error;

/// A lead as a line of the queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeadRow {
    /// The project.
    pub project: String,
    /// The lead.
    pub id: String,
    /// Where it stands.
    pub state: State,
    /// What to look at first.
    pub priority: Priority,
    /// Whether it is still there.
    pub presence: Presence,
    /// Kinds of its findings.
    pub kinds: Vec<Kind>,
    /// Verdicts of its findings.
    pub verdicts: Vec<Verdict>,
    /// Number of the building in the plan.
    pub building_no: Option<String>,
    /// Earliest day of an epoch that shows it.
    pub first_seen_with: Option<NaiveDate>,
    /// Latest day of an epoch that shows the place without it.
    pub last_seen_without: Option<NaiveDate>,
    /// What its first finding says.
    pub explanation: Bilingual,
    /// West, south, east, north in degrees.
    pub bbox: Option<[f64; 4]>,
    /// Middle of that box: longitude, latitude.
    pub center: Option<[f64; 2]>,
    /// Decisions on it.
    pub decisions: u64,
    /// Those of them that wait for a second person.
    pub open_decisions: u64,
}

/// What the table of leads says of one, copied from its document.
pub(crate) struct LeadColumns<'a> {
    project: &'a str,
    lead: &'a Lead,
    pub document: String,
}

impl<'a> LeadColumns<'a> {
    /// The columns of a lead.
    pub fn of(project: &'a str, lead: &'a Lead) -> Result<Self, Error> {
        Ok(Self { project, lead, document: canonical(lead)? })
    }

    /// What events call the lead.
    pub fn subject(&self) -> String {
        format!("lead:{}/{}", self.project, self.lead.id)
    }

    /// Whether a row says the same.
    pub fn fit(&self, row: &AnyRow) -> Result<bool, sqlx::Error> {
        Ok(self.lead.state().code() == row.try_get::<String, _>("state")?
            && self.priority() == row.try_get::<String, _>("priority")?
            && self.lead.presence().code() == row.try_get::<String, _>("presence")?
            && self.kinds() == row.try_get::<String, _>("kinds")?
            && self.words() == row.try_get::<String, _>("words")?
            && self.urgency() == row.try_get::<i64, _>("urgency")?)
    }

    /// Writes the row, in place of the one of its name; its decisions stay.
    pub async fn write(&self, db: &mut AnyConnection) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO leads (project, id, state, priority, presence, kinds, words, urgency, decisions, open_decisions, document)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9)
             ON CONFLICT (project, id) DO UPDATE SET state = excluded.state, priority = excluded.priority,
             presence = excluded.presence, kinds = excluded.kinds, words = excluded.words,
             urgency = excluded.urgency, document = excluded.document",
        )
        .bind(self.project)
        .bind(&self.lead.id)
        .bind(self.lead.state().code())
        .bind(self.priority())
        .bind(self.lead.presence().code())
        .bind(self.kinds())
        .bind(self.words())
        .bind(self.urgency())
        .bind(&self.document)
        .execute(&mut *db)
        .await?;
        self.cite(db).await
    }

    /// Writes which files the lead cites: its evidence and what that was made from.
    async fn cite(&self, db: &mut AnyConnection) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM citations WHERE project = $1 AND lead = $2")
            .bind(self.project)
            .bind(&self.lead.id)
            .execute(&mut *db)
            .await?;
        let cited = self.lead.evidence.iter().flat_map(|e| std::iter::once(&e.sha256).chain(&e.derived_from));
        // Not the iterator itself: its closure, kept while waiting, would bar the future from other threads.
        for sha256 in cited.collect::<Vec<_>>() {
            sqlx::query(
                "INSERT INTO citations (sha256, project, lead) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            )
            .bind(sha256)
            .bind(self.project)
            .bind(&self.lead.id)
            .execute(&mut *db)
            .await?;
        }
        Ok(())
    }

    /// Code of the priority.
    fn priority(&self) -> String {
        let code = serde_json::to_value(self.lead.priority()).unwrap_or_default();
        code.as_str().unwrap_or_default().to_owned()
    }

    /// Codes of the kinds, each between blanks.
    fn kinds(&self) -> String {
        self.lead.findings.iter().fold(" ".to_owned(), |text, finding| text + finding.kind.code() + " ")
    }

    /// What the queue is searched in, in lower case.
    fn words(&self) -> String {
        let mut words = format!("{}\n{}", self.project, self.lead.id);
        for finding in &self.lead.findings {
            let Bilingual { zh, en } = &finding.explanation;
            let building = finding.building_no.as_deref().unwrap_or_default();
            let kind = finding.kind;
            words.extend(["\n", kind.zh(), "\n", kind.en(), "\n", building, "\n", zh, "\n", en]);
        }
        words.to_lowercase()
    }

    /// Place in the queue: what is under way first, then priority, then how sure it is.
    fn urgency(&self) -> i64 {
        let place = |found: Option<usize>| found.unwrap_or(9) as i64;
        let presence = self.lead.presence();
        let presence = place(Presence::ALL.iter().position(|own| *own == presence));
        let verdict = self.lead.findings.iter().map(|finding| finding.verdict as i64).max();
        presence * 100 + (9 - self.lead.priority() as i64) * 10 + (9 - verdict.unwrap_or(0))
    }
}
