use crate::Error;

/// Properties of items that are texts, each with its column.
pub(crate) const TEXTS: [(&str, &str); 15] = [
    ("plumbline:flight", "p_flight"),
    ("plumbline:epoch", "p_epoch"),
    ("plumbline:lead", "p_lead"),
    ("plumbline:kind", "p_kind"),
    ("plumbline:verdict", "p_verdict"),
    ("plumbline:priority", "p_priority"),
    ("plumbline:state", "p_state"),
    ("plumbline:presence", "p_presence"),
    ("plumbline:building_no", "p_building_no"),
    ("plumbline:what", "p_what"),
    ("plumbline:producer", "p_producer"),
    ("plumbline:template", "p_template"),
    ("plumbline:step", "p_step"),
    ("plumbline:subject", "p_subject"),
    ("plumbline:grade", "p_grade"),
];

/// Properties of items that are numbers, each with its column.
pub(crate) const NUMBERS: [(&str, &str); 4] = [
    ("gsd", "p_gsd"),
    ("plumbline:measured", "p_measured"),
    ("plumbline:sigma", "p_sigma"),
    ("plumbline:limit", "p_limit"),
];

/// What items can be asked and sorted by beside their properties, each with its column.
const OWN: [(&str, Sort, &str); 6] = [
    ("id", Sort::Text, "id"),
    ("collection", Sort::Text, "collection"),
    ("plumbline:project", Sort::Text, "project"),
    ("datetime", Sort::Moment, "t"),
    ("start_datetime", Sort::Moment, "t_from"),
    ("end_datetime", Sort::Moment, "t_to"),
];

/// A property that searches may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queryable {
    /// Its name, as in items.
    pub name: &'static str,
    /// What its values are.
    pub sort: Sort,
    /// Its column.
    pub(crate) column: &'static str,
}

/// What the values of a property are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Texts.
    Text,
    /// Numbers.
    Number,
    /// Moments.
    Moment,
}

/// Everything that searches may name, beside `geometry`.
pub fn queryables() -> impl Iterator<Item = Queryable> {
    let own = OWN.iter().map(|&(name, sort, column)| Queryable { name, sort, column });
    let texts = TEXTS.iter().map(|&(name, column)| Queryable { name, sort: Sort::Text, column });
    let numbers = NUMBERS.iter().map(|&(name, column)| Queryable { name, sort: Sort::Number, column });
    own.chain(texts).chain(numbers)
}

impl Queryable {
    /// The property of a name; `properties.` before it is allowed, as sort requests of STAC have it.
    pub(crate) fn named(name: &str) -> Result<Self, Error> {
        let short = name.strip_prefix("properties.").unwrap_or(name);
        queryables().find(|queryable| queryable.name == short).ok_or_else(|| Error::NotQueryable {
            name: name.to_owned(),
            known: queryables().map(|queryable| queryable.name).collect::<Vec<_>>().join(", "),
        })
    }
}
