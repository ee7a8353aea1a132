//! The whole product on one screen.

use std::path::Path;
use std::time::Instant;

use crate::config::Project;
use crate::error::Error;
use crate::flight::{Flight, PhotoFolder, Source};
use crate::progress::{Bar, Progress, State};
use crate::record::Record;
use crate::steps::epoch::Epoch;
use crate::steps::flown::Flown;
use crate::steps::judged::Judged;
use crate::steps::{self, Context};
use crate::store::Store;
use crate::workspace::{EpochFiles, Workspace};
use plumbline_adjustment::Reference;
use plumbline_finding::Findings;
use plumbline_photo::check::Text;
use plumbline_plan::Plan;

/// A run under way.
struct Run {
    context: Context,
    progress: Progress,
    record: Record,
}

/// Steps of one flight, to its block and from there to its products.
const TO_BLOCK: [&str; 4] = ["photo", "features", "features", "adjustment"];
const TO_PRODUCTS: [&str; 3] = ["surface", "ortho", "terrain"];
const TO_QUICK_LOOK: [&str; 2] = ["surface", "ortho"];
/// Steps of a flight whose products another program made.
const TO_IMPORT: [&str; 1] = ["import"];
/// Steps that judge an epoch, and those of the whole project.
const TO_FINDINGS: [&str; 3] = ["change", "stage", "finding"];
const TO_LEADS: [&str; 4] = ["plan", "case", "ledger", "catalog"];

/// Runs a project into a folder; what is already there and still true is kept.
pub fn run(project: Project, out: &Path) -> Result<Record, Error> {
    let steps = project.flights.iter().flat_map(|flight| match flight.source {
        Source::Photos(_) => [&TO_BLOCK[..], &TO_PRODUCTS, &TO_FINDINGS].concat(),
        Source::Products(_) => [&TO_IMPORT[..], &TO_FINDINGS].concat(),
    });
    let steps = steps.chain(TO_LEADS).collect();
    Run::start(project, out, steps)?.carry_out(Run::everything)
}

/// Places the photos of a project's flights and stops there.
pub fn georeference(project: Project, out: &Path) -> Result<Record, Error> {
    let photographed = project.flights.iter().filter(|flight| flight.folder().is_some()).count();
    let steps = TO_BLOCK.repeat(photographed);
    Run::start(project, out, steps)?.carry_out(Run::blocks)
}

/// Coarse products of a project's flights and nothing else: enough to see, on site, what the photos show.
pub fn quick_look(project: Project, out: &Path) -> Result<Record, Error> {
    let steps = [&TO_BLOCK[..], &TO_QUICK_LOOK].concat().repeat(project.flights.len());
    Run::start(project, out, steps)?.carry_out(|run| run.epochs(Run::glance).map(drop))
}

impl Run {
    fn start(project: Project, out: &Path, steps: Vec<&str>) -> Result<Self, Error> {
        let workspace = Workspace::new(out);
        let store = Store::open(&workspace.store())?;
        let progress = Progress::start(&workspace.status(), steps.into_iter());
        let record = Record::new(&project.project.name);
        Ok(Self { context: Context { project, workspace, store }, progress, record })
    }

    fn carry_out(mut self, work: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<Record, Error> {
        let outcome = work(&mut self);
        self.progress.finish(if outcome.is_ok() { State::Finished } else { State::Failed });
        outcome?;
        self.record.products(&self.context.workspace)?;
        self.record.write(&self.context.workspace.record())?;
        Ok(self.record)
    }

    fn blocks(&mut self) -> Result<(), Error> {
        self.epochs(Self::placed).map(drop)
    }

    fn everything(&mut self) -> Result<(), Error> {
        let epochs = self.epochs(Self::epoch)?;
        let Some(last) = epochs.last() else { return Ok(()) };
        let plan = self.step("plan", "", |context, _| steps::plan::approved(context, last))?;
        let plan = plan.as_ref();
        let mut judged = Vec::new();
        for epoch in &epochs {
            let next = self.judged(&epochs, epoch, plan, &judged)?;
            judged.push(next);
        }
        let leads = self.step("case", "", |c, _| steps::case::leads(c, &epochs, plan, &judged))?;
        let books = self.step("ledger", "", |c, _| steps::ledger::books(c, last, plan, &judged, &leads))?;
        self.step("catalog", "", |c, _| steps::catalog::file(c, &epochs, plan, &judged, &leads.leads))?;
        steps::report::page(&self.context, &epochs, plan, &judged, &leads.leads, &books)?;
        for judged in &judged {
            let remarks = self.record.placed.entry(judged.round.epoch.id.clone()).or_default();
            remarks.extend(judged.remarks.iter().cloned());
        }
        let open = judged.last().into_iter().flat_map(|judged| &judged.undecided);
        let open = open.map(|undecided| Text::new(&undecided.explanation.zh, &undecided.explanation.en));
        self.record.undecided.extend(open);
        Ok(())
    }

    /// An epoch against the plan, the epoch it is compared with and what was made of all `before`; as it was judged already, where
    /// nothing has changed since.
    fn judged(
        &mut self,
        epochs: &[Flown],
        epoch: &Flown,
        plan: Option<&Plan>,
        before: &[Judged],
    ) -> Result<Judged, Error> {
        let id = epoch.id();
        let flight = self.context.project.flights.iter().find(|flight| flight.id == id);
        let earlier = flight.and_then(|flight| flight.compare_with.as_ref());
        let earlier = earlier.and_then(|id| epochs.iter().find(|epoch| epoch.id() == id));
        let before: Vec<Findings> = before.iter().map(Judged::found).collect();
        let key = Judged::key(&self.context, epoch, earlier, plan, &before)?;
        if let Some(known) = Judged::known(&self.context, &key) {
            return Ok(known);
        }
        let changed = self.step("change", id, |c, _| steps::change::differences(c, epoch, earlier))?;
        let stages = self.step("stage", id, |_, _| Ok(steps::stage::observations(plan, &changed)))?;
        self.step("finding", id, |context, _| {
            let judged = steps::finding::findings(context, plan, changed, stages, &before)?;
            context.store.keep("finding", &key, &judged)?;
            Ok(judged)
        })
    }

    /// Every flight that can become an epoch; the others are recorded with the reason.
    fn epochs(
        &mut self,
        make: impl Fn(&mut Self, &Flight, Option<&Flown>) -> Result<Flown, Error>,
    ) -> Result<Vec<Flown>, Error> {
        let mut epochs: Vec<Flown> = Vec::new();
        let mut reasons = Vec::new();
        for flight in self.context.project.flights.clone() {
            let earlier = flight.compare_with.as_ref();
            let earlier = earlier.and_then(|id| epochs.iter().find(|epoch| epoch.id() == id));
            match make(self, &flight, earlier) {
                Ok(epoch) => epochs.push(epoch),
                Err(error) => {
                    let reason = format!("{}: {error}", flight.id);
                    self.progress.say(&reason);
                    let zh = format!("架次 {} 未能成为期次：{error}", flight.id);
                    let en = format!("flight {} did not become an epoch: {error}", flight.id);
                    self.record.undecided.push(Text::new(zh, en));
                    reasons.push(reason);
                }
            }
        }
        if epochs.is_empty() {
            Err(Error::NothingProcessed { reasons: reasons.join("; ") })
        } else {
            Ok(epochs)
        }
    }

    /// The placed photos of a flight.
    fn placed(&mut self, flight: &Flight, earlier: Option<&Flown>) -> Result<Flown, Error> {
        let Source::Photos(photos) = &flight.source else {
            return Err(Error::NothingToPlace { flight: flight.id.clone() });
        };
        let block = self.block((&flight.id, photos), earlier.and_then(Flown::photographed))?;
        Ok(Flown::Photographed(Box::new(block)))
    }

    fn block(&mut self, (id, folder): (&str, &PhotoFolder), earlier: Option<&Epoch>) -> Result<Epoch, Error> {
        let photos = self.step("photo", id, |c, bar| steps::photo::take_in(c, bar, (id, folder), earlier))?;
        self.leave_out(id, &photos);
        let features =
            self.step("features", id, |c, bar| steps::features::keypoints(c, bar, &photos.photos))?;
        let ties = earlier.map(Epoch::as_earlier);
        let tracks =
            self.step("features", id, |c, bar| steps::features::tracks(c, bar, &photos, &features, ties))?;
        let placed = self.step("adjustment", id, |c, bar| {
            steps::adjustment::place(c, bar, &photos, &tracks, folder.focal, earlier)
        })?;
        let vertical = self.context.project.vertical.as_ref();
        let heights = steps::vertical::settled(vertical, &photos, &placed.1, earlier);
        let epoch = Epoch::new(id, photos, features, placed, heights);
        steps::adjustment::save(&self.context, &epoch)?;
        steps::block_page::write(&self.context, &epoch)?;
        self.record.placed.insert(epoch.id.clone(), steps::adjustment::account(&epoch));
        Ok(epoch)
    }

    /// A flight with its products: made from its photos, or taken in.
    fn epoch(&mut self, flight: &Flight, earlier: Option<&Flown>) -> Result<Flown, Error> {
        let id = flight.id.as_str();
        match &flight.source {
            Source::Photos(photos) => {
                let epoch = self.photographed((id, photos), earlier)?;
                Ok(Flown::Photographed(Box::new(epoch)))
            }
            Source::Products(products) => {
                let epoch = self
                    .step("import", id, |c, bar| steps::import::take_in(c, bar, (id, products), earlier))?;
                // Photos that come later lie on the same map.
                let crs = &mut self.context.project.project.crs;
                crs.get_or_insert_with(|| epoch.crs.definition().to_owned());
                self.record.placed.insert(id.to_owned(), epoch.remarks.clone());
                Ok(Flown::Imported(Box::new(epoch)))
            }
        }
    }

    fn photographed(
        &mut self,
        (id, photos): (&str, &PhotoFolder),
        earlier: Option<&Flown>,
    ) -> Result<Epoch, Error> {
        let epoch = self.block((id, photos), earlier.and_then(Flown::photographed))?;
        let files = self.context.workspace.epoch(id);
        let cell_m = earlier.map(|epoch| epoch.cell_m(&self.context)).transpose()?;
        self.products(&epoch, cell_m, &files)?;
        self.step("terrain", &epoch.id, |c, _| steps::terrain::bare_earth(c, &epoch))?;
        Ok(epoch)
    }

    /// The placed photos of a flight and its coarse products.
    fn glance(&mut self, flight: &Flight, earlier: Option<&Flown>) -> Result<Flown, Error> {
        let placed = self.placed(flight, earlier)?;
        if let Some(epoch) = placed.photographed() {
            let files = self.context.workspace.epoch(&epoch.id).quick();
            files.make_folder()?;
            self.products(epoch, Some(steps::surface::quick_cell_m(epoch)), &files)?;
        }
        Ok(placed)
    }

    /// Heights and colours of a placed flight.
    fn products(&mut self, epoch: &Epoch, cell_m: Option<f64>, files: &EpochFiles) -> Result<(), Error> {
        if epoch.report.reference == Reference::NotGeoreferenced {
            return Err(Error::NoPositions { flight: epoch.id.clone() });
        }
        let pixels = epoch.pixels();
        self.step("surface", &epoch.id, |c, bar| {
            steps::surface::model(c, bar, epoch, &pixels, cell_m, files)
        })?;
        self.step("ortho", &epoch.id, |c, bar| steps::ortho::mosaic(c, bar, epoch, &pixels, files))
    }

    fn leave_out(&mut self, id: &str, flight: &steps::photo::FlightPhotos) {
        let unusable = flight.problems.iter().filter(|problem| problem.leave_out);
        let texts: Vec<Text> = unusable
            .map(|problem| {
                self.progress.say(&format!("left out 不用  {}  {}", problem.message.zh, problem.message.en));
                Text::new(&problem.message.zh, &problem.message.en)
            })
            .collect();
        if !texts.is_empty() {
            self.record.left_out.insert(id.to_owned(), texts);
        }
    }

    /// One step with its bar and its time.
    fn step<T>(
        &mut self,
        name: &str,
        epoch: &str,
        work: impl FnOnce(&Context, &Bar<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let begin = Instant::now();
        let result = work(&self.context, &self.progress.step(name, epoch));
        self.record.spent(name, begin);
        result
    }
}
