use minijinja::{Environment, context};

use crate::{Error, Event, LeadFile, StoredFile};

/// The page, in Chinese and English; everything put into it is escaped.
const TEMPLATE: &str = include_str!("../../templates/bundle.html");

/// The page of a bundle, which any browser shows without a server.
pub(super) fn page(
    file: &LeadFile,
    files: &[StoredFile],
    events: &[Event],
    checkpoint: &str,
) -> Result<String, Error> {
    let mut pages = Environment::new();
    pages.add_template("bundle.html", TEMPLATE).map_err(Error::Page)?;
    let page = pages.get_template("bundle.html").map_err(Error::Page)?;
    let of = |sha256: &str| files.iter().find(|file| file.sha256 == sha256);
    let evidence: Vec<_> = file
        .lead
        .evidence
        .iter()
        .map(|evidence| {
            let stored = of(&evidence.sha256);
            let href = stored.map(|stored| format!("files/{}.{}", stored.sha256, stored.extension));
            let reviewed = evidence.require_reviewed().is_ok();
            context! { evidence, href, reviewed, name => stored.map(|stored| &stored.name), sm3 => stored.map(|stored| &stored.sm3) }
        })
        .collect();
    let state = file.lead.state();
    let priority = file.lead.priority();
    let presence = file.lead.presence().name();
    let kinds: Vec<_> = file
        .lead
        .findings
        .iter()
        .map(|f| context! { zh => f.kind.zh(), en => f.kind.en(), finding => f })
        .collect();
    page.render(context! { file, evidence, events, checkpoint, kinds, presence, state => context! { code => state.code(), zh => state.zh() }, priority })
        .map_err(Error::Page)
}
