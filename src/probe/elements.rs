//! The elements of a set, as one file holds them: what `compare` relates.

use std::collections::{HashMap, HashSet};
use std::iter;
use std::ops::Range;

use regex_automata::Input;

use crate::checklist::model::View;
use crate::checklist::pattern::Pattern;
use crate::checklist::sets::{Calling, SetSource, Take};
use crate::document::node::{Node, Span};
use crate::document::select::{Query as Path, Queryable};
use crate::document::{Kind, ParseProblem};
use crate::probe::fact::{Facts, Hit, HitKey, Trouble, key_of};
use crate::probe::matcher::{Found, Seeker};
use crate::probe::query::{Reader, trouble};
use crate::probe::sighting::{Cursor, alone, in_document, in_text};
use crate::probe::text::first_group;
use crate::probe::view::Views;
use crate::probe::workshop::Workshop;
use crate::text::decode::lossy;
use crate::tree::path::RelPath;

/// How many different elements one file may have. More are no names any more, and what is cut would look missing.
const MOST: usize = 10_000;

/// A source of elements ready to run. Facts hold one hit for each different element: its key is the hash of what it is
/// called, its message the name as people may see it.
#[derive(Debug)]
pub struct Elements {
    from: From,
    capture: Vec<Pattern>,
    unless: Option<Pattern>,
    called: Called,
    shown: Shown,
}

/// What people get to see of elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Places,
    /// Only whether one is there matters: facts hold keys and nothing else. A whole tree may be searched for a few names,
    /// and to find out for each of its words what of its line may be shown takes longer than all the rest.
    Nothing,
}

#[derive(Debug)]
enum From {
    Lines(View),
    Nodes(Option<Kind>, Path),
    Keys(Option<Kind>, Path),
    Paths,
    Words(Vec<String>),
}

/// What an element is called: names that are spelled differently can be the same.
#[derive(Debug)]
struct Called {
    fold_case: bool,
    fold_separators: bool,
    rename: HashMap<String, String>,
}

impl Called {
    fn new(calling: &Calling) -> Self {
        let bare =
            Self { fold_case: calling.fold_case, fold_separators: calling.fold_separators, rename: HashMap::new() };
        let rename = calling.rename.iter().map(|(from, to)| (bare.fold(from), bare.fold(to))).collect();
        Self { rename, ..bare }
    }

    fn fold(&self, name: &str) -> String {
        let name = if self.fold_case { name.to_lowercase() } else { name.to_owned() };
        if self.fold_separators { name.replace(['-', '.'], "_") } else { name }
    }

    fn key(&self, name: &str) -> HitKey {
        let folded = self.fold(name);
        key_of(self.rename.get(&folded).unwrap_or(&folded).as_bytes())
    }
}

impl Elements {
    /// # Errors
    /// A path into documents that is none.
    pub fn new(source: &SetSource, calling: &Calling, shown: Shown, shop: &Workshop) -> Result<Self, String> {
        let kind = |name: &Option<String>| name.as_deref().and_then(Kind::from_name);
        let from = match &source.take {
            Take::Lines(view) => From::Lines(*view),
            Take::Nodes { kind: name, select } => From::Nodes(kind(name), Path::new(select)?),
            Take::Keys { kind: name, select } => From::Keys(kind(name), Path::new(select)?),
            Take::Paths => From::Paths,
            Take::Words(words) => From::Words(words.clone()),
        };
        let capture = source.capture.iter().map(|pattern| shop.pattern(pattern, false)).collect();
        let unless = source.unless.as_ref().map(|pattern| shop.pattern(pattern, false));
        Ok(Self { from, capture, unless, called: Called::new(calling), shown })
    }

    #[must_use]
    pub fn seeker(&self) -> Option<&dyn Seeker> {
        matches!(self.from, From::Lines(_)).then_some(self)
    }

    #[must_use]
    pub fn reader(&self) -> Option<&dyn Reader> {
        matches!(self.from, From::Nodes(..) | From::Keys(..)).then_some(self)
    }

    /// What the name of a file holds.
    #[must_use]
    pub fn map_path(&self, path: &RelPath) -> Facts {
        let mut set = Set::new(self.shown);
        if matches!(self.from, From::Paths) {
            self.collect(path.as_str(), &mut set, |name| Hit { message: alone(name), ..Hit::default() });
        }
        set.facts()
    }

    /// What stands in the checklist itself.
    #[must_use]
    pub fn words(&self) -> Facts {
        let mut set = Set::new(self.shown);
        if let From::Words(words) = &self.from {
            for word in words {
                self.collect(word, &mut set, |name| Hit { message: name.to_owned(), ..Hit::default() });
            }
        }
        set.facts()
    }

    /// Every element in a text that was taken from somewhere.
    fn collect(&self, text: &str, set: &mut Set, mut hit: impl FnMut(&str) -> Hit) {
        let each = |name: &str| set.add(self.called.key(name), || hit(name));
        if let Err(why) = self.each(text.as_bytes(), each) {
            set.facts = Facts::unreadable(why);
        }
    }

    fn each(&self, text: &[u8], mut add: impl FnMut(&str)) -> Result<(), &str> {
        if self.capture.is_empty() {
            return self.admit(text, &mut add);
        }
        for pattern in &self.capture {
            for element in elements(pattern, text)? {
                self.admit(&text[element], &mut add)?;
            }
        }
        Ok(())
    }

    fn admit(&self, element: &[u8], add: &mut impl FnMut(&str)) -> Result<(), &str> {
        let element = element.trim_ascii();
        let excused = match &self.unless {
            Some(unless) => unless.regex()?.is_match(element),
            None => false,
        };
        if !element.is_empty() && !excused {
            add(&lossy(element));
        }
        Ok(())
    }

    fn try_search(&self, index: usize, views: &Views<'_>, range: Range<usize>, found: &mut Found) -> Result<(), &str> {
        let From::Lines(view) = self.from else { return Ok(()) };
        let text = &views.get(view)[range.clone()];
        for element in elements(&self.capture[index], text)? {
            let place = range.start + element.start..range.start + element.end;
            let name = lossy(text[element].trim_ascii());
            if let Some(first) = found.elements.get_mut(&*name) {
                if place.start < first.start {
                    *first = place;
                }
                continue;
            }
            self.admit(name.as_bytes(), &mut |name| {
                found.elements.insert(name.to_owned(), place.clone());
            })?;
        }
        Ok(())
    }
}

/// The first group of each match that took part in it; without a group, all of the match. Whether what is empty is among
/// them does not matter: it is no element.
fn elements<'p, 't>(
    pattern: &'p Pattern,
    text: &'t [u8],
) -> Result<impl Iterator<Item = Range<usize>> + use<'p, 't>, &'p str> {
    let regex = pattern.regex()?;
    let margins = if regex.captures_len() == 1 { Some((0, 0)) } else { pattern.margins() };
    let (mut groups, mut from) = (None, 0);
    Ok(iter::from_fn(move || {
        while from <= text.len() {
            let (whole, group) = match margins {
                Some((before, behind)) => {
                    let whole = regex.find(Input::new(text).range(from..))?;
                    (whole, Some(whole.start() + before..whole.end() - behind))
                }
                None => {
                    let groups = groups.get_or_insert_with(|| regex.create_captures());
                    regex.captures(Input::new(text).range(from..), groups);
                    (groups.get_match()?, first_group(groups).map(|group| group.range()))
                }
            };
            from = whole.end() + usize::from(whole.is_empty());
            if group.is_some() {
                return group;
            }
        }
        None
    }))
}

fn too_many() -> Trouble {
    Trouble { message: format!("more than {MOST} different elements"), ..Trouble::default() }
}

/// Different elements, in the order in which they came.
struct Set {
    shown: Shown,
    facts: Facts,
    known: HashSet<HitKey>,
}

impl Set {
    fn new(shown: Shown) -> Self {
        Self { shown, facts: Facts::default(), known: HashSet::new() }
    }

    fn add(&mut self, key: HitKey, hit: impl FnOnce() -> Hit) {
        if !self.known.insert(key) {
            return;
        }
        if self.known.len() > MOST {
            self.known.remove(&key);
            self.facts.trouble = Some(too_many());
            return;
        }
        self.facts.found += 1;
        let hit = if self.shown == Shown::Places { hit() } else { Hit::default() };
        self.facts.hits.push(Hit { key, ..hit });
    }

    /// Of what nobody sees the place does not matter, nor that it moved.
    fn facts(mut self) -> Facts {
        if self.shown == Shown::Nothing {
            self.facts.hits.sort_unstable_by_key(|hit| hit.key);
        }
        self.facts
    }
}

impl Seeker for Elements {
    fn view(&self) -> View {
        match self.from {
            From::Lines(view) => view,
            _ => View::Any,
        }
    }

    fn multiline(&self) -> bool {
        false
    }

    fn search(&self, index: usize, views: &Views<'_>, range: Range<usize>, found: &mut Found) {
        if let Err(why) = self.try_search(index, views, range, found) {
            *found = Found { facts: Facts::unreadable(why), ..Found::default() };
        }
    }

    fn facts(&self, views: &Views<'_>, found: Found) -> Facts {
        let mut places: Vec<(Range<usize>, HitKey)> =
            found.elements.into_iter().map(|(name, range)| (range, self.called.key(&name))).collect();
        places.sort_by_key(|(range, _)| (range.start, range.end));
        let mut set = Set { facts: found.facts, ..Set::new(self.shown) };
        let mut cursor = Cursor::default();
        for (range, key) in places {
            set.add(key, || in_text(views, range, &mut cursor));
        }
        set.facts()
    }
}

impl Reader for Elements {
    fn kind(&self) -> Option<Kind> {
        match &self.from {
            From::Nodes(kind, _) | From::Keys(kind, _) => *kind,
            _ => None,
        }
    }

    fn map(&self, documents: &[Queryable<'_>], problem: Option<&ParseProblem>, lines: &[&str]) -> Facts {
        let mut set = Set::new(self.shown);
        let mut cursor = Cursor::default();
        let mut at = |span: Span, name: &str| in_document(span, name, lines, &mut cursor);
        for document in documents {
            match &self.from {
                From::Nodes(_, path) => {
                    for node in path.select(document) {
                        self.collect(&node.text(), &mut set, |name| at(node.span, name));
                    }
                }
                From::Keys(_, path) => {
                    for entry in path.select(document).into_iter().filter_map(Node::entries).flatten() {
                        self.collect(&entry.key, &mut set, |name| at(entry.key_span, name));
                    }
                }
                _ => {}
            }
        }
        set.facts.trouble = set.facts.trouble.take().or_else(|| problem.map(trouble));
        set.facts()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex_automata::util::captures::Captures;

    use super::*;
    use crate::checklist::model::Selection;

    fn found(shown: Shown, text: &str) -> Facts {
        let (take, capture) = (Take::Lines(View::Any), vec![r"'(\w+)'".to_owned()]);
        let source = SetSource { files: Selection::default(), take, capture, unless: None };
        let elements = Elements::new(&source, &Calling::default(), shown, &Workshop::default()).unwrap();
        let (views, mut found) = (Views::new("a.php", text.as_bytes()), Found::default());
        let mut from = Some(0);
        while let Some(at) = from {
            let line = views.line_at(at);
            from = views.next_line(line.end);
            elements.search(0, &views, line, &mut found);
        }
        elements.facts(&views, found)
    }

    #[test]
    fn of_what_nobody_sees_the_same_names_are_known_and_not_where_they_stand() {
        let text = "'b' => 'a'\n'c' => 'a'\n";
        let (seen, unseen) = (found(Shown::Places, text), found(Shown::Nothing, text));
        let mut keys: Vec<HitKey> = seen.hits.iter().map(|hit| hit.key).collect();
        assert_eq!(seen.hits.iter().map(|hit| hit.message.as_str()).collect::<Vec<_>>(), ["b", "a", "c"]);
        keys.sort_unstable();
        let bare: Vec<Hit> = keys.into_iter().map(|key| Hit { key, ..Hit::default() }).collect();
        assert_eq!((unseen.found, unseen.hits), (3, bare));
        assert_eq!(found(Shown::Nothing, "\n'a', 'c'\n'b'\n"), found(Shown::Nothing, text));
    }

    proptest! {
        #[test]
        fn elements_are_those_of_all_matches(
            pattern in "(a|b|b\\*|\\(a\\)|\\(b\\+\\)|\\(b\\|c\\)|\\(a\\)\\|c|c\\?|\\$|\\(\\)){1,3}", text in "[abc ]{0,12}",
        ) {
            let pattern = Pattern::new(&pattern, false);
            let (regex, text) = (pattern.regex().unwrap(), text.as_bytes());
            let group = |found: Captures| match found.group_len() {
                1 => found.get_group(0).map(|group| group.range()),
                _ => first_group(&found).map(|group| group.range()),
            };
            let all = regex.captures_iter(text).filter_map(group).filter(|place| !place.is_empty());
            let found = elements(&pattern, text).unwrap().filter(|place| !place.is_empty());
            prop_assert_eq!(found.collect::<Vec<_>>(), all.collect::<Vec<_>>(), "{}", pattern.source());
        }
    }
}
