//! Records of the whole process from any producer: what they must say, and whether a subject's are complete.

mod common_record;
mod completeness;
mod file;
mod templates;

pub use common_record::{Gap, Record, Step};
pub use completeness::{Completeness, StepRecords};
pub use templates::{Producer, RecordTemplates, Template, TemplateStep, Trigger};
