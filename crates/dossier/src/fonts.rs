use std::fmt;

use typst::text::Font;
use typst_kit::fonts::{FontSource, system};

use crate::Error;

/// Families with Chinese letters, the first that is installed is used.
pub(crate) const FAMILIES: [&str; 3] = ["WenQuanYi Micro Hei", "Noto Sans CJK SC", "Source Han Sans SC"];

/// The Chinese fonts of this machine, looked up and read once for any number of dossiers.
#[derive(Clone)]
pub struct Fonts(Vec<Font>);

impl Fonts {
    /// Those of [the families](Error::NoFont) that are installed.
    pub fn of_system() -> Result<Self, Error> {
        let wanted = |family: &str| FAMILIES.iter().any(|known| known.eq_ignore_ascii_case(family));
        let found = system().filter(|(_, info)| wanted(&info.family)).filter_map(|(path, _)| path.load());
        let found: Vec<Font> = found.collect();
        if found.is_empty() { Err(Error::NoFont { wanted: FAMILIES.join(", ") }) } else { Ok(Self(found)) }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = Font> {
        self.0.iter().cloned()
    }
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|font| &font.info().family)).finish()
    }
}
