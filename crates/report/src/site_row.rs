use plumbline_ledger::{Site, SiteLook};
use serde::Serialize;

/// A site with approved buildings, ready for the page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SiteRow {
    name: String,
    buildings: String,
    is_open: bool,
    last_flown: Option<String>,
    days_unflown: Option<u32>,
    most_days: u32,
    is_overdue: bool,
    looks: Vec<Look>,
}

#[derive(Debug, Clone, Serialize)]
struct Look {
    epoch: String,
    on: String,
    percent: u32,
}

impl SiteRow {
    pub fn of(site: &Site) -> Self {
        let look = |look: &SiteLook| Look {
            epoch: look.epoch.clone(),
            on: look.on.to_string(),
            percent: (100.0 * look.share).round() as u32,
        };
        Self {
            name: site.name.clone(),
            buildings: site.building_nos.join(", "),
            is_open: site.is_open,
            last_flown: site.last_flown.map(|day| day.to_string()),
            days_unflown: site.days_unflown,
            most_days: site.most_days_unflown,
            is_overdue: site.is_overdue(),
            looks: site.looks.iter().map(look).collect(),
        }
    }
}
