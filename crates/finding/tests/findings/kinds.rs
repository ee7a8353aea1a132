//! Every kind by the smallest town that has it, and the lawful town that looks like it.

use crate::town::{
    Town, block, building, day, existing, footprint, origin, polygon, region, stage, standing, structure,
};
use geo::{Area, MultiLineString};
use plumbline_change::{ChangeClass, Comparability};
use plumbline_finding::{Findings, Kind, Lawful, PlannedFootprint, Priority, Unit, Verdict};
use plumbline_geodesy::SurveyClass;
use plumbline_plan::{ControlLine, Record, RoofStructure, Temporary, ToDemolish};
use plumbline_stage::{Overbuilt, PhysicalStage};
use rand::Rng;
use rand_pcg::Pcg64Mcg;

#[test]
fn an_approved_building_on_schedule_is_no_finding() {
    let found = Town::on_schedule().judged();
    assert!(found.findings.is_empty(), "{:?}", found.findings);
    assert_eq!(found.suppressed[0].reason, Lawful::ApprovedConstruction);
}

#[test]
fn an_unchanged_town_is_silent() {
    let mut town = Town::finished();
    town.plan.existing.push(existing("7", block(20.0, 20.0, 40.0, 40.0), 9.0));
    town.structures.push(structure(polygon(20.1, 19.9, 40.1, 40.2), 9.1));
    let found = town.judged();
    assert!(found.findings.is_empty() && found.suppressed.is_empty(), "{found:?}");
}

#[test]
fn a_new_structure_without_a_permit_is_confirmed_with_its_dates() {
    let mut town = Town::on_schedule();
    town.change(region(polygon(240.0, 240.0, 260.0, 252.0), ChangeClass::NewStructure, 0.0, 6.2));
    town.structures.push(structure(polygon(240.0, 240.0, 260.0, 252.0), 6.2));
    let found = town.judged();
    assert_eq!(town.kinds(), [Kind::NoPermit]);
    let finding = &found.findings[0];
    assert_eq!((finding.verdict, finding.priority), (Verdict::ConfirmedExceed, Priority::High));
    assert_eq!(finding.last_seen_without, Some(day("2025-03-10")));
    assert_eq!(finding.first_seen_with, day("2025-06-12"));
    assert!((finding.measure.measured - 240.0).abs() < 1.0);
    assert!(finding.explanation.zh.contains("240") && finding.explanation.en.contains("240"));
    assert_eq!(finding.statutes.len(), 2);
}

#[test]
fn a_structure_that_stood_before_without_a_permit_is_found_from_one_epoch() {
    let mut town = Town::empty();
    town.comparison = None;
    town.structures.push(structure(polygon(240.0, 240.0, 260.0, 252.0), 30.0));
    let found = town.judged();
    assert_eq!(found.findings[0].kind, Kind::NoPermit);
    assert_eq!(found.findings[0].last_seen_without, None);
    assert!(found.undecided.iter().any(|open| open.explanation.zh.contains("没有前期影像")));
}

#[test]
fn huts_cranes_vehicles_trees_and_nets_are_suppressed_with_their_reason() {
    let mut town = Town::on_schedule();
    let new = |outline, class, height_m| region(outline, class, 0.0, height_m);
    town.change(new(polygon(160.0, 160.0, 180.0, 166.0), ChangeClass::NewStructure, 5.8));
    town.change(new(polygon(110.0, 110.0, 114.0, 114.0), ChangeClass::NewStructure, 35.0));
    town.change(new(polygon(220.0, 100.0, 226.0, 102.5), ChangeClass::Temporary, 2.6));
    let mut tree = new(polygon(230.0, 30.0, 238.0, 38.0), ChangeClass::NewStructure, 5.0);
    (tree.greenness, tree.roughness_m) = (Some(0.9), 0.8);
    town.change(tree);
    let mut net = new(polygon(160.0, 110.0, 190.0, 130.0), ChangeClass::NewStructure, 1.6);
    (net.greenness, net.roughness_m) = (Some(0.9), 0.04);
    town.change(net);
    let found = town.judged();
    assert!(found.findings.is_empty(), "{:?}", found.findings);
    let mut reasons: Vec<_> = found.suppressed.iter().map(|s| s.reason).collect();
    reasons.sort();
    let expected = [
        Lawful::ApprovedConstruction,
        Lawful::SiteHut,
        Lawful::Crane,
        Lawful::VehicleOrMaterial,
        Lawful::Vegetation,
        Lawful::DustNet,
    ];
    assert_eq!(reasons, expected);
}

#[test]
fn a_lorry_is_no_structure_on_two_dates_and_one_when_it_stays() {
    let lorry = || polygon(240.0, 160.0, 250.7, 162.8);
    let mut town = Town::on_schedule();
    town.change(region(lorry(), ChangeClass::NewStructure, 0.0, 3.4));
    assert_eq!(town.kinds(), []);
    let came = town.judged();
    assert!(came.suppressed.iter().any(|s| s.reason == Lawful::VehicleOrMaterial));
    let mut left = Town::on_schedule();
    left.change(region(lorry(), ChangeClass::Demolished, 3.4, 0.0));
    assert_eq!(left.kinds(), []);
    let mut stayed = Town::on_schedule();
    stayed.structures.push(structure(lorry(), 3.4));
    let second = stayed.judged_after(std::slice::from_ref(&came));
    assert!(second.findings.is_empty(), "{:?}", second.findings);
    assert!(second.undecided.iter().any(|open| open.explanation.zh.contains("车辆")));
    let third = stayed.judged_after(&[came, second]);
    assert_eq!(third.findings[0].kind, Kind::NoPermit);
    assert_eq!(third.findings[0].verdict, Verdict::InconclusiveNeedsSurvey, "it may be a lorry still");
    assert_eq!(
        left.judged_after(&[third]).findings[0].kind,
        Kind::Demolished,
        "what was told closes its case"
    );
}

#[test]
fn a_lorry_whose_walls_were_matched_too_far_out_is_not_demolished_when_it_leaves() {
    let mut town = Town::on_schedule();
    town.change(region(polygon(240.0, 160.0, 251.0, 163.3), ChangeClass::Demolished, 3.4, 0.0));
    assert_eq!(town.kinds(), []);
    town.regions()[0] = region(polygon(240.0, 160.0, 251.0, 165.0), ChangeClass::Demolished, 3.4, 0.0);
    assert_eq!(town.kinds(), [Kind::Demolished], "no lorry is 5 m wide");
}

#[test]
fn what_nobody_knew_of_is_not_confirmed_as_demolished() {
    let shed = || polygon(240.0, 160.0, 250.0, 166.0);
    let mut town = Town::finished();
    town.change(region(shed(), ChangeClass::NewStructure, 0.0, 4.0));
    let told = town.judged();
    town.regions()[0] = region(shed(), ChangeClass::Demolished, 4.0, 0.0);
    let verdict = |found: Findings| (found.findings[0].kind, found.findings[0].verdict);
    assert_eq!(verdict(town.judged()), (Kind::Demolished, Verdict::InconclusiveNeedsSurvey));
    assert_eq!(verdict(town.judged_after(&[told])), (Kind::Demolished, Verdict::ConfirmedExceed));
}

#[test]
fn a_shed_wider_or_shorter_than_a_lorry_is_a_structure_at_once() {
    for outline in [polygon(240.0, 160.0, 246.0, 164.0), polygon(240.0, 160.0, 245.4, 162.8)] {
        let mut town = Town::on_schedule();
        town.change(region(outline, ChangeClass::NewStructure, 0.0, 3.4));
        assert_eq!(town.kinds(), [Kind::NoPermit]);
    }
}

#[test]
fn a_stack_that_walls_measured_too_far_out_make_large_is_not_confirmed_and_never_demolished() {
    let stack = || polygon(240.0, 160.0, 244.1, 162.9);
    let mut town = Town::finished();
    town.change(region(stack(), ChangeClass::NewStructure, 0.0, 2.0));
    let found = town.judged();
    assert!(found.findings.iter().all(|f| f.verdict == Verdict::InconclusiveNeedsSurvey), "{found:?}");
    town.regions()[0] = region(stack(), ChangeClass::Demolished, 2.0, 0.0);
    assert_eq!(town.kinds(), []);
    let kinds: Vec<_> = town.judged_after(&[found]).findings.iter().map(|f| f.kind).collect();
    assert_eq!(kinds, [Kind::Demolished], "what was told before closes its case");
}

#[test]
fn a_storey_that_came_in_two_pieces_did_not_stand_before() {
    let mut town = Town::empty();
    town.plan.existing.push(existing("7", block(20.0, 20.0, 40.0, 40.0), 9.0));
    town.structures.push(structure(polygon(20.0, 20.0, 40.0, 40.0), 12.0));
    town.change(region(polygon(20.0, 20.0, 29.0, 40.0), ChangeClass::Heightened, 9.0, 12.0));
    town.change(region(polygon(30.0, 20.0, 40.0, 40.0), ChangeClass::Heightened, 9.0, 12.0));
    assert!(!town.kinds().contains(&Kind::ExtraStorey), "{:?}", town.kinds());
    town.comparison.as_mut().unwrap().mask.cells.fill(Comparability::NoDataAfter);
    assert!(!town.kinds().contains(&Kind::ExtraStorey), "a hole in its middle hides no date");
}

#[test]
fn an_annex_reaches_the_wall_that_hides_its_end_and_is_told_once() {
    let mut town = Town::empty();
    town.plan.existing.push(existing("7", block(20.0, 20.0, 40.0, 40.0), 9.0));
    let mut annex = region(polygon(41.0, 20.0, 42.9, 26.0), ChangeClass::NewStructure, 0.0, 2.6);
    annex.blind_border = 0.3;
    town.change(annex);
    let found = town.judged();
    assert_eq!(town.kinds(), [Kind::PostCompletionAddition]);
    assert!((found.findings[0].measure.measured - 2.9 * 6.0).abs() < 0.1, "{:?}", found.findings[0].measure);
    let mut later = Town::empty();
    later.plan = town.plan.clone();
    later.structures.push(structure(polygon(40.9, 20.0, 43.9, 26.0), 2.6));
    let kinds: Vec<_> = later.judged_after(&[found]).findings.iter().map(|f| f.kind).collect();
    assert_eq!(kinds, [Kind::PostCompletionAddition], "the same thing keeps its kind");
}

#[test]
fn scaffold_of_the_first_storey_keeps_an_excess_from_being_confirmed() {
    let mut town = Town::on_schedule();
    town.stages[0] = stage("3", PhysicalStage::FirstStorey, PhysicalStage::FirstStorey, 1);
    town.footprints[0] = footprint("3", polygon(120.0, 118.4, 150.0, 135.0));
    assert!(town.judged().findings.iter().all(|f| f.verdict != Verdict::ConfirmedExceed));
}

#[test]
fn scaffold_around_a_building_that_is_not_to_be_seen_yet_is_no_structure() {
    let mut town = Town::on_schedule();
    town.stages[0] = stage("3", PhysicalStage::PlusMinusZero, PhysicalStage::FirstStorey, 1);
    town.footprints.clear();
    town.regions().clear();
    let strip = |depth_m: f64| structure(polygon(118.0, 120.0 - depth_m, 152.0, 120.0), 12.0);
    town.structures = vec![strip(1.6)];
    assert_eq!(town.kinds(), [], "scaffold along one side");
    town.structures = vec![strip(6.0)];
    assert_eq!(town.kinds(), [Kind::NoPermit], "no scaffold is that deep");
    let along_both = structure(polygon(79.0, 118.4, 152.0, 120.0), 12.0);
    town.structures = vec![along_both];
    assert_eq!(town.kinds(), [Kind::NoPermit], "nothing is approved farther west");
    town.plan.buildings.push(building("4", block(80.0, 120.0, 117.0, 135.0)));
    assert_eq!(town.kinds(), [], "scaffold along two buildings");
    let mut finished = Town::finished();
    finished.structures.push(strip(1.6));
    assert_eq!(finished.kinds(), [Kind::NoPermit], "scaffold has gone with the facade");
}

#[test]
fn a_site_with_a_storey_too_many_is_an_open_site_still() {
    let mut town = Town::on_schedule();
    town.stages[0] = stage("3", PhysicalStage::Overbuilt, PhysicalStage::Overbuilt, 7);
    town.change(region(polygon(160.0, 160.0, 180.0, 166.0), ChangeClass::NewStructure, 0.0, 5.8));
    assert!(town.kinds().iter().all(|kind| *kind != Kind::NoPermit), "{:?}", town.kinds());
}

#[test]
fn a_hut_outside_an_open_site_has_no_permit() {
    let mut town = Town::on_schedule();
    town.change(region(polygon(240.0, 160.0, 260.0, 166.0), ChangeClass::NewStructure, 0.0, 5.8));
    assert_eq!(town.kinds(), [Kind::NoPermit]);
}

#[test]
fn a_new_structure_outside_the_plan_is_undecided() {
    let mut town = Town::on_schedule();
    town.change(region(polygon(340.0, 340.0, 360.0, 352.0), ChangeClass::NewStructure, 0.0, 6.0));
    let found = town.judged();
    assert!(found.findings.is_empty());
    assert!(found.undecided.iter().any(|open| open.explanation.en.contains("outside the area")));
}

#[test]
fn an_annex_is_an_excess_and_no_shift() {
    let mut town = Town::finished();
    town.footprints[0] = footprint("3", polygon(120.0, 120.0, 154.0, 135.0));
    let found = town.judged();
    assert_eq!(town.kinds(), [Kind::FootprintExcess]);
    let finding = &found.findings[0];
    assert_eq!(finding.verdict, Verdict::ConfirmedExceed);
    assert!((finding.measure.measured - 4.0).abs() < 0.15, "{}", finding.measure.measured);
    assert!((finding.outline.unsigned_area() - 60.0).abs() < 1.0);
}

#[test]
fn a_moved_building_is_shifted_and_no_excess() {
    let mut town = Town::finished();
    town.footprints[0] = footprint("3", polygon(121.5, 120.0, 151.5, 135.0));
    let found = town.judged();
    assert_eq!(town.kinds(), [Kind::Shifted]);
    assert!((found.findings[0].measure.measured - 1.5).abs() < 0.05);
    assert_eq!(found.findings[0].verdict, Verdict::ConfirmedExceed);
}

#[test]
fn scaffold_all_around_is_left_undecided_and_an_annex_behind_it_is_found() {
    let mut town = Town::on_schedule();
    town.footprints[0] = footprint("3", polygon(118.7, 118.7, 151.3, 136.3));
    let found = town.judged();
    assert!(found.findings.is_empty(), "{:?}", found.findings);
    assert!(found.undecided.iter().any(|open| open.explanation.zh.contains("脚手架")));
    town.footprints[0] = footprint("3", polygon(118.7, 118.7, 156.3, 136.3));
    let found = town.judged();
    assert_eq!(town.kinds(), [Kind::FootprintExcess]);
    assert!((found.findings[0].measure.measured - 5.0).abs() < 0.2, "{}", found.findings[0].measure.measured);
}

#[test]
fn scaffold_at_one_side_keeps_an_excess_from_being_confirmed() {
    let mut town = Town::on_schedule();
    town.footprints[0] = footprint("3", polygon(120.0, 118.0, 150.0, 135.0));
    assert_eq!(town.judged().findings[0].verdict, Verdict::InconclusiveNeedsSurvey);
    town.footprints[0] = footprint("3", polygon(120.0, 115.0, 150.0, 135.0));
    assert_eq!(town.judged().findings[0].verdict, Verdict::ConfirmedExceed, "5 m are no scaffold");
}

#[test]
fn an_excess_at_a_long_side_is_no_shift_whether_scaffolded_or_not() {
    for scaffold_m in [0.0, 1.2] {
        let mut town = Town::on_schedule();
        let [west, south, east, north] = [-1.0, -1.0, 1.0, 1.0].map(|side| side * scaffold_m);
        town.footprints[0] =
            footprint("3", polygon(120.0 + west, 116.4 + south, 150.0 + east, 135.0 + north));
        assert_eq!(town.kinds(), [Kind::FootprintExcess], "scaffold {scaffold_m} m");
        let measured = town.judged().findings[0].measure.measured;
        assert!((measured - 3.6).abs() < 0.2, "scaffold {scaffold_m} m: {measured}");
    }
}

#[test]
fn scaffold_that_is_missing_at_one_side_hides_no_shift() {
    let mut town = Town::on_schedule();
    town.footprints[0] = footprint("3", polygon(122.0 - 1.2, 120.0 - 1.2, 152.0 + 1.2, 135.0));
    assert!(town.kinds().contains(&Kind::Shifted), "{:?}", town.kinds());
    let excess = town.judged().findings.into_iter().find(|f| f.kind == Kind::FootprintExcess);
    assert!(excess.is_none_or(|excess| excess.verdict != Verdict::ConfirmedExceed));
}

#[test]
fn a_scaffolded_building_at_another_place_is_shifted() {
    let mut town = Town::on_schedule();
    town.footprints[0] = footprint("3", polygon(120.9, 118.8, 153.3, 136.2));
    let found = town.judged();
    assert_eq!(town.kinds(), [Kind::Shifted]);
    assert!(
        (found.findings[0].measure.measured - 2.1).abs() < 0.15,
        "{}",
        found.findings[0].measure.measured
    );
}

#[test]
fn noise_of_an_outline_is_no_finding() {
    let mut town = Town::finished();
    town.footprints[0] = footprint("3", polygon(119.85, 119.9, 150.2, 135.15));
    assert!(town.kinds().is_empty());
}

#[test]
fn a_party_wall_at_the_red_line_accuses_nobody() {
    for neighbour_m in [9.0, 18.0, 30.0] {
        let mut town = Town::finished();
        town.plan.parcels[0].outline = block(120.0, 100.0, 200.0, 200.0);
        let beside = block(104.0, 118.0, 120.0, 137.0);
        let outlines = [(town.plan.buildings[0].base.clone(), 18.0), (beside.clone(), neighbour_m)];
        let above_ground = standing(&outlines);
        town.footprints = PlannedFootprint::observe_all(&town.plan, &above_ground, &town.pack);
        let unplanned = town.kinds();
        assert!(unplanned.contains(&Kind::OutOfRedline), "{neighbour_m}: {unplanned:?}");
        town.plan.existing.push(existing("7", beside, neighbour_m));
        town.footprints = PlannedFootprint::observe_all(&town.plan, &above_ground, &town.pack);
        assert!(town.footprints[0].footprint.seen_border > 0.7);
        assert!(town.kinds().is_empty(), "{neighbour_m}: {:?}", town.kinds());
    }
}

#[test]
fn an_outline_over_the_red_line_is_found_unless_the_plan_has_it_there() {
    let mut town = Town::finished();
    town.plan.parcels[0].outline = block(120.0, 100.0, 200.0, 200.0);
    town.footprints[0] = footprint("3", polygon(117.0, 120.0, 150.0, 135.0));
    assert!(town.kinds().contains(&Kind::OutOfRedline));
    town.plan.buildings[0].base = block(117.0, 120.0, 150.0, 135.0);
    assert!(!town.kinds().contains(&Kind::OutOfRedline));
}

#[test]
fn an_outline_over_a_closed_control_line_is_found_and_open_lines_are_named() {
    let mut town = Town::finished();
    let ring = polygon(118.0, 118.0, 152.0, 137.0).exterior().clone();
    town.plan.control_lines.push(ControlLine {
        project_no: None,
        line: MultiLineString::new(vec![ring]),
        origin: origin(),
    });
    assert!(town.kinds().is_empty());
    town.footprints[0] = footprint("3", polygon(120.0, 120.0, 155.0, 135.0));
    let found = town.judged();
    let breach = found.findings.iter().find(|f| f.kind == Kind::SetbackBreach).unwrap();
    assert!((breach.measure.measured - 3.0).abs() < 0.15, "{}", breach.measure.measured);
    let open = geo::LineString::from(vec![(100.0, 118.0), (200.0, 118.0)]);
    town.plan.control_lines[0].line = MultiLineString::new(vec![open]);
    let found = town.judged();
    assert!(!town.kinds().contains(&Kind::SetbackBreach));
    assert!(found.undecided.iter().any(|open| open.explanation.zh.contains("未闭合")));
}

#[test]
fn a_seventh_storey_on_six_is_told_once() {
    let mut town = Town::finished();
    town.stages[0] = stage("3", PhysicalStage::Overbuilt, PhysicalStage::Overbuilt, 7);
    let found = town.judged();
    assert_eq!(town.kinds(), [Kind::ExtraStorey]);
    let measure = found.findings[0].measure;
    assert_eq!((measure.measured, measure.limit, measure.unit), (7.0, 6.0, Unit::Storey));
    assert_eq!(found.findings[0].verdict, Verdict::ConfirmedExceed);
}

#[test]
fn a_possible_seventh_storey_needs_a_survey() {
    let mut town = Town::finished();
    town.stages[0] = stage("3", PhysicalStage::ToppedOut, PhysicalStage::Overbuilt, 6);
    (town.stages[0].overbuilt, town.stages[0].u_deck_m) = (Overbuilt::Possible, 1.0);
    town.stages[0].deck.as_mut().unwrap().height_m = 20.5;
    let found = town.judged();
    assert_eq!(town.kinds(), [Kind::ExtraStorey]);
    assert_eq!(found.findings[0].verdict, Verdict::InconclusiveNeedsSurvey);
}

#[test]
fn a_roof_a_metre_too_high_is_over_height_and_not_a_storey() {
    let mut town = Town::finished();
    town.stages[0].deck.as_mut().unwrap().height_m = 19.2;
    let found = town.judged();
    assert_eq!(town.kinds(), [Kind::OverHeight]);
    assert_eq!(found.findings[0].verdict, Verdict::ConfirmedExceed);
    town.quality.class = SurveyClass::Coreg;
    assert_eq!(town.judged().findings[0].verdict, Verdict::InconclusiveNeedsSurvey);
    town.stages[0].deck.as_mut().unwrap().height_m = 18.4;
    assert!(town.kinds().is_empty());
}

#[test]
fn a_storey_ahead_of_its_record_is_found_and_a_fresh_application_only_suspected() {
    let mut town = Town::on_schedule();
    let record = |town: &mut Town, applied: Option<&str>, passed: Option<&str>| {
        let inspections = &mut town.plan.buildings[0].inspections;
        let first = inspections.iter_mut().find(|i| i.record == Record::FirstStorey).unwrap();
        (first.applied_at, first.passed_at) = (applied.map(day), passed.map(day));
        inspections.retain(|i| i.record <= Record::FirstStorey);
    };
    record(&mut town, None, None);
    let found = town.judged();
    assert_eq!(town.kinds(), [Kind::StageAhead]);
    assert_eq!(found.findings[0].verdict, Verdict::ConfirmedExceed);
    assert_eq!(found.findings[0].explanation.zh, "3号楼第4层已开工,未见首层验线合格记录。");
    record(&mut town, Some("2025-06-09"), None);
    assert_eq!(town.judged().findings[0].verdict, Verdict::Suspected);
    record(&mut town, Some("2025-05-20"), None);
    assert_eq!(town.judged().findings[0].verdict, Verdict::ConfirmedExceed);
    record(&mut town, Some("2025-06-09"), Some("2025-06-20"));
    assert_eq!(town.judged().findings[0].verdict, Verdict::Suspected, "passed after the flight");
    record(&mut town, Some("2025-06-09"), Some("2025-06-12"));
    assert!(town.kinds().is_empty());
}

#[test]
fn only_the_lower_bound_of_a_stage_accuses() {
    let mut town = Town::on_schedule();
    town.plan.buildings[0].inspections.retain(|i| i.record <= Record::PlusMinusZero);
    town.stages[0] = stage("3", PhysicalStage::FirstStorey, PhysicalStage::TypicalStorey(2), 1);
    assert!(town.kinds().is_empty(), "building on towards the next inspection is lawful");
}

#[test]
fn a_plan_without_records_leaves_stages_ahead_open() {
    let mut town = Town::on_schedule();
    town.plan.buildings[0].inspections.clear();
    let found = town.judged();
    assert!(found.findings.is_empty());
    assert!(found.undecided.iter().any(|open| open.explanation.zh.contains("八录")));
}

#[test]
fn a_structure_on_a_finished_roof_is_found_unless_approved_or_small() {
    let mut town = Town::finished();
    let addition = |east| region(polygon(130.0, 125.0, east, 130.0), ChangeClass::RoofAddition, 18.0, 20.8);
    town.change(addition(138.0));
    let found = town.judged();
    assert_eq!(town.kinds(), [Kind::RoofAddition]);
    assert_eq!(found.findings[0].verdict, Verdict::ConfirmedExceed);
    assert_eq!(found.findings[0].building_no.as_deref(), Some("3"));
    let outline = block(129.0, 124.0, 139.0, 131.0);
    town.plan.buildings[0].roof_structures =
        vec![RoofStructure { outline, height_m: Some(3.0), origin: origin() }];
    let found = town.judged();
    assert!(found.findings.is_empty());
    assert_eq!(found.suppressed[0].reason, Lawful::ApprovedRoofStructure);
    town.plan.buildings[0].roof_structures.clear();
    town.regions()[0] = addition(131.0);
    assert_eq!(town.judged().suppressed[0].reason, Lawful::BelowLeastSize);
}

#[test]
fn a_growing_building_has_no_roof_addition() {
    let mut town = Town::on_schedule();
    town.regions()[0] = region(polygon(121.0, 121.0, 135.0, 134.0), ChangeClass::RoofAddition, 9.0, 12.0);
    assert!(town.kinds().is_empty());
}

#[test]
fn a_storey_on_and_an_annex_beside_an_existing_building_are_additions() {
    let mut town = Town::empty();
    town.plan.existing.push(existing("7", block(20.0, 20.0, 40.0, 40.0), 9.0));
    town.structures.push(structure(polygon(20.0, 20.0, 40.0, 40.0), 12.0));
    town.change(region(polygon(20.0, 20.0, 40.0, 39.0), ChangeClass::Heightened, 9.0, 12.0));
    assert_eq!(town.kinds(), [Kind::PostCompletionAddition]);
    town.regions()[0] = region(polygon(40.2, 20.0, 46.0, 30.0), ChangeClass::NewStructure, 0.0, 3.0);
    town.structures[0].height_m = 9.0;
    assert_eq!(town.kinds(), [Kind::PostCompletionAddition]);
}

#[test]
fn an_existing_building_higher_than_recorded_is_found_without_an_earlier_epoch() {
    let mut town = Town::empty();
    town.comparison = None;
    town.plan.existing.push(existing("7", block(20.0, 20.0, 40.0, 40.0), 9.0));
    town.structures.push(structure(polygon(20.0, 20.0, 40.0, 40.0), 15.0));
    assert_eq!(town.kinds(), [Kind::ExtraStorey]);
    town.structures[0].height_m = 9.6;
    assert!(town.kinds().is_empty());
}

#[test]
fn a_temporary_structure_is_found_after_its_term_and_not_within_it() {
    let mut town = Town::empty();
    let mut temporary = Temporary {
        permit_no: Some("临2023-7".into()),
        outline: block(220.0, 220.0, 240.0, 228.0),
        expires_at: Some(day("2025-05-31")),
        height_m: Some(3.5),
        origin: origin(),
    };
    town.structures.push(structure(polygon(220.0, 220.0, 240.0, 228.0), 3.4));
    town.plan.temporaries.push(temporary.clone());
    let found = town.judged();
    assert_eq!(town.kinds(), [Kind::TempOverdue]);
    assert!((found.findings[0].measure.measured - 12.0).abs() < 1e-9);
    temporary.expires_at = Some(day("2025-06-12"));
    town.plan.temporaries[0] = temporary;
    assert!(town.kinds().is_empty());
}

#[test]
fn what_should_have_gone_is_found_standing_and_told_when_gone() {
    let mut town = Town::empty();
    let outline = polygon(220.0, 220.0, 240.0, 228.0);
    town.plan.to_demolish.push(ToDemolish {
        building_no: Some("9".into()),
        outline: outline.clone().into(),
        deadline: Some(day("2025-05-01")),
        origin: origin(),
    });
    town.structures.push(structure(outline.clone(), 6.0));
    assert_eq!(town.kinds(), [Kind::NotDemolished]);
    town.structures.clear();
    town.change(region(outline, ChangeClass::Demolished, 6.0, 0.0));
    let found = town.judged();
    assert_eq!(town.kinds(), [Kind::Demolished]);
    assert_eq!(
        (found.findings[0].priority, found.findings[0].building_no.as_deref()),
        (Priority::Info, Some("9"))
    );
}

#[test]
fn a_permit_that_lapsed_before_the_start_is_found() {
    let mut town = Town::on_schedule();
    town.plan.buildings[0].expires_at = Some(day("2025-03-01"));
    assert_eq!(town.kinds(), [Kind::PermitExpiredStart]);
    town.plan.buildings[0].expires_at = Some(day("2025-04-01"));
    assert!(town.kinds().is_empty(), "it may have started in time");
}

#[test]
fn epochs_that_cannot_be_compared_confirm_nothing() {
    let mut town = Town::finished();
    town.comparison.as_mut().unwrap().refused = Some("no common ground".into());
    town.structures.push(structure(polygon(240.0, 240.0, 260.0, 252.0), 6.2));
    town.footprints[0] = footprint("3", polygon(121.5, 120.0, 151.5, 135.0));
    let found = town.judged();
    assert_eq!(found.findings.len(), 2);
    assert!(found.findings.iter().all(|f| f.verdict == Verdict::InconclusiveNeedsSurvey));
}

#[test]
fn a_gnss_survey_confirms_storeys_and_no_positions() {
    let mut town = Town::finished();
    town.quality.class = SurveyClass::GnssOnly;
    town.stages[0] = stage("3", PhysicalStage::Overbuilt, PhysicalStage::Overbuilt, 8);
    town.footprints[0] = footprint("3", polygon(124.0, 120.0, 154.0, 135.0));
    let found = town.judged();
    let verdict = |kind| found.findings.iter().find(|f| f.kind == kind).map(|f| f.verdict);
    assert_eq!(verdict(Kind::ExtraStorey), Some(Verdict::ConfirmedExceed));
    let position = verdict(Kind::Shifted).or(verdict(Kind::FootprintExcess));
    assert_eq!(position, Some(Verdict::InconclusiveNeedsSurvey));
}

#[test]
fn two_buildings_keep_their_identifiers_from_run_to_run() {
    let mut town = Town::finished();
    town.plan.buildings.push(building("4#", block(160.0, 120.0, 180.0, 135.0)));
    town.stages[0] = stage("3", PhysicalStage::Overbuilt, PhysicalStage::Overbuilt, 7);
    town.stages.push(stage("4#", PhysicalStage::Overbuilt, PhysicalStage::Overbuilt, 7));
    let ids: Vec<_> = town.judged().findings.into_iter().map(|f| f.id).collect();
    assert_eq!(ids, ["EXTRA_STOREY-3", "EXTRA_STOREY-4_"]);
}

#[test]
fn a_thousand_lawful_outlines_with_noisy_edges_confirm_nothing_and_rarely_ask_for_a_survey() {
    let mut rng = Pcg64Mcg::new(11);
    let mut noise = |sigma: f64| sigma * ((0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0);
    let mut town = Town::finished();
    let (mut confirmed, mut noticed) = (0, 0);
    for _ in 0..1000 {
        let [west, south, east, north] = [120.0, 120.0, 150.0, 135.0].map(|edge| edge + noise(0.1));
        let (dx, dy) = (noise(0.05), noise(0.05));
        town.footprints[0] = footprint("3", polygon(west + dx, south + dy, east + dx, north + dy));
        let found = town.judged().findings;
        confirmed += found.iter().filter(|f| f.verdict == Verdict::ConfirmedExceed).count();
        noticed += usize::from(!found.is_empty());
    }
    assert_eq!(confirmed, 0);
    assert!(noticed <= 30, "{noticed} of 1000 lawful buildings were noticed");
}
