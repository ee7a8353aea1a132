use serde_json::json;

use super::{Grade, GradeFile, Graded, Lowering, RetentionRules};
use crate::shared::{Document, Writing};
use crate::{Act, Catalog, Error};

/// Sort of the documents.
pub(super) const KIND: &str = "grade";

impl Catalog {
    /// Grades an item. A grade is raised at once; a lower one waits for [`Catalog::second_grade`] by another person.
    pub async fn grade(
        &self,
        act: &Act<'_>,
        collection: &str,
        id: &str,
        grade: Grade,
        reason: &str,
    ) -> Result<Graded, Error> {
        if reason.trim().is_empty() {
            return Err(Error::Incomplete { what: "a grade", needs: "a reason" });
        }
        let mut writing = Writing::begin(self, act).await?;
        let subject = self.require_item(collection, id).await?;
        let old = self.grade_of(&subject).await?;
        let now = old
            .as_ref()
            .map_or_else(|| self.rules().map(|rules| rules.usual(collection)), |old| Ok(old.grade))?;
        let given = GradeFile {
            subject: subject.clone(),
            grade,
            by: act.by.to_owned(),
            at: act.at,
            reason: reason.to_owned(),
            lowering: None,
        };
        if grade >= now {
            writing.put_grade("GRADED", &given).await?;
            self.show_grade(&mut writing, collection, id, grade).await?;
            writing.commit().await?;
            return Ok(Graded::Done);
        }
        let lowering = Lowering { grade, by: act.by.to_owned(), at: act.at, reason: reason.to_owned() };
        let kept = GradeFile { lowering: Some(lowering), ..old.unwrap_or(GradeFile { grade: now, ..given }) };
        writing.put_grade("LOWERING_ASKED", &kept).await?;
        writing.commit().await?;
        Ok(Graded::NeedsSecond)
    }

    /// Agrees to a lower grade, or not: never by the person who asked for it.
    pub async fn second_grade(
        &self,
        act: &Act<'_>,
        collection: &str,
        id: &str,
        agreed: bool,
    ) -> Result<(), Error> {
        let mut writing = Writing::begin(self, act).await?;
        let subject = self.require_item(collection, id).await?;
        let nothing = || Error::Unknown { what: format!("lower grade of {subject} that waits") };
        let mut kept = self.grade_of(&subject).await?.ok_or_else(nothing)?;
        let lowering = kept.lowering.take().ok_or_else(nothing)?;
        if lowering.by == act.by {
            return Err(Error::SamePerson { what: "a lower grade", by: act.by.to_owned() });
        }
        if agreed {
            let Lowering { grade, by, reason, .. } = lowering;
            let by = format!("{by}, {}", act.by);
            kept = GradeFile { subject, grade, by, at: act.at, reason, lowering: None };
            self.show_grade(&mut writing, collection, id, grade).await?;
        }
        writing.put_grade(if agreed { "LOWERED" } else { "LOWERING_REFUSED" }, &kept).await?;
        writing.commit().await
    }

    /// The grade that people gave a thing.
    pub async fn grade_of(&self, subject: &str) -> Result<Option<GradeFile>, Error> {
        self.document(KIND, subject).await
    }

    /// How long things are kept here.
    pub fn rules(&self) -> Result<RetentionRules, Error> {
        RetentionRules::of(self.place().path())
    }

    /// The subject of an item that is there.
    pub(super) async fn require_item(&self, collection: &str, id: &str) -> Result<String, Error> {
        let item = self.item(collection, id).await?;
        item.map(|_| format!("item:{collection}/{id}"))
            .ok_or_else(|| Error::Unknown { what: format!("item {collection}/{id}") })
    }

    /// Writes a grade into its item.
    async fn show_grade(
        &self,
        writing: &mut Writing,
        collection: &str,
        id: &str,
        grade: Grade,
    ) -> Result<(), Error> {
        if let Some(mut item) = self.item(collection, id).await? {
            item["properties"]["plumbline:grade"] = json!(grade);
            writing.put_item("GRADED", &item, json!({})).await?;
        }
        Ok(())
    }
}

impl Writing {
    async fn put_grade(&mut self, action: &str, grade: &GradeFile) -> Result<(), Error> {
        let document = Document::new(KIND, &grade.subject, &grade.subject, grade)?;
        self.put(action, &document, json!({ "grade": grade.grade, "lowering": grade.lowering })).await
    }
}
