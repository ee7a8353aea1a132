#![doc = include_str!("../README.md")]

mod dossier;
mod error;
mod fonts;
mod remark;
mod sheet;
mod window;

pub use dossier::Dossier;
pub use error::Error;
pub use fonts::Fonts;
pub use remark::Remark;
