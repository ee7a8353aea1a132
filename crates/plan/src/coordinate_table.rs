//! Tables of corner coordinates (坐标表): one line a point, such as `J1, 4104200.000, 544900.000`.

use std::path::Path;

use geo::{Coord, Geometry, LineString, Point, Polygon};

use crate::code_page::CodePage;
use crate::raw::{RawFeature, RawFile, RawLayer, RawShape};
use crate::{Axes, Error};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// Number of the point.
    Point,
    First,
    Second,
    /// Height of the point, which no outline has.
    Height,
    /// Something that all points of a figure share.
    Shared,
}

const POINT: [&str; 8] = ["点号", "点名", "界址点号", "条件点", "序号", "point", "no", "id"];
const HEIGHT: [&str; 5] = ["高程", "高", "h", "z", "height"];
const NORTH: [&str; 3] = ["北", "纵", "north"];
const EAST: [&str; 3] = ["东", "横", "east"];

/// Reads a table as one layer called after the file: a feature a figure, or a feature a point.
///
/// A figure ends at an empty line, where its first point is repeated, or where a column that its points share changes.
pub(crate) fn file(path: &Path, encoding: Option<&str>, as_points: bool) -> Result<RawFile, Error> {
    let bytes = std::fs::read(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let page = match (encoding, std::str::from_utf8(bytes)) {
        (None, Ok(_)) => CodePage { encoding: encoding_rs::UTF_8, by: "its bytes" },
        _ => CodePage::declared(path, encoding)?,
    };
    let text = page.text(path, bytes)?;
    let table = Table::of(path, &text)?;
    let layer = table.layer(path, if as_points { Table::points } else { Table::figures });
    Ok(RawFile {
        layers: vec![layer],
        encoding: page.name(),
        axes: table.axes,
        needs_axes: true,
        ..RawFile::default()
    })
}

struct Table {
    /// Number of the point, then the columns that points share.
    fields: Vec<String>,
    axes: Option<Axes>,
    /// `None` is an empty line.
    rows: Vec<Option<Row>>,
}

#[derive(Clone)]
struct Row {
    line: u64,
    at: Coord<f64>,
    /// One for each field of the table.
    values: Vec<Option<String>>,
}

impl Table {
    fn of(path: &Path, text: &str) -> Result<Self, Error> {
        let mut lines = text.lines().zip(1_u64..).skip_while(|(line, _)| line.trim().is_empty()).peekable();
        let empty = || Error::unusable(path, "holds no coordinates", "export it anew");
        let first = lines.peek().ok_or_else(empty)?.0;
        let named: Vec<String> = cells(first).map(str::to_owned).collect();
        let (columns, axes) = if named.iter().any(|cell| number(cell).is_some()) {
            (vec![Column::Point, Column::First, Column::Second, Column::Height], None)
        } else {
            lines.next();
            named_columns(path, &named)?
        };
        let name =
            |idx: usize| named.get(idx).filter(|name| number(name).is_none()).cloned().unwrap_or_default();
        let shared = (0..columns.len()).filter(|&idx| columns[idx] == Column::Shared).map(name);
        let fields = std::iter::once("point".to_owned()).chain(shared).collect();
        let rows: Result<Vec<_>, Error> =
            lines.map(|(line, number)| row(path, &columns, line, number)).collect();
        let rows = rows?;
        if rows.iter().all(Option::is_none) {
            return Err(empty());
        }
        Ok(Self { fields, axes, rows })
    }

    fn layer(&self, path: &Path, features: impl Fn(&Self) -> Vec<RawFeature>) -> RawLayer {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        RawLayer {
            name,
            fields: self.fields.clone(),
            features: features(self),
            stated_crs: None,
            is_bare: true,
        }
    }

    fn points(&self) -> Vec<RawFeature> {
        let rows = self.rows.iter().flatten().cloned();
        rows.map(|row| RawFeature {
            id: row.line,
            values: row.values,
            shape: RawShape::Drawn(Geometry::Point(Point(row.at))),
        })
        .collect()
    }

    fn figures(&self) -> Vec<RawFeature> {
        let mut figures: Vec<Vec<&Row>> = vec![Vec::new()];
        for row in &self.rows {
            let figure =
                figures.last_mut().filter(|figure| row.as_ref().is_none_or(|row| continues(figure, row)));
            match (figure, row) {
                (Some(figure), Some(row)) => figure.push(row),
                (None, Some(row)) => figures.push(vec![row]),
                (_, None) => figures.push(Vec::new()),
            }
        }
        figures.into_iter().filter(|figure| !figure.is_empty()).map(|figure| outline(&figure)).collect()
    }
}

/// Whether a row is one more point of a figure that is not closed yet.
fn continues(figure: &[&Row], row: &Row) -> bool {
    let (Some(first), Some(last)) = (figure.first(), figure.last()) else { return true };
    let is_closed = figure.len() > 1 && first.at == last.at;
    !is_closed && first.values[1..] == row.values[1..]
}

/// Points in the order of the table, joined and closed.
fn outline(figure: &[&Row]) -> RawFeature {
    let ring = LineString(figure.iter().map(|row| row.at).collect());
    let mut values = figure[0].values.clone();
    values[0] = None;
    let shape = RawShape::Drawn(Geometry::Polygon(Polygon::new(ring, Vec::new())));
    RawFeature { id: figure[0].line, values, shape }
}

/// Cells of a line, parted by commas, semicolons or tabs, or else by blanks.
fn cells(line: &str) -> impl Iterator<Item = &str> {
    let is_mark = |c: char| matches!(c, ',' | '，' | ';' | '\t');
    let by_marks = line.contains(is_mark);
    let is_gap = move |c: char| if by_marks { is_mark(c) } else { c.is_whitespace() };
    line.trim()
        .split(is_gap)
        .map(|cell| cell.trim().trim_matches('"'))
        .filter(move |cell| by_marks || !cell.is_empty())
}

fn number(cell: &str) -> Option<f64> {
    cell.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Columns by their names, and the order of axes where the names tell it.
fn named_columns(path: &Path, names: &[String]) -> Result<(Vec<Column>, Option<Axes>), Error> {
    let has = |name: &str, words: &[&str]| words.iter().any(|word| name.contains(word));
    let mut columns = Vec::new();
    let mut axes = Vec::new();
    for name in names.iter().map(|name| name.to_lowercase()) {
        let is_coordinate = has(&name, &NORTH)
            || has(&name, &EAST)
            || name.starts_with(['x', 'y'])
            || name == "n"
            || name == "e";
        columns.push(if POINT.contains(&name.as_str()) {
            Column::Point
        } else if HEIGHT.contains(&name.as_str()) {
            Column::Height
        } else if !is_coordinate {
            Column::Shared
        } else if axes.is_empty() {
            Column::First
        } else {
            Column::Second
        });
        if is_coordinate {
            let north = has(&name, &NORTH) || name == "n";
            axes.push(
                north
                    .then_some(Axes::NorthEast)
                    .or((has(&name, &EAST) || name == "e").then_some(Axes::EastNorth)),
            );
        }
    }
    match axes[..] {
        [first, Some(second)] if first != Some(second) => Ok((columns, Some(reversed(second)))),
        [first, None] => Ok((columns, first)),
        _ => {
            let what = format!("has no two columns that are coordinates ({})", names.join(", "));
            Err(Error::unusable(path, what, "name them X and Y, or 北坐标 and 东坐标, or north and east"))
        }
    }
}

fn reversed(axes: Axes) -> Axes {
    if axes == Axes::EastNorth { Axes::NorthEast } else { Axes::EastNorth }
}

fn row(path: &Path, columns: &[Column], line: &str, at: u64) -> Result<Option<Row>, Error> {
    if line.trim().is_empty() {
        return Ok(None);
    }
    let cells: Vec<&str> = cells(line).collect();
    let coordinate = |wanted: Column| {
        let cell =
            columns.iter().position(|&column| column == wanted).and_then(|idx| cells.get(idx)).copied();
        cell.and_then(number).ok_or_else(|| Error::TableRow {
            path: path.to_owned(),
            line: at,
            cell: cell.unwrap_or_default().to_owned(),
        })
    };
    let text = |wanted: Column| {
        let of_kind = columns.iter().zip(&cells).filter(move |(column, _)| **column == wanted);
        of_kind.map(|(_, cell)| (!cell.is_empty()).then(|| (*cell).to_owned()))
    };
    let point = text(Column::Point).next().flatten();
    let shared = columns.iter().filter(|&&column| column == Column::Shared).count();
    let mut values: Vec<_> = std::iter::once(point).chain(text(Column::Shared)).collect();
    values.resize(shared + 1, None);
    let at_map = Coord { x: coordinate(Column::First)?, y: coordinate(Column::Second)? };
    Ok(Some(Row { line: at, at: at_map, values }))
}
