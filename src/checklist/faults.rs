//! What `encoding` and `names` forbid.

use serde::{Deserialize, Serialize};

use crate::checklist::model::Selection;

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EncodingProbe {
    pub files: Selection,
    pub forbid: Vec<EncodingFault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EncodingFault {
    /// Bytes that are no UTF-8.
    Invalid,
    /// U+FFFD, written out.
    Replacement,
    /// UTF-8 that was read as another encoding and written down again.
    Mojibake,
    Bom,
    ConflictMarkers,
}

impl EncodingFault {
    /// In the order of their words in the format.
    pub const ALL: [Self; 5] = [Self::Invalid, Self::Replacement, Self::Mojibake, Self::Bom, Self::ConflictMarkers];
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NamesProbe {
    pub files: Selection,
    pub forbid: Vec<NameFault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameFault {
    /// Names in one directory of which one is probably a mistake.
    Twins,
    /// Names that differ by case alone.
    CaseTwins,
    /// Names with a word that is near to another one and none itself.
    Misspelt,
    /// What editors, merges and careful people leave behind.
    Strays,
}

impl NameFault {
    /// In the order of their words in the format.
    pub const ALL: [Self; 4] = [Self::Twins, Self::CaseTwins, Self::Misspelt, Self::Strays];
}
