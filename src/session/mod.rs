//! One tree, one checklist, one ledger, kept up to date: what the dashboard and the commands work with.

pub mod message;
