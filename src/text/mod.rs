//! Small things about strings that every room needs: making hostile text visible, redacting it,
//! and guessing what somebody meant. Nothing here touches the disk.

pub mod decode;
pub mod redact;
pub mod suggest;
pub mod visible;
