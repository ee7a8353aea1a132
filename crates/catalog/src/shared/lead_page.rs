use plumbline_case::Lead;
use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::document::parsed;
use super::{Catalog, LeadRow};
use crate::search::Query;
use crate::{Error, Token};

/// Leads of a page where the request does not say, and most.
const PAGE: (usize, usize) = (50, 1000);

/// Which leads are wanted. Every condition that is given must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LeadQuery {
    /// The project.
    pub project: Option<String>,
    /// Code of the state.
    pub state: Option<String>,
    /// Code of the priority.
    pub priority: Option<String>,
    /// Code of the kind of one of its findings.
    pub kind: Option<String>,
    /// Code of the presence.
    pub presence: Option<String>,
    /// Words in its name, number of building or explanations, in either language.
    pub text: Option<String>,
    /// Only leads on which nobody has decided anything.
    pub undecided_only: bool,
    /// Where the page begins.
    pub token: Option<Token>,
    /// Most leads of the page; 50 where it is 0, never more than 1000.
    pub limit: usize,
}

/// A page of the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadPage {
    /// The leads, most urgent first.
    pub leads: Vec<LeadRow>,
    /// Where the next page begins; none after the last.
    pub next: Option<Token>,
}

/// What the queue is sorted by.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Place {
    urgency: i64,
    project: String,
    id: String,
}

impl Catalog {
    /// The queue, a page at a time.
    pub async fn leads(&self, wanted: &LeadQuery) -> Result<LeadPage, Error> {
        let size = if wanted.limit == 0 { PAGE.0 } else { wanted.limit.min(PAGE.1) };
        let mut query = Query::new(
            "SELECT l.document, l.urgency, l.project, l.id, l.decisions, l.open_decisions,
             coalesce(i.west, 999.0), i.south, i.east, i.north FROM leads l
             LEFT JOIN items i ON i.collection = 'leads' AND i.id = l.project || '~' || l.id WHERE 1 = 1",
        );
        conditions(&mut query, wanted);
        if let Some(token) = &wanted.token {
            let place: Place = token.row()?;
            query.say(" AND l.urgency >= ").bind(place.urgency).say(" AND (l.urgency > ").bind(place.urgency);
            query.say(" OR l.project > ").bind(place.project.as_str());
            query.say(" OR (l.project = ").bind(place.project.as_str());
            query.say(" AND l.id > ").bind(place.id.as_str()).say("))");
        }
        query.say(" ORDER BY l.urgency, l.project, l.id LIMIT ").bind(size as i64 + 1);
        let rows = query.rows(&self.tables().readers).await.map_err(|source| self.refused(source))?;
        let leads = rows.iter().take(size).map(|row| self.lead_row(row)).collect::<Result<_, _>>()?;
        let last = rows.get(size - 1).filter(|_| rows.len() > size);
        let place = |row: &sqlx::any::AnyRow| -> Result<Place, sqlx::Error> {
            Ok(Place { urgency: row.try_get(1)?, project: row.try_get(2)?, id: row.try_get(3)? })
        };
        let next = last.map(|row| Token::after(&place(row).map_err(|source| self.refused(source))?));
        Ok(LeadPage { leads, next: next.transpose()? })
    }

    fn lead_row(&self, row: &sqlx::any::AnyRow) -> Result<LeadRow, Error> {
        let columns = || -> Result<(String, String, i64, i64), sqlx::Error> {
            Ok((row.try_get(0)?, row.try_get(2)?, row.try_get(4)?, row.try_get(5)?))
        };
        let (document, project, decisions, open) = columns().map_err(|source| self.refused(source))?;
        let lead: Lead = parsed("lead", &document)?;
        let side = |i: usize| row.try_get::<f64, _>(i).ok();
        let bbox = match (side(6), side(7), side(8), side(9)) {
            (Some(west), Some(south), Some(east), Some(north)) => Some([west, south, east, north]),
            _ => None,
        };
        let first = lead.findings.first();
        Ok(LeadRow {
            project,
            state: lead.state(),
            priority: lead.priority(),
            presence: lead.presence(),
            kinds: lead.findings.iter().map(|finding| finding.kind).collect(),
            verdicts: lead.findings.iter().map(|finding| finding.verdict).collect(),
            building_no: lead.findings.iter().find_map(|finding| finding.building_no.clone()),
            first_seen_with: lead.findings.iter().map(|finding| finding.first_seen_with).min(),
            last_seen_without: lead.findings.iter().filter_map(|finding| finding.last_seen_without).max(),
            explanation: first
                .map_or_else(|| plumbline_finding::Bilingual::new("", ""), |f| f.explanation.clone()),
            bbox,
            center: bbox
                .map(|[west, south, east, north]| [f64::midpoint(west, east), f64::midpoint(south, north)]),
            decisions: decisions as u64,
            open_decisions: open as u64,
            id: lead.id,
        })
    }
}

fn conditions(query: &mut Query, wanted: &LeadQuery) {
    if let Some(project) = &wanted.project {
        query.say(" AND l.project = ").bind(project.as_str());
    }
    if let Some(state) = &wanted.state {
        query.say(" AND l.state = ").bind(state.as_str());
    }
    if let Some(priority) = &wanted.priority {
        query.say(" AND l.priority = ").bind(priority.as_str());
    }
    if let Some(presence) = &wanted.presence {
        query.say(" AND l.presence = ").bind(presence.as_str());
    }
    if let Some(kind) = &wanted.kind {
        query.say(" AND l.kinds LIKE ").bind(like(&format!(" {kind} ")).as_str()).say(" ESCAPE '\\'");
    }
    if let Some(text) = &wanted.text {
        query.say(" AND l.words LIKE ").bind(like(&text.to_lowercase()).as_str()).say(" ESCAPE '\\'");
    }
    if wanted.undecided_only {
        query.say(" AND l.decisions = 0");
    }
}

/// The pattern of texts that hold a text: its signs of patterns are taken as they stand.
fn like(text: &str) -> String {
    let plain = text.chars().fold(String::new(), |mut plain, c| {
        if matches!(c, '%' | '_' | '\\') {
            plain.push('\\');
        }
        plain.push(c);
        plain
    });
    format!("%{plain}%")
}
