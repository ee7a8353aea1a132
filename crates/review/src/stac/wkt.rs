//! Geometries of CQL2 text: well-known text becomes `GeoJSON`.

use serde_json::{Value, json};

use crate::Problem;
use crate::stac::cql2::Reader;
use crate::stac::token::{Token, refused};

/// Geometries with how deep their brackets are nested.
const SORTS: [(&str, &str, usize); 6] = [
    ("POINT", "Point", 0),
    ("LINESTRING", "LineString", 1),
    ("MULTIPOINT", "MultiPoint", 1),
    ("POLYGON", "Polygon", 2),
    ("MULTILINESTRING", "MultiLineString", 2),
    ("MULTIPOLYGON", "MultiPolygon", 3),
];

/// The geometry that a word begins; none where it begins none.
pub(super) fn geometry(word: &str, reader: &mut Reader) -> Result<Option<Value>, Problem> {
    if word.eq_ignore_ascii_case("BBOX") || word.eq_ignore_ascii_case("ENVELOPE") {
        return bbox(reader).map(Some);
    }
    let Some((_, name, depth)) = SORTS.iter().find(|(sort, ..)| sort.eq_ignore_ascii_case(word)) else {
        return Ok(None);
    };
    if reader.is_name("Z") {
        reader.skip();
    }
    reader.expect("(")?;
    let coordinates =
        if *depth == 0 { position(reader)? } else { list(reader, *depth, *name == "MultiPoint")? };
    reader.expect(")")?;
    Ok(Some(json!({ "type": name, "coordinates": coordinates })))
}

/// Corners, rings or polygons with commas between them.
fn list(reader: &mut Reader, depth: usize, points: bool) -> Result<Value, Problem> {
    let mut all = Vec::new();
    loop {
        let bracketed = depth > 1 || (points && reader.is_sign("("));
        if bracketed {
            reader.expect("(")?;
        }
        all.push(if depth > 1 { list(reader, depth - 1, false)? } else { position(reader)? });
        if bracketed {
            reader.expect(")")?;
        }
        if !reader.is_sign(",") {
            return Ok(Value::Array(all));
        }
        reader.skip();
    }
}

/// Two numbers, or three, without commas.
fn position(reader: &mut Reader) -> Result<Value, Problem> {
    let mut numbers = vec![reader.number()?, reader.number()?];
    if matches!(reader.peek(), Some(Token::Number(_))) {
        numbers.push(reader.number()?);
    }
    Ok(json!(numbers))
}

/// A box as the polygon of its corners.
fn bbox(reader: &mut Reader) -> Result<Value, Problem> {
    reader.expect("(")?;
    let mut numbers = vec![reader.number()?];
    while reader.is_sign(",") {
        reader.skip();
        numbers.push(reader.number()?);
    }
    reader.expect(")")?;
    let (w, s, e, n) = match numbers[..] {
        [w, s, e, n] | [w, s, _, e, n, _] => (w, s, e, n),
        _ => return Err(refused("a box has 4 or 6 numbers")),
    };
    Ok(json!({ "type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]] }))
}
