//! Files with attributes, written by GDAL.

use std::path::Path;

use gdal::DriverManager;
use gdal::spatial_ref::SpatialRef;
use gdal::vector::{
    Feature, FieldDefn, Geometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType,
};

/// A layer of text fields: `rows` hold a WKT (or nothing) and one text per field.
#[derive(Clone, Copy)]
pub struct Sheet<'a> {
    pub name: &'a str,
    /// `None` for a file that does not say it.
    pub epsg: Option<u32>,
    pub fields: &'a [&'a str],
    pub rows: &'a [(&'a str, &'a [&'a str])],
}

/// Fields and values of building 3#.
pub const FIELDS: &[&str] = &["楼号", "总高"];
pub const VALUES: &[&str] = &["3#", "18.9"];

/// Outlines of approved buildings.
pub fn buildings<'a>(rows: &'a [(&'a str, &'a [&'a str])]) -> Sheet<'a> {
    Sheet { name: "建筑", epsg: Some(4547), fields: FIELDS, rows }
}

pub fn write(driver: &str, path: &Path, options: &[&str], sheets: &[Sheet<'_>]) {
    let mut dataset = DriverManager::get_driver_by_name(driver).unwrap().create_vector_only(path).unwrap();
    for sheet in sheets {
        let drawn = sheet.rows.iter().any(|(wkt, _)| !wkt.is_empty());
        let of_polygons = driver == "ESRI Shapefile" || driver == "OpenFileGDB";
        let ty = match drawn {
            true if of_polygons => OGRwkbGeometryType::wkbMultiPolygon,
            true => OGRwkbGeometryType::wkbUnknown,
            false => OGRwkbGeometryType::wkbNone,
        };
        let srs = sheet.epsg.filter(|_| drawn).map(|code| SpatialRef::from_epsg(code).unwrap());
        let options = LayerOptions { name: sheet.name, srs: srs.as_ref(), ty, options: Some(options) };
        let layer = dataset.create_layer(options).unwrap();
        for field in sheet.fields {
            FieldDefn::new(field, OGRFieldType::OFTString).unwrap().add_to_layer(&layer).unwrap();
        }
        for (wkt, values) in sheet.rows {
            let mut feature = Feature::new(layer.defn()).unwrap();
            for (i, value) in values.iter().enumerate() {
                feature.set_field_string(i, value).unwrap();
            }
            if !wkt.is_empty() && *wkt != "-" {
                feature.set_geometry(Geometry::from_wkt(wkt).unwrap()).unwrap();
            }
            feature.create(&layer).unwrap();
        }
    }
    dataset.close().unwrap();
}

/// A Shapefile in an encoding, then with its .cpg replaced and its language driver id set.
pub fn shapefile(path: &Path, encoding: &str, cpg: Option<&str>, driver_id: u8, sheet: Sheet<'_>) {
    write("ESRI Shapefile", path, &[&format!("ENCODING={encoding}")], &[sheet]);
    std::fs::remove_file(path.with_extension("cpg")).unwrap();
    if let Some(cpg) = cpg {
        std::fs::write(path.with_extension("cpg"), cpg).unwrap();
    }
    let mut table = std::fs::read(path.with_extension("dbf")).unwrap();
    table[29] = driver_id;
    std::fs::write(path.with_extension("dbf"), table).unwrap();
}
