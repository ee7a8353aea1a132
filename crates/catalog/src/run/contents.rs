use plumbline_case::Lead;
use plumbline_geodesy::Crs;

use crate::{EpochRecord, FlightRecord};

/// Everything that a run files.
#[derive(Debug, Clone)]
pub struct Contents<'a> {
    /// Name of the project, as people call it.
    pub project: &'a str,
    /// What made the products.
    pub software: Software,
    /// The map on which the findings' outlines are drawn.
    pub crs: &'a Crs,
    /// The flights with their photos.
    pub flights: &'a [FlightRecord],
    /// The products.
    pub epochs: &'a [EpochRecord],
    /// The leads with their findings and evidence.
    pub leads: &'a [Lead],
}

/// The program behind the products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Software {
    /// Name, such as `plumbline`.
    pub name: String,
    /// Version or build, such as `0.1.0+1034e23`.
    pub version: String,
}
