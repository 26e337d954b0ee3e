//! What is noted of the files that a leaf selects. What an earlier run kept is only read once somebody asks for it.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::probe::fact::Facts;
use crate::tree::path::RelPath;

type Map = BTreeMap<RelPath, Arc<Facts>>;

#[derive(Debug, Default)]
pub(super) struct Noted {
    map: OnceLock<Map>,
    packed: Option<Packed>,
    lost: AtomicBool,
}

/// Reads a part of what an earlier run kept; `None` where it cannot be read any more.
#[derive(Clone)]
pub struct Shelf(pub Arc<dyn Fn(Range<u64>) -> Option<Vec<u8>> + Send + Sync>);

/// The facts of one leaf as a snapshot holds them: pairs of the number of a file and what is noted of it.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) shelf: Shelf,
    pub(super) range: Range<u64>,
    pub(super) checksum: [u8; 32],
    pub(super) paths: Arc<[RelPath]>,
}

impl Noted {
    pub(super) fn packed(packed: Packed) -> Self {
        Self { packed: Some(packed), ..Self::default() }
    }

    pub(super) fn get(&self) -> &Map {
        self.map.get_or_init(|| self.unpack())
    }

    pub(super) fn change(&mut self, change: impl FnOnce(&mut Map)) {
        let mut map = self.map.take().unwrap_or_else(|| self.unpack());
        change(&mut map);
        (self.map, self.packed) = (OnceLock::from(map), None);
    }

    /// The same, and the facts themselves are shared.
    pub(super) fn fork(&self) -> Self {
        let map = self.get().clone();
        Self { map: OnceLock::from(map), packed: None, lost: AtomicBool::new(self.is_lost()) }
    }

    /// Whether what was kept turned out to be damaged when somebody asked for it: then nothing is noted, and the leaf
    /// must be asked again.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    fn unpack(&self) -> Map {
        let Some(packed) = &self.packed else { return Map::default() };
        packed.unpack().unwrap_or_else(|| {
            self.lost.store(true, Ordering::Relaxed);
            Map::default()
        })
    }
}

impl Packed {
    fn unpack(&self) -> Option<Map> {
        if self.range.is_empty() {
            return Some(Map::default());
        }
        let bytes =
            (self.shelf.0)(self.range.clone()).filter(|bytes| *blake3::hash(bytes).as_bytes() == self.checksum)?;
        let pairs: Vec<(u32, Facts)> = postcard::from_bytes(&bytes).ok()?;
        let named = |(number, facts): (u32, Facts)| Some((self.paths.get(number as usize)?.clone(), Arc::new(facts)));
        pairs.into_iter().map(named).collect()
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shelf")
    }
}
