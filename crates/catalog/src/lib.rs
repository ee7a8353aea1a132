#![doc = include_str!("../README.md")]

mod bundle;
mod error;
mod fault;
mod footprint;
mod record;
mod retention;
mod run;
mod search;
mod shared;
pub mod stac;
mod verify;

pub use bundle::{BundleFault, verify_bundle};
pub use error::Error;
pub use fault::Fault;
pub use record::{
    Completeness, Gap, Producer, Record, RecordTemplates, Step, StepRecords, Template, TemplateStep, Trigger,
};
pub use retention::{
    BurnedDisc, Disc, DiscCheck, DiscFile, DiscRules, Grade, GradeFile, Graded, Hold, Keep, Lowering,
    MANIFEST, Pin, Reason, RetentionRules, Swept, Tombstone,
};
pub use run::{
    Action, Contents, CustodyEvent, CustodyLog, EpochRecord, FlightRecord, PhotoRecord, Product, ProductKind,
    RunCatalog, Software,
};
pub use search::{Page, Queryable, Search, Sort, Span, Token, queryables};
pub use shared::{
    Account, Act, Catalog, Decision, DecisionFile, EpochFiles, Event, FileKind, Filed, Filing, Imported,
    LeadFile, LeadPage, LeadQuery, LeadRow, NumberFile, Outcome, Place, Project, ReviewFile, ReviewKind,
    Role, Second, Session, StoredFile, TABLES, Void,
};
