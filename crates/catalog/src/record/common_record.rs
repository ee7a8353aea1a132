use std::path::PathBuf;

use chrono::{DateTime, Utc};
use plumbline_case::Officer;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A record from any producer: body camera, handheld, interview room, scanner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Name, unique among the records of its project.
    pub id: String,
    /// The project that it belongs to, or the unit (大队) where it belongs to none.
    pub project: String,
    /// Code of the sort of producer, such as `BODY_CAMERA`.
    pub producer: String,
    /// The device.
    pub device: String,
    /// The unit: bureau, detachment, team (局/支队/大队).
    pub unit: String,
    /// Who operated it.
    pub operators: Vec<Officer>,
    /// What it is about: a building, party or plate.
    pub subject: String,
    /// The lead that it belongs to.
    pub lead: Option<String>,
    /// The occasion (六必录), such as `PENALTY`.
    pub trigger: Option<String>,
    /// The step of a template that it shows.
    pub step: Option<Step>,
    /// First and last moment.
    pub captured: (DateTime<Utc>, DateTime<Utc>),
    /// GeoJSON geometry of the place in longitude and latitude; null where unknown.
    pub place: Value,
    /// The place in words.
    pub address: Option<String>,
    /// Where the original lies now; it is copied into the store.
    pub file: PathBuf,
    /// Media type of the original.
    pub media_type: String,
    /// Parts that are missing, each with its reason.
    pub gaps: Vec<Gap>,
    /// What it is to prove (证明对象).
    pub proves: Option<String>,
    /// Who is answerable for making it (制作人).
    pub made_by: Option<String>,
    /// What its sort of producer says beyond that, such as `notice_given`, `room`, `channel`, `plate`, `ticket_no`.
    pub details: Map<String, Value>,
}

/// A step of a template that a record shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Code of the template.
    pub template: String,
    /// Code of the step.
    pub step: String,
    /// Which time it is, from 1.
    pub repeat_no: u32,
}

/// A part that a record lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// From.
    pub from: DateTime<Utc>,
    /// To.
    pub to: DateTime<Utc>,
    /// Why.
    pub reason: String,
}
