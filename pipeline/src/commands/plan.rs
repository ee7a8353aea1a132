use std::process::ExitCode;

use plumbline_geodesy::{Crs, Lla, MapPoint};
use plumbline_plan::{Contents, LayerContents, Plan, Proposal, Register, SourceSpec, Survey, propose, read};
use serde::Serialize;

use crate::cli::InspectPlan;
use crate::commands::{print, print_json};
use crate::drawn_plan::drawing;
use crate::error::Error;

/// What `plumbline plan inspect --json` prints.
#[derive(Debug, Serialize)]
struct Answer {
    contents: Contents,
    /// The map on which the plan was wanted.
    survey_crs: String,
    /// Readings of the coordinates for a person to confirm; empty where there is no doubt.
    proposals: Vec<Proposal>,
    /// Why it was refused.
    refused: Option<String>,
    /// What was understood; the elements themselves are in it.
    plan: Option<Plan>,
}

/// `plumbline plan inspect FILE`.
pub fn inspect(arguments: &InspectPlan) -> Result<ExitCode, Error> {
    let spec = spec(arguments);
    let contents = Contents::of(&spec)?;
    let crs = survey_crs(arguments, &contents)?;
    let place = arguments.near.map(|(east, north)| MapPoint { east, north, height: 0.0 });
    let survey = Survey { crs: &crs, place };
    let plan = read(&spec, &survey);
    let in_doubt = arguments.against.is_some() || plan.is_err();
    let proposals =
        if in_doubt { propose(&spec, &survey, arguments.against.as_deref())? } else { Vec::new() };
    if let (Ok(plan), Some(picture)) = (&plan, &arguments.picture) {
        drawing(plan, &crs, picture)?;
    }
    let refused = plan.as_ref().err().map(ToString::to_string);
    let (plan, error) = plan.map_or_else(|error| (None, Some(error)), |plan| (Some(plan), None));
    let answer = Answer { contents, survey_crs: crs.definition().to_owned(), proposals, refused, plan };
    if arguments.json {
        print_json(&answer)?;
    } else {
        print(&answer.table());
    }
    error.map_or(Ok(ExitCode::SUCCESS), |error| Err(error.into()))
}

fn spec(arguments: &InspectPlan) -> SourceSpec {
    let control = arguments.register_control.clone().map(Register::Control);
    SourceSpec {
        crs: arguments.crs.clone(),
        layer_map: arguments.layers.clone(),
        axes: arguments.axes,
        unit: arguments.unit,
        encoding: arguments.encoding.clone(),
        u_m: arguments.u_m,
        register: control.or_else(|| arguments.register_outlines.clone().map(Register::Outlines)),
        ..SourceSpec::of(&arguments.file)
    }
}

/// The map that was asked for, or else that of the plan.
fn survey_crs(arguments: &InspectPlan, contents: &Contents) -> Result<Crs, Error> {
    if let Some(asked) = &arguments.survey_crs {
        return Ok(Crs::new(asked)?);
    }
    let stated = || contents.layers.iter().filter_map(|layer| layer.stated_crs.as_deref());
    let projected = arguments.crs.as_deref().into_iter().chain(stated()).find_map(|crs| Crs::new(crs).ok());
    let zone = || {
        let extent = contents.layers.iter().find_map(|layer| layer.extent)?;
        let (longitude_deg, latitude_deg) = extent.center().x_y();
        let is_in_degrees = longitude_deg.abs() <= 180.0 && latitude_deg.abs() <= 84.0;
        is_in_degrees.then(|| Crs::utm(&Lla { latitude_deg, longitude_deg, height_m: 0.0 }))
    };
    projected.or_else(zone).ok_or_else(|| Error::NoSurveyMap { path: arguments.file.clone() })
}

impl Answer {
    fn table(&self) -> String {
        let Contents { encoding, unit, axes, layers } = &self.contents;
        let unit = unit.map_or("-", |unit| unit.symbol());
        let axes = axes.map_or("-", |axes| axes.name());
        let head = format!(
            "texts 文字: {encoding}; stated 文件注明: unit 单位 {unit}, axes 坐标顺序 {axes}\n\n\
             {:>8}  {:<24} {:<22} {:<14} layer 图层",
            "features", "what it is 含义", "drawn 图形", "crs 坐标系"
        );
        let mut lines = vec![head];
        lines.extend(layers.iter().map(line));
        match &self.plan {
            Some(plan) => lines.extend(understood(plan, &self.survey_crs)),
            None => lines.push("\nnothing was read, see the error below 未读取，原因见下".to_owned()),
        }
        if !self.proposals.is_empty() {
            let head =
                "\nhow the coordinates may be meant, for a person to confirm 坐标可能的读法（须人工确认）:";
            lines.push(head.to_owned());
            lines.extend(self.proposals.iter().map(|proposal| format!("  {}", proposal.line())));
        }
        lines.join("\n")
    }
}

/// One layer of the file, and what is made of it.
fn line(layer: &LayerContents) -> String {
    let meaning = match (layer.mapped, layer.proposed) {
        (Some(kind), _) => format!("{} {}", kind.name(), kind.chinese()),
        (None, Some(kind)) => format!("unmapped, {}? {}?", kind.name(), kind.chinese()),
        (None, None) if layer.fields.iter().any(|field| field == "kind") => {
            "by its features 按要素".to_owned()
        }
        (None, None) => "unmapped 未对照".to_owned(),
    };
    let drawn: Vec<String> = layer.drawn.iter().map(|(what, count)| format!("{count} {what}")).collect();
    let crs = layer.stated_crs.as_deref().map_or("-", |crs| if crs.len() > 14 { "(text)" } else { crs });
    format!("{:>8}  {meaning:<24} {:<22} {crs:<14} {}", layer.features, drawn.join(", "), layer.name)
}

/// What was read, as lines.
fn understood(plan: &Plan, survey_crs: &str) -> Vec<String> {
    let source = &plan.sources[0];
    let mut lines = vec![format!(
        "\nread 已读取: {} elements 要素, {} ({:?}), u {:.2} m, sha256 {}",
        plan.len(),
        source.reading.crs,
        source.understood.said_by.crs,
        source.u_m,
        &source.sha256[..16]
    )];
    if let Some(extent) = source.understood.extent {
        let (min, max) = (extent.min(), extent.max());
        lines.push(format!(
            "extent 范围 ({survey_crs}): east 东 {:.2} to {:.2}, north 北 {:.2} to {:.2}",
            min.x, max.x, min.y, max.y
        ));
    }
    for layer in &source.understood.layers {
        let left =
            if layer.left_out == 0 { String::new() } else { format!(", {} left out 略去", layer.left_out) };
        let kind = layer.kind;
        lines.push(format!(
            "{:>8}  {} {}{left}, from 图层 {}",
            layer.elements,
            kind.name(),
            kind.chinese(),
            layer.layer
        ));
    }
    if !source.understood.absent.is_empty() {
        lines.push(format!(
            "in the map but not in the file 对照表有而文件无: {}",
            source.understood.absent.join(", ")
        ));
    }
    if let Some(registration) = &source.registration {
        let grid = registration.grid;
        lines.push(format!(
            "registered 配准: {} points 点, rms {:.3} m; dx {:.3}, dy {:.3}, rotation 旋转 {:.6} deg, scale 尺度 {:.7}",
            registration.points.len(), registration.rms_m, grid.dx, grid.dy, grid.rotation_deg, grid.scale
        ));
    }
    lines
}
