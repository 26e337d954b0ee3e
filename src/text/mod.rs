//! Small things about strings that every room needs: making hostile text visible, redacting it,
//! and guessing what somebody meant. Nothing here touches the disk.

mod comment_syntax;
pub mod comments;
pub mod decode;
pub mod file_names;
pub mod mojibake;
pub mod ours;
pub mod redact;
mod secret_commands;
mod secret_hints;
mod secret_lines;
mod secret_names;
mod secret_shapes;
mod secret_values;
pub mod spelling;
pub mod suggest;
pub mod visible;
pub mod words;
