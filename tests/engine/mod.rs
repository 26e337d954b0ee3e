//! A tree that was followed says the same as one that was just opened, and following it costs what changed.

mod empty;
mod following;
mod heirs;
mod quiet;
mod resume;
mod work;
