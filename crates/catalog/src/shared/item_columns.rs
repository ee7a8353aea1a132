use chrono::DateTime;
use serde_json::Value;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, Row};

use super::document::canonical;
use super::tables::Engine;
use crate::Error;
use crate::search::{NUMBERS, TEXTS};

/// What the table of items says of one, copied from its document.
pub(crate) struct ItemColumns {
    pub collection: String,
    pub id: String,
    project: String,
    times: [i64; 3],
    bbox: Option<[f64; 4]>,
    sha256: Option<String>,
    texts: Vec<Option<String>>,
    numbers: Vec<Option<f64>>,
    pub document: String,
}

impl ItemColumns {
    /// The columns of an item; an item without a name, collection or moment is refused.
    pub fn of(item: &Value) -> Result<Self, Error> {
        let damaged = |what: &'static str| Error::NotAnItem { id: item["id"].to_string(), what };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let properties = &item["properties"];
        let moment = |name: &str| {
            let moment = DateTime::parse_from_rfc3339(properties[name].as_str()?).ok()?;
            Some(moment.timestamp_millis())
        };
        let (from, to) = (moment("start_datetime"), moment("end_datetime"));
        let at = moment("datetime").or(from).ok_or_else(|| damaged("datetime"))?;
        Ok(Self {
            collection: text(&item["collection"]).ok_or_else(|| damaged("collection"))?,
            id: text(&item["id"]).ok_or_else(|| damaged("id"))?,
            project: text(&properties["plumbline:project"]).unwrap_or_default(),
            times: [at, from.unwrap_or(at).min(at), to.unwrap_or(at).max(at)],
            bbox: bbox(&item["bbox"]),
            sha256: digest(item),
            texts: TEXTS.iter().map(|(name, _)| text(&properties[*name])).collect(),
            numbers: NUMBERS.iter().map(|(name, _)| properties[*name].as_f64()).collect(),
            document: canonical(item)?,
        })
    }

    /// What events call the item.
    pub fn subject(&self) -> String {
        format!("item:{}/{}", self.collection, self.id)
    }

    /// Number and document of the item of this name that is there already.
    pub async fn known(&self, db: &mut AnyConnection) -> Result<Option<(i64, String)>, sqlx::Error> {
        let query = "SELECT key, document FROM items WHERE collection = $1 AND id = $2";
        let row = sqlx::query(query).bind(&self.collection).bind(&self.id).fetch_optional(db).await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }

    /// Whether a row says the same.
    pub fn fit(&self, row: &AnyRow) -> Result<bool, sqlx::Error> {
        let sides = ["west", "south", "east", "north"];
        let bbox: Vec<Option<f64>> = sides.iter().map(|side| row.try_get(*side)).collect::<Result<_, _>>()?;
        let times: [i64; 3] = [row.try_get("t")?, row.try_get("t_from")?, row.try_get("t_to")?];
        let texts: Vec<Option<String>> =
            TEXTS.iter().map(|(_, column)| row.try_get(*column)).collect::<Result<_, _>>()?;
        let numbers: Vec<Option<f64>> =
            NUMBERS.iter().map(|(_, column)| row.try_get(*column)).collect::<Result<_, _>>()?;
        Ok(self.collection == row.try_get::<String, _>("collection")?
            && self.id == row.try_get::<String, _>("id")?
            && self.project == row.try_get::<String, _>("project")?
            && self.sha256 == row.try_get::<Option<String>, _>("sha256")?
            && self.times == times
            && bbox == self.bbox.map_or([None; 4], |bbox| bbox.map(Some))
            && texts == self.texts
            && numbers == self.numbers)
    }

    /// Writes the row, in place of the one of its number.
    pub async fn write(&self, db: &mut AnyConnection, engine: Engine, key: i64) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM items WHERE key = $1").bind(key).execute(&mut *db).await?;
        let mut row = sqlx::query(sqlx::AssertSqlSafe(insert()))
            .bind(key)
            .bind(&self.collection)
            .bind(&self.id)
            .bind(&self.project)
            .bind(self.times[0])
            .bind(self.times[1])
            .bind(self.times[2]);
        for i in 0..4 {
            row = bind_number(row, self.bbox.map(|bbox| bbox[i]));
        }
        row = row.bind(&self.sha256);
        for text in &self.texts {
            row = row.bind(text);
        }
        for number in &self.numbers {
            row = bind_number(row, *number);
        }
        row.bind(&self.document).execute(&mut *db).await?;
        self.write_box(db, engine, key).await?;
        self.widen(db).await
    }

    /// Writes the box of the row.
    async fn write_box(&self, db: &mut AnyConnection, engine: Engine, key: i64) -> Result<(), sqlx::Error> {
        if engine == Engine::Postgres {
            return Ok(());
        }
        sqlx::query("DELETE FROM items_box WHERE key = $1").bind(key).execute(&mut *db).await?;
        let Some([west, south, east, north]) = self.bbox else { return Ok(()) };
        sqlx::query("INSERT INTO items_box VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(key)
            .bind(west)
            .bind(east)
            .bind(south)
            .bind(north)
            .bind(self.times[1])
            .bind(self.times[2])
            .execute(&mut *db)
            .await?;
        Ok(())
    }

    /// Widens the extent of the collection.
    async fn widen(&self, db: &mut AnyConnection) -> Result<(), sqlx::Error> {
        let less = |column: &str, sign: char| {
            format!(
                "CASE WHEN extents.{column} {sign} excluded.{column} THEN extents.{column} ELSE coalesce(excluded.{column}, extents.{column}) END"
            )
        };
        let sets: Vec<String> = [
            ("west", '<'),
            ("south", '<'),
            ("east", '>'),
            ("north", '>'),
            ("t_from", '<'),
            ("t_to", '>'),
            ("longest", '>'),
        ]
        .map(|(column, sign)| format!("{column} = {}", less(column, sign)))
        .into();
        let statement = format!(
            "INSERT INTO extents (collection, west, south, east, north, t_from, t_to, longest)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (collection) DO UPDATE SET {}",
            sets.join(", ")
        );
        let mut row = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(&self.collection);
        for i in 0..4 {
            row = bind_number(row, self.bbox.map(|bbox| bbox[i]));
        }
        let [_, from, to] = self.times;
        row.bind(from).bind(to).bind(to - from).execute(db).await?;
        Ok(())
    }

    /// Removes an item's row and box.
    pub async fn remove(
        db: &mut AnyConnection,
        engine: Engine,
        collection: &str,
        id: &str,
    ) -> Result<(), sqlx::Error> {
        if engine == Engine::Sqlite {
            let query = "DELETE FROM items_box WHERE key IN (SELECT key FROM items WHERE collection = $1 AND id = $2)";
            sqlx::query(query).bind(collection).bind(id).execute(&mut *db).await?;
        }
        let query = "DELETE FROM items WHERE collection = $1 AND id = $2";
        sqlx::query(query).bind(collection).bind(id).execute(db).await?;
        Ok(())
    }
}

/// The statement that inserts a row.
fn insert() -> String {
    let own = [
        "key",
        "collection",
        "id",
        "project",
        "t",
        "t_from",
        "t_to",
        "west",
        "south",
        "east",
        "north",
        "sha256",
    ];
    let properties = TEXTS.iter().chain(&NUMBERS).map(|(_, column)| *column);
    let columns: Vec<&str> = own.into_iter().chain(properties).chain(["document"]).collect();
    let places: Vec<String> = (1..=columns.len()).map(|i| format!("${i}")).collect();
    format!("INSERT INTO items ({}) VALUES ({})", columns.join(", "), places.join(", "))
}

/// West, south, east, north; of a box with heights the outer four.
fn bbox(value: &Value) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = value.as_array()?.iter().filter_map(Value::as_f64).collect();
    match numbers[..] {
        [west, south, east, north] | [west, south, _, east, north, _] => Some([west, south, east, north]),
        _ => None,
    }
}

/// SHA-256 of the one file that the item is about: an original, a piece of evidence, a record.
fn digest(item: &Value) -> Option<String> {
    let assets = item["assets"].as_object()?;
    let asset = assets.get("original").or_else(|| assets.get("file"))?;
    asset["href"].as_str()?.strip_prefix("sha256:").map(str::to_owned)
}

/// West, south, east, north of a GeoJSON geometry.
pub(crate) fn bbox_of(geometry: &Value) -> Option<[f64; 4]> {
    let mut bbox: Option<[f64; 4]> = None;
    let mut open = vec![&geometry["coordinates"]];
    while let Some(next) = open.pop() {
        let parts = next.as_array()?;
        match (parts.first().and_then(Value::as_f64), parts.get(1).and_then(Value::as_f64)) {
            (Some(x), Some(y)) => {
                let [w, s, e, n] = bbox.unwrap_or([x, y, x, y]);
                bbox = Some([w.min(x), s.min(y), e.max(x), n.max(y)]);
            }
            _ => open.extend(parts),
        }
    }
    bbox
}

/// Binds a number that may be absent. An absent `f64` would be announced to `PostgreSQL` as 32 bits wide (sqlx 0.9 has the two
/// widths the wrong way round), and the prepared statement then refuses those that are there.
fn bind_number(row: Query<'_, Any, AnyArguments>, number: Option<f64>) -> Query<'_, Any, AnyArguments> {
    match number {
        Some(number) => row.bind(number),
        None => row.bind(None::<f32>),
    }
}
