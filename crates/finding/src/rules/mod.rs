//! One rule a file: each reads the site and adds what it finds.

pub(crate) mod demolished;
pub(crate) mod extra_storey;
pub(crate) mod footprint_excess;
pub(crate) mod no_permit;
pub(crate) mod not_demolished;
pub(crate) mod out_of_redline;
pub(crate) mod over_height;
pub(crate) mod permit_expired_start;
pub(crate) mod post_completion;
pub(crate) mod roof_addition;
pub(crate) mod setback_breach;
pub(crate) mod shifted;
pub(crate) mod stage_ahead;
pub(crate) mod temp_overdue;
