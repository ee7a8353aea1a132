use std::fs;
use std::path::Path;

use minijinja::{AutoEscape, Environment, HtmlEscape, Value};

use crate::Error;

/// The templates of all pages. Every text from outside is escaped.
pub(crate) fn pages() -> Result<Environment<'static>, Error> {
    let mut pages = Environment::new();
    pages.set_auto_escape_callback(|_| AutoEscape::Html);
    pages.set_trim_blocks(true);
    pages.set_lstrip_blocks(true);
    pages.add_filter("both", both);
    pages.add_filter("figure", figure);
    pages.add_template("report", include_str!("../templates/report.html"))?;
    pages.add_template("map", include_str!("../templates/map.html"))?;
    pages.add_template("card", include_str!("../templates/card.html"))?;
    pages.add_template("timeline", include_str!("../templates/timeline.html"))?;
    pages.add_template("coverage", include_str!("../templates/coverage.html"))?;
    pages.add_template("trends", include_str!("../templates/trends.html"))?;
    pages.add_template("plan", include_str!("../templates/plan.svg"))?;
    pages.add_template("block", include_str!("../templates/block.html"))?;
    Ok(pages)
}

/// Writes a page so that nobody ever sees half of it.
pub(crate) fn write_whole(path: &Path, page: &str) -> Result<(), Error> {
    let under_way = path.with_extension("part");
    let failed = |source| Error::Write { path: path.to_owned(), source };
    fs::write(&under_way, page).map_err(failed)?;
    fs::rename(&under_way, path).map_err(failed)
}

/// A number with so many decimals; a dash where it is not finite.
fn figure(value: f64, decimals: usize) -> String {
    if value.is_finite() { format!("{value:.decimals$}") } else { "–".to_owned() }
}

/// A text of two languages as a pair of elements, of which the reader may hide one; as plain text where both agree.
fn both(text: &Value) -> Result<Value, minijinja::Error> {
    let [zh, en] = [text.get_attr("zh")?, text.get_attr("en")?].map(|text| text.to_string());
    if zh == en {
        return Ok(Value::from(zh));
    }
    let pair =
        format!("<span lang=\"zh\">{}</span> <span lang=\"en\">{}</span>", HtmlEscape(&zh), HtmlEscape(&en));
    Ok(Value::from_safe_string(pair))
}
