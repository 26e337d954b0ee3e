//! Who stands behind the page.

use super::header::deciders;
use super::page::{Page, blocks};
use crate::readiness::status::Status;
use crate::text::words::{day, plural};

pub(super) fn body(page: &Page<'_>) -> String {
    let attested = page.with(&[Status::Attested]).len();
    let people = match deciders(page) {
        nobody if nobody.is_empty() => "Nobody has decided anything yet.".to_owned(),
        people => {
            format!("Decisions by {people}; {} by a person's word.", plural(attested, "item stands", "items stand"))
        }
    };
    blocks(vec![
        format!("Prepared by gonogo {} on {}. {people}", env!("CARGO_PKG_VERSION"), day(page.today),),
        "Reviewed by: ____________________ Date: ____________".to_owned(),
    ])
}
