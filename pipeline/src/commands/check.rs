use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use plumbline_photo::check::{Georeference, Inspection, inspect};

use crate::cli::Check;
use crate::commands::{print, print_json};
use crate::error::Error;

/// Exit status of a check that found the flight unfit.
const UNFIT: u8 = 2;

/// `plumbline check FOLDER`: exits 0 when the flight will georeference, 2 when it will not.
pub fn check(arguments: &Check) -> Result<ExitCode, Error> {
    let bar = ProgressBar::new(1);
    bar.set_style(
        ProgressStyle::with_template("{wide_bar} {pos}/{len}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let inspection = inspect(&arguments.folder, &|done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    if arguments.json {
        print_json(&inspection)?;
    } else {
        print(&describe(&inspection));
    }
    let fit = inspection.summary.georeference != Georeference::No;
    Ok(if fit { ExitCode::SUCCESS } else { ExitCode::from(UNFIT) })
}

fn describe(inspection: &Inspection) -> String {
    let summary = &inspection.summary;
    let percent = |share: Option<f64>| share.map_or("?".into(), |share| format!("{:.0} %", 100.0 * share));
    let mut lines = vec![
        format!("files 文件           {}", summary.files),
        format!("usable 可用          {}", summary.usable),
        format!("forward overlap 航向 {}", percent(summary.forward_overlap)),
        format!("side overlap 旁向    {}", percent(summary.side_overlap)),
        format!("RTK fixed 固定解     {:.0} %", 100.0 * summary.rtk_fixed),
        format!(
            "pixel 分辨率         {}",
            summary.gsd_m.map_or("?".into(), |gsd| format!("{:.1} cm", 100.0 * gsd))
        ),
        format!(
            "area 面积            {}",
            summary.area_m2.map_or("?".into(), |a| format!("{:.2} ha", a / 1e4))
        ),
    ];
    for problem in &inspection.problems {
        let mark = if problem.leave_out { "LEFT OUT 不用" } else { "NOTE 注意" };
        lines.push(format!("\n{mark}  {}", problem.photo));
        lines.push(format!("  {}\n  {}", problem.message.zh, problem.message.en));
        lines.push(format!("  → {}\n  → {}", problem.remedy.zh, problem.remedy.en));
    }
    let verdict = match summary.georeference {
        Georeference::Yes => "\nWILL GEOREFERENCE 可以定位",
        Georeference::Doubtful => "\nMAY NOT GEOREFERENCE 定位可能失败",
        Georeference::No => "\nWILL NOT GEOREFERENCE 无法定位",
    };
    lines.push(verdict.to_owned());
    lines.extend(summary.reasons.iter().map(|reason| format!("  {}\n  {}", reason.zh, reason.en)));
    lines.join("\n")
}
