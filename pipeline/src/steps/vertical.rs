//! Which surface the heights of an epoch are counted from, and what is said about it.

use plumbline_adjustment::{Reference, Report, TieVerdict};
use plumbline_geodesy::{HeightDatum, HeightSource, Heights, Lla, VerticalModel};
use plumbline_photo::Photo;
use plumbline_photo::check::Text;
use plumbline_raster::read_undulations;

use crate::config::Vertical;
use crate::error::Error;
use crate::steps::epoch::Epoch;
use crate::steps::photo::FlightPhotos;

/// What the photos' heights count from once the project's vertical model has been applied, and the photos with these
/// heights. Only a flight whose heights are all above the ellipsoid is changed.
pub fn applied(vertical: Option<&Vertical>, photos: &[Photo]) -> Result<(Heights, Vec<Photo>), Error> {
    let mut photos = photos.to_vec();
    let said = Heights::of_photos(datum(&photos));
    let Some(vertical) = vertical.filter(|_| said.datum == HeightDatum::Ellipsoid) else {
        return Ok((said, photos));
    };
    let positions = || photos.iter().filter_map(|photo| photo.position).map(|p| p.lla);
    let model = model(vertical, &positions().collect::<Vec<_>>())?;
    let undulations = positions().map(|p| model.undulation_m(&p)).collect::<Result<Vec<f64>, _>>()?;
    let (least, most) =
        undulations.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &n| (a.min(n), b.max(n)));
    let source = match &model {
        VerticalModel::None => return Ok((said, photos)),
        VerticalModel::Offset { undulation_m } => HeightSource::Offset { undulation_m: *undulation_m },
        VerticalModel::Grid(grid) => HeightSource::Grid {
            grid: grid.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            undulation_m: [least, most],
        },
    };
    for position in photos.iter_mut().filter_map(|photo| photo.position.as_mut()) {
        position.lla = model.from_ellipsoidal(&position.lla)?;
        position.height_datum = HeightDatum::National;
    }
    Ok((Heights { datum: HeightDatum::National, name: Some(vertical.datum.clone()), source }, photos))
}

/// The model that a project states, as far as it reaches around some places.
fn model(vertical: &Vertical, around: &[Lla]) -> Result<VerticalModel, Error> {
    Ok(match (vertical.offset_m, &vertical.grid) {
        (Some(undulation_m), _) => VerticalModel::Offset { undulation_m },
        (None, Some(grid)) => VerticalModel::Grid(read_undulations(grid, around)?),
        (None, None) => VerticalModel::None,
    })
}

/// The least informative datum among the photos.
fn datum(photos: &[Photo]) -> HeightDatum {
    let datums: Vec<HeightDatum> = photos.iter().filter_map(|p| p.position).map(|p| p.height_datum).collect();
    let all = |datum| !datums.is_empty() && datums.iter().all(|&d| d == datum);
    match (all(HeightDatum::Ellipsoid), all(HeightDatum::TakeOff)) {
        (true, _) => HeightDatum::Ellipsoid,
        (_, true) => HeightDatum::TakeOff,
        _ => HeightDatum::Unknown,
    }
}

/// What the heights of a placed block count from, and what to know before relying on them.
///
/// They are those of the earlier epoch where the block is tied to one, else those of the control points where these hold it,
/// else what its photos say.
pub fn settled(
    vertical: Option<&Vertical>,
    flight: &FlightPhotos,
    report: &Report,
    earlier: Option<&Epoch>,
) -> (Heights, Vec<Text>) {
    let own = match report.reference {
        Reference::GroundControl => of_control(vertical),
        Reference::Gnss => flight.heights.clone(),
        Reference::NotGeoreferenced => Heights::of_photos(HeightDatum::Unknown),
    };
    let heights = earlier.map_or_else(|| own.clone(), |earlier| beside(&own, report, earlier));
    let unmet = vertical
        .filter(|vertical| heights.name.as_ref() != Some(&vertical.datum))
        .map(|vertical| unmet(vertical, flight.heights.datum));
    let apart = earlier
        .filter(|earlier| !own.share_datum(&earlier.heights))
        .map(|earlier| apart(&heights, &earlier.id));
    let remarks = said(&heights).into_iter().chain(unmet).chain(apart).collect();
    (heights, remarks)
}

/// Heights of a block that was to be tied to an earlier epoch.
fn beside(own: &Heights, report: &Report, earlier: &Epoch) -> Heights {
    let is_tied = report.tie.as_ref().is_some_and(|tie| tie.verdict == TieVerdict::Comparable);
    if is_tied {
        return Heights { source: HeightSource::EarlierEpoch, ..earlier.heights.clone() };
    }
    // Without a tie, heights of no lasting surface were counted from the earlier flight's ground, which is not theirs.
    let is_kept = own.share_datum(&earlier.heights) || report.reference == Reference::GroundControl;
    if is_kept { own.clone() } else { Heights::of_photos(HeightDatum::Unknown) }
}

/// Heights of control points: in the datum that the project names.
fn of_control(vertical: Option<&Vertical>) -> Heights {
    let name = vertical.map(|vertical| vertical.datum.clone());
    let datum = if name.is_some() { HeightDatum::National } else { HeightDatum::Control };
    Heights { datum, name, source: HeightSource::Control }
}

/// How heights came to their surface, where that is not simply what the photos say.
fn said(heights: &Heights) -> Option<Text> {
    let name = heights.name.as_deref().unwrap_or_default();
    Some(match &heights.source {
        HeightSource::Photos | HeightSource::EarlierEpoch | HeightSource::File => return None,
        HeightSource::Offset { undulation_m } => Text::new(
            format!("高程为{name}：椭球高减去常数 {undulation_m:.3} m；常数的误差未计入高程不确定度"),
            format!(
                "heights are above {name}: GNSS heights above the ellipsoid less {undulation_m:.3} m; the error of that \
                 constant is not part of the stated uncertainty"
            ),
        ),
        HeightSource::Grid { grid, undulation_m: [least, most] } => Text::new(
            format!(
                "高程为{name}：椭球高减去 {grid} 的高程异常（{least:.3} 至 {most:.3} m）；格网的误差未计入高程不确定度"
            ),
            format!(
                "heights are above {name}: GNSS heights above the ellipsoid less the undulation of {grid}, {least:.3} to \
                 {most:.3} m; the error of that grid is not part of the stated uncertainty"
            ),
        ),
        HeightSource::Control if heights.name.is_some() => Text::new(
            format!("高程由像控点确定，按{name}对待，未再改正"),
            format!("heights are those of the control points, which are taken to be above {name} already"),
        ),
        HeightSource::Control => Text::new(
            "高程由像控点确定；像控点的高程基准未注明，请用 --vertical-datum 或 [vertical] datum 写明",
            "heights are those of the control points, whose datum is not stated: say it by --vertical-datum, or datum \
             under [vertical]",
        ),
    })
}

/// Why heights are not in the datum that the project states.
fn unmet(vertical: &Vertical, datum: HeightDatum) -> Text {
    let name = &vertical.datum;
    match datum {
        HeightDatum::Ellipsoid => Text::new(
            format!("项目高程基准为{name}，但未给出高程异常，也没有像控点，本期高程未归算到该基准"),
            format!(
                "the project's heights are above {name}, but it gives neither offset_m nor grid and no control points hold \
                 this flight: its heights are not"
            ),
        ),
        _ => Text::new(
            format!(
                "照片高程不全是椭球高（气压高或相对起飞点），高程模型不适用；要得到{name}高程，须布设像控点"
            ),
            format!(
                "not all heights of the photos are above the ellipsoid (barometric, or above the take-off point), and no \
                 vertical model makes them heights above {name}: only control points can"
            ),
        ),
    }
}

/// What two flights that count their heights from different surfaces mean for a comparison.
fn apart(heights: &Heights, id: &str) -> Text {
    if heights.source == HeightSource::EarlierEpoch {
        Text::new(
            format!("本架次与 {id} 的高程起算面不同或不明；已按不变地面整体平移到 {id} 的高程，只可比较高差"),
            format!(
                "the heights of this flight and of {id} count from different or unknown levels; unchanged ground ties it \
                 to {id}, whose level it now shares: differences of height between the two hold"
            ),
        )
    } else {
        Text::new(
            format!("本架次与 {id} 的高程起算面不同或不明，又未能联测，两期高程不可比"),
            format!(
                "the heights of this flight and of {id} count from different or unknown levels, and no unchanged ground ties \
                 the two: their heights are not comparable"
            ),
        )
    }
}

/// The surface in English, for the metadata of files.
pub fn described(heights: &Heights) -> String {
    match (heights.datum, &heights.name) {
        (HeightDatum::Ellipsoid, _) => "metres above the WGS 84 / CGCS2000 ellipsoid".to_owned(),
        (HeightDatum::National, Some(name)) => format!("metres above {name}"),
        (HeightDatum::National, None) => "metres above the national height datum".to_owned(),
        (HeightDatum::Control, _) => "metres in the unnamed height datum of the control points".to_owned(),
        (HeightDatum::TakeOff, _) => "metres above the take-off point".to_owned(),
        (HeightDatum::Unknown, _) => {
            "metres above an unknown level: only differences of height mean anything".to_owned()
        }
    }
}
