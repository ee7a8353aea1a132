use chrono::{DateTime, Utc};

use crate::Problem;

/// A span of time, open where none.
pub(super) type Span = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// Reads `datetime` of a search: a moment, or two with a slash between them, either of which may be open (RFC 3339, section 5.6).
pub(super) fn span(text: &str) -> Result<Span, Problem> {
    match text.split('/').collect::<Vec<_>>()[..] {
        [one] => moment(one).map(|moment| (Some(moment), Some(moment))),
        [from, to] => {
            let span = (open(from)?, open(to)?);
            let backwards = span.0.zip(span.1).is_some_and(|(from, to)| to < from);
            let endless = span == (None, None);
            if backwards || endless { Err(wrong(text)) } else { Ok(span) }
        }
        _ => Err(wrong(text)),
    }
}

fn open(text: &str) -> Result<Option<DateTime<Utc>>, Problem> {
    if text.is_empty() || text == ".." { Ok(None) } else { moment(text).map(Some) }
}

fn moment(text: &str) -> Result<DateTime<Utc>, Problem> {
    // The standard allows `t` and `z`; chrono would take a blank for the T too, which a query's `+` becomes.
    let upper = text.to_ascii_uppercase();
    let is_shaped = upper.as_bytes().get(10) == Some(&b'T');
    let moment = DateTime::parse_from_rfc3339(&upper).ok().filter(|_| is_shaped);
    moment.map(|moment| moment.with_timezone(&Utc)).ok_or_else(|| wrong(text))
}

fn wrong(text: &str) -> Problem {
    let short: String = text.chars().take(80).collect();
    let en = format!("{short:?} is no moment or interval of RFC 3339");
    Problem::bad_request("datetime 须为 RFC 3339 时刻或时段", en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_spans_are_those_of_rfc_3339() {
        for text in [
            "1985-04-12T23:20:50.52Z",
            "1996-12-19T16:39:57-00:00",
            "1985-12-12t23:20:50.520z",
            "../1985-04-12T23:20:50Z",
            "1985-04-12T23:20:50Z/..",
            "1985-04-12T23:20:50Z/",
            "/1985-04-12T23:20:50Z",
            "1990-12-31T23:59:59+08:00",
            "1985-04-12T23:20:50Z/1986-04-12T23:20:50+01:00",
            "1937-01-01T12:00:27.8710+00:20",
        ] {
            assert!(span(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "/",
            "../..",
            "/..",
            "1985-04-12",
            "1985-04-12T23:20:50",
            "1985-04-12 23:20:50Z",
            "1985-13-12T23:20:50Z",
            "1986-04-12T23:20:50Z/1985-04-12T23:20:50Z",
            "a/b",
            "1/2/3",
            "../../..",
            "1985-12-12T23:20:50.Z",
            "37-01-01T12:00:27Z",
            "1985-12-12T23:20:50,52Z",
            "yesterday",
        ] {
            assert!(span(text).is_err(), "{text}");
        }
        let (from, to) = span("2025-06-12T08:00:00+08:00").unwrap();
        assert_eq!(from, to);
        assert_eq!(from.unwrap().to_rfc3339(), "2025-06-12T00:00:00+00:00");
    }
}
