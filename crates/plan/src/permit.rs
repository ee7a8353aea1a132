use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::Origin;

/// A building permit with the figures it approves (建设工程规划许可证).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Permit {
    /// Permit number (许可证号), opaque text.
    pub permit_no: String,
    /// Kind as the plan says it: building, temporary, rural (建设, 临时, 乡村).
    pub permit_kind: Option<String>,
    /// Project number (项目编号).
    pub project_no: Option<String>,
    /// Who designed it (设计单位).
    pub designer: Option<String>,
    /// Who approved it (审批单位).
    pub approver: Option<String>,
    /// Day of the approval (审批时间).
    pub approved_at: Option<NaiveDate>,
    /// Last day on which it may be begun or stand, as its kind has it.
    pub expires_at: Option<NaiveDate>,
    /// Floor area in all (总建筑面积), square metres.
    pub gfa_total_m2: Option<f64>,
    /// Floor area above ground (地上建筑面积), square metres.
    pub gfa_above_m2: Option<f64>,
    /// Floor area below ground (地下建筑面积), square metres.
    pub gfa_below_m2: Option<f64>,
    /// Area of the buildings on the ground (占地面积, 基底面积), square metres.
    pub base_area_m2: Option<f64>,
    /// Floor area ratio (容积率).
    pub far: Option<f64>,
    /// Building density (建筑密度), as the plan writes it.
    pub density: Option<f64>,
    /// Green ratio (绿地率), as the plan writes it.
    pub green_ratio: Option<f64>,
    /// Parking places in all (停车位).
    pub parking_total: Option<u32>,
    /// Parking places above ground (地上停车位).
    pub parking_above: Option<u32>,
    /// Parking places below ground (地下停车位).
    pub parking_below: Option<u32>,
    /// Places for bicycles (非机动车停车位).
    pub parking_bicycles: Option<u32>,
    /// Dwellings (套数).
    pub units: Option<u32>,
    /// Where it was read.
    pub origin: Origin,
}
