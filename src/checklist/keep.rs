//! A checklist as it was understood, kept for the next start: reading one takes longer than looking at a small tree.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::checklist::merge::Loader;
use crate::checklist::model::{Checklist, Item, Member, Probe};
use crate::checklist::sources;

#[derive(Serialize, Deserialize)]
struct Page<'a> {
    /// The program that understood it: another may read the same words differently.
    by: &'a str,
    texts: &'a str,
    names: &'a [u8],
    checklist: Checklist,
    /// What the members of probes are called, item by item.
    parts: Vec<Vec<Option<String>>>,
}

/// What comes back.
#[derive(Debug, PartialEq)]
pub struct Kept {
    /// Without its cases.
    pub checklist: Checklist,
    /// The hash of every file that took part.
    pub texts: String,
    /// What everything that it asks is called.
    pub names: Vec<u8>,
}

/// `texts` is the hash of what it was read from, `by` names this program.
#[must_use]
pub fn pack(checklist: &Checklist, texts: &str, names: &[u8], by: &str) -> Vec<u8> {
    let parts = checklist.items.iter().map(|item| {
        let mut item = Item::clone(item);
        let mut parts = Vec::new();
        members(&mut item, &mut |member| parts.push(member.part.clone()));
        parts
    });
    let parts = parts.collect();
    let page = Page { by, texts, names, checklist: checklist.clone(), parts };
    postcard::to_allocvec(&page).unwrap_or_default()
}

/// The checklist, if it is still the one that stands in the files.
#[must_use]
pub fn unpack(bytes: &[u8], by: &str, loader: &dyn Loader) -> Option<Kept> {
    // The name stands first: what another program wrote may look otherwise.
    let (name, _): (&str, _) = postcard::take_from_bytes(bytes).ok()?;
    if name != by {
        return None;
    }
    let Page { texts, names, mut checklist, parts, .. } = postcard::from_bytes(bytes).ok()?;
    if sources::hash_of(&checklist.sources, loader)? != texts {
        return None;
    }
    for (item, parts) in checklist.items.iter_mut().zip(parts) {
        let mut parts = parts.into_iter();
        members(Arc::make_mut(item), &mut |member| member.part = parts.next().flatten());
    }
    Some(Kept { checklist, texts: texts.to_owned(), names: names.to_vec() })
}

impl Checklist {
    /// Lets go of the cases: only tests of a checklist need them.
    pub fn drop_cases(&mut self) {
        for item in self.items.iter_mut().filter(|item| !item.cases.is_empty()) {
            Arc::make_mut(item).cases = Vec::new();
        }
    }
}

/// Every member of the probes of an item, in one order.
fn members(item: &mut Item, each: &mut dyn FnMut(&mut Member)) {
    fn walk(probe: &mut Probe, each: &mut dyn FnMut(&mut Member)) {
        match probe {
            Probe::All(members) | Probe::Any(members) => {
                for member in members {
                    each(member);
                    walk(&mut member.probe, each);
                }
            }
            Probe::Not(probe) => walk(probe, each),
            _ => {}
        }
    }
    item.when.iter_mut().chain(&mut item.probe).for_each(|probe| walk(probe, each));
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::checklist::builtin;
    use crate::checklist::merge::{self, Entry};

    struct Files(RefCell<String>);

    impl Loader for Files {
        fn load(&self, _: &str) -> Result<String, String> {
            Ok(self.0.borrow().clone())
        }
    }

    #[test]
    fn what_is_kept_is_the_checklist_without_its_cases() {
        let files = Files(RefCell::default());
        for name in builtin::NAMES {
            let entry = Entry::Builtin((*name).to_owned());
            let (mut checklist, problems) = merge::load(&entry, &files);
            checklist.drop_cases();
            let read = merge::read(&entry, &files);
            assert_eq!((&read.checklist, &read.problems), (&checklist, &problems), "{name}");
            let bytes = pack(&read.checklist, &read.texts, b"names", "me");
            let kept = Kept { checklist, texts: read.texts, names: b"names".to_vec() };
            assert_eq!(unpack(&bytes, "me", &files), Some(kept), "{name}");
        }
    }

    #[test]
    fn another_text_another_program_and_damage_are_no_checklist() {
        let text = "gonogo: 1\nextends: [builtin:base]\ntiers: [{ id: pilot, title: P, gate: P0 }]\ncategories: [{ id: t, title: T }]\nitems:\n  - { id: t.a, title: A, why: w, fix: f, priority: P0, tier: pilot, probe: { all: [ { exists: a, part: one }, { any: [ { exists: b, part: two }, { exists: c } ] } ] } }\n";
        let files = Files(RefCell::new(text.to_owned()));
        let read = merge::read(&Entry::File("gonogo.yaml".to_owned()), &files);
        assert_eq!(read.problems, []);
        let bytes = pack(&read.checklist, &read.texts, b"", "me");
        assert_eq!(unpack(&bytes, "me", &files).map(|kept| kept.checklist), Some(read.checklist));
        assert_eq!(unpack(&bytes, "another", &files), None);
        assert_eq!(unpack(&bytes[..bytes.len() / 2], "me", &files), None);
        files.0.borrow_mut().push_str("# more\n");
        assert_eq!(unpack(&bytes, "me", &files), None);
    }
}
