use image::RgbImage;
use plumbline_raster::Rgba;
use rayon::prelude::*;

use crate::NO_SOURCE;
use crate::balance::Gain;
use crate::choice::Choice;

/// Views that are asked about a cell.
pub(crate) const ASKED: usize = 2;

/// Factors that leave colours as the photo has them.
const AS_STORED: Gain = [1.0; 3];

/// A cell and the views that are asked what they show of it; [`NO_SOURCE`] stands for nobody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Question {
    pub cell: (u32, u32),
    pub views: [u16; ASKED],
}

/// Questions about single cells, and the answers as the photos have them; coverage 0 where nobody was asked or nothing is seen.
#[derive(Debug)]
pub(crate) struct Inquiry {
    pub questions: Vec<Question>,
    pub answers: Vec<[Rgba; ASKED]>,
    /// For each view, the questions it is asked: index times [`ASKED`], and which of the asked it is.
    by_view: Vec<Vec<u32>>,
}

impl Question {
    pub fn place(&self) -> (usize, usize) {
        (self.cell.0 as usize, self.cell.1 as usize)
    }
}

impl Inquiry {
    /// Questions to the views of a block of so many.
    pub fn new(questions: Vec<Question>, views: usize) -> Self {
        let mut by_view = vec![Vec::new(); views];
        for (i, question) in questions.iter().enumerate() {
            for (k, &view) in question.views.iter().enumerate().filter(|(_, view)| **view != NO_SOURCE) {
                by_view[usize::from(view)].push((i * ASKED + k) as u32);
            }
        }
        Self { answers: vec![[[0; 4]; ASKED]; questions.len()], questions, by_view }
    }

    /// Whether a view is asked anything.
    pub fn concerns(&self, view: usize) -> bool {
        !self.by_view[view].is_empty()
    }

    /// What the photo of a view answers to its questions.
    pub fn ask(&self, choice: &Choice<'_>, view: usize, photo: &RgbImage) -> Vec<Rgba> {
        let answer = |&asked: &u32| {
            choice.colour(view, photo, self.questions[asked as usize / ASKED].place(), &AS_STORED)
        };
        self.by_view[view].par_iter().map(answer).collect()
    }

    /// Notes what a view answered.
    pub fn take_in(&mut self, view: usize, answers: Vec<Rgba>) {
        for (&asked, answer) in self.by_view[view].iter().zip(answers) {
            self.answers[asked as usize / ASKED][asked as usize % ASKED] = answer;
        }
    }
}
