//! Check points of a simulated flight, held against the truth.

use std::error::Error;
use std::path::Path;

use nalgebra::{DMatrix, DVector, Vector3};
use serde_json::Value;

/// A check point: where it lies on the map, how far it was placed off, and how far it was expected to be.
#[derive(Debug, Clone)]
pub struct CheckError {
    /// Name.
    pub name: String,
    /// East and north, metres.
    pub at: [f64; 2],
    /// Placed minus true position, metres.
    pub off: Vector3<f64>,
    /// Predicted standard uncertainty, metres.
    pub sigma: Vector3<f64>,
}

/// The check points that could be intersected.
pub fn check_errors(city: &Path, block: &Value) -> Result<Vec<CheckError>, Box<dyn Error>> {
    let table = std::fs::read_to_string(city.join("truth/check_points.csv"))?;
    let vector = |value: &Value| -> Option<Vector3<f64>> { serde_json::from_value(value.clone()).ok() };
    let points = block["report"]["ground"]["points"].as_array().ok_or("block.json has no ground points")?;
    let errors = points.iter().filter(|point| point["role"] == "CHECK").filter_map(|point| {
        let name = point["name"].as_str()?;
        let line = table.lines().find(|line| line.split(',').next() == Some(name))?;
        let mut numbers = line.split(',').skip(1).map(str::parse::<f64>);
        let at = [numbers.next()?.ok()?, numbers.next()?.ok()?];
        Some(CheckError {
            name: name.to_owned(),
            at,
            off: vector(&point["residual_m"])?,
            sigma: vector(&point["sigma_m"])?,
        })
    });
    let errors: Vec<CheckError> = errors.collect();
    if errors.is_empty() { Err("no check point was intersected".into()) } else { Ok(errors) }
}

/// Root mean square of errors in units of their predicted standard uncertainty: one where the prediction is right.
pub fn ratio<'a>(errors: impl IntoIterator<Item = &'a CheckError>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for error in errors {
        sum += error.off.component_div(&error.sigma).norm_squared();
        count += 3.0;
    }
    f64::sqrt(sum / count)
}

/// Range, over the check points, of the curved part of the quadratic that fits their height errors best, metres: a domed
/// block sags.
pub fn sag(errors: &[CheckError]) -> f64 {
    let middle = [0, 1].map(|axis| errors.iter().map(|e| e.at[axis]).sum::<f64>() / errors.len() as f64);
    let terms: Vec<[f64; 6]> = errors
        .iter()
        .map(|e| {
            let (x, y) = (e.at[0] - middle[0], e.at[1] - middle[1]);
            [1.0, x, y, x * x, x * y, y * y]
        })
        .collect();
    let design = DMatrix::from_fn(errors.len(), 6, |row, column| terms[row][column]);
    let heights = DVector::from_iterator(errors.len(), errors.iter().map(|e| e.off.z));
    let Ok(fit) = design.svd(true, true).solve(&heights, 1e-12) else { return f64::NAN };
    let curved = terms.iter().map(|t| (3..6).map(|i| fit[i] * t[i]).sum::<f64>());
    let (low, high) = curved.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    high - low
}
