//! What an item counts as today.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Failed,
    Unknown,
    Disputed,
    Open,
    Stale,
    Likely,
    Waived,
    Passed,
    Attested,
    NotApplicable,
}

impl Status {
    pub const ALL: [Self; 10] = [
        Self::Failed,
        Self::Unknown,
        Self::Disputed,
        Self::Open,
        Self::Stale,
        Self::Likely,
        Self::Waived,
        Self::Passed,
        Self::Attested,
        Self::NotApplicable,
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Disputed => "disputed",
            Self::Stale => "stale",
            Self::Open => "open",
            Self::Likely => "likely",
            Self::Waived => "waived",
            Self::Passed => "passed",
            Self::Attested => "attested",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// Proven, by the machine or by a person whose word still stands.
    #[must_use]
    pub fn is_ready(self) -> bool {
        matches!(self, Self::Passed | Self::Attested)
    }

    /// Neither proven nor refuted.
    #[must_use]
    pub fn is_undecided(self) -> bool {
        matches!(self, Self::Unknown | Self::Disputed | Self::Stale | Self::Open | Self::Likely)
    }
}
