//! Records of the whole process from any producer: what they must say, and whether a subject's are complete.

mod completeness;
mod file;
mod record;
mod templates;

pub use completeness::{Completeness, StepRecords};
pub use record::{Gap, Record, Step};
pub use templates::{Producer, RecordTemplates, Template, TemplateStep, Trigger};
