use geo::Centroid;
use plumbline_finding::{Bilingual, Finding};
use serde::{Deserialize, Serialize};

use crate::{DocumentNumber, Lead, What};

/// The row of the form's number.
const NUMBER: &str = "文号";

/// A draft of the filing approval form (立案审批表): what the software can fill in, and blanks for people.
///
/// It is never more than a draft: filing is an act of the agency (行政处罚法 54).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilingForm {
    /// The rows of the form, in its order.
    pub fields: Vec<Field>,
}

/// One row of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// What the row asks for.
    pub label: Bilingual,
    /// What was filled in; none for what only people can know or decide.
    pub value: Option<String>,
}

impl FilingForm {
    /// Drafts the form of a lead; `crs` names the map of its coordinates, such as "EPSG:4547".
    pub fn draft(lead: &Lead, crs: &str) -> Self {
        let filled = |zh: &str, en: &str, value: String| field(zh, en, Some(value));
        let blank = |zh: &str, en: &str| field(zh, en, None);
        let fields = vec![
            blank(NUMBER, "document number"),
            filled("案由", "cause", causes(lead)),
            blank("当事人", "party"),
            blank("地址", "address"),
            blank("法定代表人", "legal representative"),
            blank("统一社会信用代码/身份证号", "credit code or identity number"),
            blank("联系电话", "telephone"),
            filled("发案时间", "time", times(lead)),
            filled("发案地点", "place", place(lead, crs)),
            filled("案件来源", "source", "巡查发现(无人机航拍比对)".to_owned()),
            filled("案情简述", "summary", summary(lead)),
            filled("涉嫌违反条款", "provisions concerned", provisions(lead)),
            blank("承办人意见", "opinion of the officers in charge"),
            blank("承办机构意见", "opinion of the handling unit"),
            blank("分管领导意见", "opinion of the leader in charge"),
            blank("主要领导意见", "opinion of the head"),
            filled("附件", "attachments", attachments(lead)),
        ];
        Self { fields }
    }

    /// The same with the number that the agency gave it.
    #[must_use]
    pub fn numbered(mut self, number: &DocumentNumber) -> Self {
        if let Some(row) = self.fields.iter_mut().find(|field| field.label.zh == NUMBER) {
            row.value = Some(number.to_string());
        }
        self
    }
}

fn field(zh: &str, en: &str, value: Option<String>) -> Field {
    Field { label: Bilingual::new(zh, en), value }
}

fn causes(lead: &Lead) -> String {
    listed(lead.findings.iter().map(|finding| finding.kind.zh().to_owned()), "、")
}

fn times(lead: &Lead) -> String {
    let when = |finding: &Finding| match finding.last_seen_without {
        Some(without) => format!("{without}之后、{}之前", finding.first_seen_with),
        None => format!("{}之前", finding.first_seen_with),
    };
    listed(lead.findings.iter().map(when), ";")
}

fn place(lead: &Lead, crs: &str) -> String {
    let building = lead.findings.iter().find_map(|finding| finding.building_no.as_deref());
    let center = lead.findings.iter().find_map(|finding| finding.outline.centroid());
    let position = center.map(|p| format!("东{:.1} 北{:.1}({crs})", p.x(), p.y()));
    let building = building.map(|no| format!("图册楼号{no}"));
    listed(building.into_iter().chain(position), ",")
}

fn summary(lead: &Lead) -> String {
    let what = lead.findings.iter().map(|f| format!("[{}]{}", f.verdict.zh(), f.explanation.zh));
    format!("{}以上为航拍筛查量测,非测绘成果;以现场勘验和有资质单位测绘为准。", listed(what, ""))
}

fn provisions(lead: &Lead) -> String {
    listed(lead.findings.iter().flat_map(|f| &f.statutes).map(ToString::to_string), "、")
}

fn attachments(lead: &Lead) -> String {
    let name = |what: What| match what {
        What::Before => "前期影像",
        What::After => "本期影像",
        What::PlanOverlay => "图册叠加图",
        What::SourcePhoto => "原始像片",
    };
    let item = |e: &crate::Evidence| format!("{} {} (SHA-256 {})", name(e.what), e.file.display(), e.sha256);
    listed(lead.evidence.iter().map(item), ";")
}

/// Texts in their order, each once.
fn listed(texts: impl Iterator<Item = String>, between: &str) -> String {
    let mut once: Vec<String> = Vec::new();
    for text in texts {
        if !once.contains(&text) {
            once.push(text);
        }
    }
    once.join(between)
}
