//! Two lists that are in the order of their paths, gone through together: most of a tree is passed over without a look-up.

use std::cmp::Ordering;

use crate::tree::path::RelPath;

/// Each path that stands in one of the two or in both, with what stands there.
pub(crate) fn side_by_side<'p, A, B>(
    left: impl IntoIterator<Item = (&'p RelPath, A)>,
    right: impl IntoIterator<Item = (&'p RelPath, B)>,
) -> impl Iterator<Item = (&'p RelPath, Option<A>, Option<B>)> {
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    std::iter::from_fn(move || {
        let order = match (left.peek(), right.peek()) {
            (Some((one, _)), Some((other, _))) => one.cmp(other),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        let one = if order == Ordering::Greater { None } else { left.next() };
        let other = if order == Ordering::Less { None } else { right.next() };
        let path = one.as_ref().map(|(path, _)| *path).or(other.as_ref().map(|(path, _)| *path))?;
        Some((path, one.map(|(_, value)| value), other.map(|(_, value)| value)))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_path_comes_once_with_what_stands_on_both_sides(
            left in proptest::collection::btree_map("[ab]{1,2}(/[ab]){0,1}", 0..9, 0..6),
            right in proptest::collection::btree_map("[ab]{1,2}(/[ab]){0,1}", 0..9, 0..6),
        ) {
            let named = |map: BTreeMap<String, i32>| -> BTreeMap<RelPath, i32> {
                map.into_iter().map(|(path, value)| (RelPath::new(&path), value)).collect()
            };
            let (left, right) = (named(left), named(right));
            let all: BTreeSet<&RelPath> = left.keys().chain(right.keys()).collect();
            let expected: Vec<_> = all.into_iter().map(|path| (path, left.get(path), right.get(path))).collect();
            prop_assert_eq!(side_by_side(&left, &right).collect::<Vec<_>>(), expected);
        }
    }
}
