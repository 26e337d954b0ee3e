//! A map by path for as many files as a tree has: in rows of some hundred it is as dense as a list, and it grows without
//! a second one beside it.

use std::ops::Index;

use crate::tree::path::RelPath;

/// A row that is longer is cut in two.
const LONGEST: usize = 256;

type Row<V> = Vec<(RelPath, V)>;

/// In the order of the paths.
#[derive(Clone, Debug)]
pub struct PathMap<V> {
    /// None of them is empty.
    rows: Vec<Row<V>>,
}

impl<V> PathMap<V> {
    #[must_use]
    pub fn new() -> Self {
        Self { rows: Vec::new() }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.iter().map(Vec::len).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row that holds a path or would, and its place there, which is an error where it is not there.
    fn find(&self, path: &RelPath) -> (usize, Result<usize, usize>) {
        let row =
            self.rows.partition_point(|row| row.first().is_some_and(|(first, _)| first <= path)).saturating_sub(1);
        let place = self.rows.get(row).map_or(Err(0), |row| row.binary_search_by(|(here, _)| here.cmp(path)));
        (row, place)
    }

    #[must_use]
    pub fn get(&self, path: &RelPath) -> Option<&V> {
        self.get_key_value(path).map(|(_, value)| value)
    }

    #[must_use]
    pub fn get_key_value(&self, path: &RelPath) -> Option<(&RelPath, &V)> {
        let (row, place) = self.find(path);
        self.rows.get(row)?.get(place.ok()?).map(|(path, value)| (path, value))
    }

    pub fn get_mut(&mut self, path: &RelPath) -> Option<&mut V> {
        let (row, place) = self.find(path);
        self.rows.get_mut(row)?.get_mut(place.ok()?).map(|(_, value)| value)
    }

    #[must_use]
    pub fn contains_key(&self, path: &RelPath) -> bool {
        self.get(path).is_some()
    }

    /// Gives what stood there before. As a rule paths come in their order.
    pub fn insert(&mut self, path: RelPath, value: V) -> Option<V> {
        if self.rows.last().and_then(|row| row.last()).is_none_or(|(last, _)| *last < path) {
            self.push(path, value);
            return None;
        }
        let (at, place) = self.find(&path);
        let place = match place {
            Ok(place) => return Some(std::mem::replace(&mut self.rows[at][place].1, value)),
            Err(place) => place,
        };
        self.rows[at].insert(place, (path, value));
        if self.rows[at].len() > LONGEST {
            let second = self.rows[at].split_off(LONGEST / 2);
            self.rows[at].shrink_to_fit();
            self.rows.insert(at + 1, second);
        }
        None
    }

    /// Adds what comes after all others.
    fn push(&mut self, path: RelPath, value: V) {
        match self.rows.last_mut() {
            Some(row) if row.len() < LONGEST => row.push((path, value)),
            last => {
                // Where one row is full, another will be.
                let mut row = Vec::with_capacity(if last.is_some() { LONGEST } else { 1 });
                row.push((path, value));
                self.rows.push(row);
            }
        }
    }

    pub fn remove(&mut self, path: &RelPath) -> Option<V> {
        let (row, place) = self.find(path);
        let (_, value) = self.rows.get_mut(row)?.remove(place.ok()?);
        if self.rows[row].is_empty() {
            self.rows.remove(row);
        }
        Some(value)
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&RelPath, &V)> + Clone {
        self.rows.iter().flatten().map(|(path, value)| (path, value))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&RelPath, &mut V)> {
        self.rows.iter_mut().flatten().map(|(path, value)| (&*path, value))
    }

    /// From this path on.
    pub fn range_from(&self, start: &RelPath) -> impl Iterator<Item = (&RelPath, &V)> + use<'_, V> {
        let (row, place) = self.find(start);
        let (first, others) = self.rows.get(row..).unwrap_or_default().split_first().unzip();
        let first = first.map_or(&[][..], |row: &Row<V>| &row[place.unwrap_or_else(|place| place)..]);
        first.iter().chain(others.unwrap_or_default().iter().flatten()).map(|(path, value)| (path, value))
    }

    /// At and below `place`, without a look at the others.
    pub fn at_and_below<'a>(&'a self, place: &'a RelPath) -> impl Iterator<Item = (&'a RelPath, &'a V)> {
        // Names with the same beginning stand together, but not all of them lie below.
        let near = self.range_from(place).take_while(|(path, _)| path.as_str().starts_with(place.as_str()));
        near.filter(|(path, _)| path.starts_with(place))
    }

    /// Takes the text of these paths, which are in their order, in place of its own: one for both takes half the room.
    pub fn share_paths<'p>(&mut self, others: impl Iterator<Item = &'p RelPath>) {
        let mut others = others.peekable();
        for (path, _) in self.rows.iter_mut().flatten() {
            while others.next_if(|other| **other < *path).is_some() {}
            if let Some(other) = others.next_if(|other| **other == *path) {
                *path = other.clone();
            }
        }
    }

    pub fn keys(&self) -> impl Iterator<Item = &RelPath> + Clone {
        self.iter().map(|(path, _)| path)
    }

    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.iter_mut().map(|(_, value)| value)
    }

    pub fn into_keys(self) -> impl Iterator<Item = RelPath> {
        self.into_iter().map(|(path, _)| path)
    }
}

impl<V> Default for PathMap<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V: PartialEq> PartialEq for PathMap<V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<V> Index<&RelPath> for PathMap<V> {
    type Output = V;

    fn index(&self, path: &RelPath) -> &V {
        let (row, place) = self.find(path);
        place.map_or_else(|_| panic!("nothing stands at {path}"), |place| &self.rows[row][place].1)
    }
}

impl<V> FromIterator<(RelPath, V)> for PathMap<V> {
    /// Of two for one path the later one counts.
    fn from_iter<I: IntoIterator<Item = (RelPath, V)>>(all: I) -> Self {
        let mut map = Self::new();
        all.into_iter().for_each(|(path, value)| drop(map.insert(path, value)));
        map
    }
}

impl<V> IntoIterator for PathMap<V> {
    type Item = (RelPath, V);
    type IntoIter = std::iter::Flatten<std::vec::IntoIter<Row<V>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter().flatten()
    }
}

/// What a reference to a pair becomes.
type Pair<'a, V> = fn(&'a (RelPath, V)) -> (&'a RelPath, &'a V);
type PairMut<'a, V> = fn(&'a mut (RelPath, V)) -> (&'a RelPath, &'a mut V);

impl<'a, V> IntoIterator for &'a PathMap<V> {
    type Item = (&'a RelPath, &'a V);
    type IntoIter = std::iter::Map<std::iter::Flatten<std::slice::Iter<'a, Row<V>>>, Pair<'a, V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter().flatten().map(|(path, value)| (path, value))
    }
}

impl<'a, V> IntoIterator for &'a mut PathMap<V> {
    type Item = (&'a RelPath, &'a mut V);
    type IntoIter = std::iter::Map<std::iter::Flatten<std::slice::IterMut<'a, Row<V>>>, PairMut<'a, V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter_mut().flatten().map(|(path, value)| (&*path, value))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn path(number: u16) -> RelPath {
        RelPath::new(&format!("{number:04}"))
    }

    #[test]
    fn what_begins_alike_does_not_all_lie_below() {
        let map: PathMap<()> =
            ["a", "a.x", "a/b", "a/b/c", "ab", "b"].map(|path| (path.into(), ())).into_iter().collect();
        let below =
            |place: &str| map.at_and_below(&place.into()).map(|(path, ())| path.to_string()).collect::<Vec<_>>();
        assert_eq!(below("a"), ["a", "a/b", "a/b/c"]);
        assert_eq!((below("a/b").len(), below("c").len(), below("").len()), (2, 0, 6));
    }

    proptest! {
        #[test]
        fn it_is_a_map(
            first in vec((0..2000_u16, any::<u8>()), 0..1500),
            changes in vec((0..2000_u16, proptest::option::of(any::<u8>())), 0..1500),
            asked in vec(0..2000_u16, 1..20),
        ) {
            let first: Vec<(RelPath, u8)> = first.into_iter().map(|(number, value)| (path(number), value)).collect();
            let mut model: BTreeMap<RelPath, u8> = first.iter().cloned().collect();
            let mut map: PathMap<u8> = first.into_iter().collect();
            for (number, value) in changes {
                let path = path(number);
                match value {
                    Some(value) => prop_assert_eq!(map.insert(path.clone(), value), model.insert(path, value)),
                    None => prop_assert_eq!(map.remove(&path), model.remove(&path)),
                }
            }
            map.values_mut().chain(model.values_mut()).for_each(|value| *value /= 2);
            prop_assert!(map.iter().eq(&model) && (&map).into_iter().eq(&model));
            prop_assert!(map.rows.iter().all(|row| !row.is_empty() && row.len() <= LONGEST));
            prop_assert_eq!((map.len(), map.is_empty()), (model.len(), model.is_empty()));
            for path in asked.into_iter().map(path) {
                prop_assert_eq!(map.get(&path), model.get(&path));
                prop_assert!(map.range_from(&path).eq(model.range(path..)));
            }
            prop_assert!(map.clone() == map);
            prop_assert!(map.into_iter().eq(model));
        }
    }
}
