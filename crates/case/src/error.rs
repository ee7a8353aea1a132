use std::io;
use std::path::PathBuf;

use crate::State;

/// What can go wrong with leads, cases and their pictures.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The life cycle has no such step.
    #[error("a case cannot go from {from} to {to}: see State::next for the states that may follow")]
    IllegalTransition {
        /// State before.
        from: State,
        /// State wanted.
        to: State,
    },
    /// The step is an act of the agency.
    #[error("going from {from} to {to} is an act of the agency: two certificated officers must do it")]
    NeedsOfficers {
        /// State before.
        from: State,
        /// State wanted.
        to: State,
    },
    /// A pair of officers is not two certificated people.
    #[error("{first:?} and {second:?} are not two officers with certificates of their own (行政处罚法 42)")]
    NotTwoOfficers {
        /// First name.
        first: String,
        /// Second name.
        second: String,
    },
    /// Legal and technical review must both have passed before something is evidence.
    #[error(
        "{file} is not evidence yet: it needs a passed legal and technical review by someone other than its maker (行政处罚法 41)"
    )]
    NotReviewed {
        /// The file.
        file: PathBuf,
    },
    /// A file could not be read.
    #[error("cannot read {path}: is it there and readable?")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file of terms is not as it should be.
    #[error("{path} is no file of terms: compare it with packs/procedure.toml of the crate `case`")]
    Procedure {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A text is no number of a document.
    #[error("{text:?} is no number of a document: it is written 垦执立字〔2017〕第12号")]
    NoDocumentNumber {
        /// What was given.
        text: String,
    },
    /// The procedure does not know a sort of document.
    #[error("the procedure has no document {code:?}: add a [[paper]] to the file given with --procedure")]
    NoPaper {
        /// Its code.
        code: String,
    },
    /// The procedure does not say how the agency's numbers begin.
    #[error(
        "the procedure does not say how the agency's numbers begin: add agency = \"…\" to the file given with --procedure"
    )]
    NoAgency,
    /// A finding without a place.
    #[error("the finding has an empty outline: there is nothing to picture")]
    EmptyOutline,
}
