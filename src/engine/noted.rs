//! What is noted of the files that a leaf selects. What an earlier run kept is only unpacked once somebody asks for it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::probe::fact::Facts;
use crate::tree::path::RelPath;

type Map = BTreeMap<RelPath, Arc<Facts>>;

#[derive(Debug, Default)]
pub(super) struct Noted {
    map: OnceLock<Map>,
    packed: Option<Packed>,
}

/// The facts of one leaf as a snapshot holds them: pairs of the number of a file and what is noted of it.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) snapshot: Arc<Vec<u8>>,
    pub(super) range: Range<usize>,
    pub(super) paths: Arc<[RelPath]>,
}

impl Noted {
    pub(super) fn packed(packed: Packed) -> Self {
        Self { map: OnceLock::new(), packed: Some(packed) }
    }

    pub(super) fn get(&self) -> &Map {
        self.map.get_or_init(|| self.unpack())
    }

    pub(super) fn change(&mut self, change: impl FnOnce(&mut Map)) {
        let mut map = self.map.take().unwrap_or_else(|| self.unpack());
        change(&mut map);
        *self = Self { map: OnceLock::from(map), packed: None };
    }

    fn unpack(&self) -> Map {
        self.packed.as_ref().map(Packed::unpack).unwrap_or_default()
    }
}

impl Packed {
    /// The checksum of the whole was compared when it was read, so what does not unpack was never packed.
    fn unpack(&self) -> Map {
        let bytes = self.snapshot.get(self.range.clone()).unwrap_or_default();
        let pairs: Vec<(u32, Facts)> = postcard::from_bytes(bytes).unwrap_or_default();
        let named = |(number, facts): (u32, Facts)| Some((self.paths.get(number as usize)?.clone(), Arc::new(facts)));
        pairs.into_iter().filter_map(named).collect()
    }
}
