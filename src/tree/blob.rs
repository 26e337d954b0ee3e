//! Git's name for a file's content, computed the same way for files that git does not know.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

/// A git blob id: 20 bytes, or 32 in a SHA-256 repository.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BlobId {
    bytes: [u8; 32],
    length: u8,
}

impl BlobId {
    /// The id of this content.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        let mut hash = Sha1::new();
        hash.update(format!("blob {}\0", content.len()).as_bytes());
        hash.update(content);
        Self::from_bytes(&hash.finalize())
    }

    /// An id that git gave. Longer than 32 bytes does not exist; what is over is dropped.
    #[must_use]
    pub fn from_bytes(given: &[u8]) -> Self {
        let length = given.len().min(32);
        let mut bytes = [0; 32];
        bytes[..length].copy_from_slice(&given[..length]);
        Self { bytes, length: length as u8 }
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for BlobId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("\"{}\" is no blob id: 40 or 64 hexadecimal digits", crate::text::visible::clip(text, 80));
        if !text.is_ascii() || !matches!(text.len(), 40 | 64) {
            return Err(wrong());
        }
        let bytes: Result<Vec<u8>, _> =
            (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16)).collect();
        bytes.map(|bytes| Self::from_bytes(&bytes)).map_err(|_| wrong())
    }
}

impl TryFrom<String> for BlobId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<BlobId> for String {
    fn from(id: BlobId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_the_one_that_git_gives() {
        assert_eq!(BlobId::of(b"").to_string(), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(BlobId::of(b"hello\n").to_string(), "ce013625030ba8dba906f756967f9e9ca394464a");
        assert_eq!("ce013625030ba8dba906f756967f9e9ca394464a".parse(), Ok(BlobId::of(b"hello\n")));
        assert!("xyz".parse::<BlobId>().is_err());
        assert!("é".repeat(20).parse::<BlobId>().is_err());
    }
}
