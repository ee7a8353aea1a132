use geo::{BoundingRect, Geometry, Intersects};
use serde_json::Value;

use super::filter::operation;
use crate::Error;

/// Geometries that items must meet, all of them.
#[derive(Debug, Default)]
pub(super) struct Geometries(Vec<(Geometry, [f64; 4])>);

impl Geometries {
    /// Adds a GeoJSON geometry.
    pub fn add(&mut self, geometry: &Value) -> Result<(), Error> {
        let geometry = read(geometry)?;
        let bounds = geometry.bounding_rect().ok_or_else(|| refused("it is empty"))?;
        let bbox = [bounds.min().x, bounds.min().y, bounds.max().x, bounds.max().y];
        self.0.push((geometry, bbox));
        Ok(())
    }

    /// Takes `s_intersects` out of a filter, alone or under `and`; returns what is left of it.
    pub fn take_from(&mut self, filter: &Value) -> Result<Option<Value>, Error> {
        if filter.is_boolean() {
            return Ok(Some(filter.clone()));
        }
        let (op, args) = operation(filter)?;
        match (op, args) {
            ("s_intersects", [property, geometry]) if property["property"] == "geometry" => {
                self.add(geometry)?;
                Ok(None)
            }
            ("and", [_, ..]) => {
                let left = args.iter().map(|arg| self.take_from(arg)).collect::<Result<Vec<_>, _>>()?;
                let mut left: Vec<Value> = left.into_iter().flatten().collect();
                Ok(match left.len() {
                    0 => None,
                    1 => left.pop(),
                    _ => Some(serde_json::json!({ "op": "and", "args": left })),
                })
            }
            _ => Ok(Some(filter.clone())),
        }
    }

    /// Boxes around them.
    pub fn boxes(&self) -> impl Iterator<Item = [f64; 4]> {
        self.0.iter().map(|(_, bbox)| *bbox)
    }

    /// Whether there are any.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an item's geometry meets them all.
    pub fn meet(&self, geometry: &Value) -> bool {
        if self.is_empty() {
            return true;
        }
        let Ok(own) = read(geometry) else { return false };
        self.0.iter().all(|(wanted, _)| wanted.intersects(&own))
    }
}

fn read(geometry: &Value) -> Result<Geometry, Error> {
    let read: Result<geojson::Geometry, _> = geometry.clone().try_into();
    read.and_then(TryInto::try_into).map_err(|error| refused(&error.to_string()))
}

fn refused(why: &str) -> Error {
    Error::BadGeometry { why: why.to_owned() }
}
