//! What leaves: one file per format, each a printer of a board.
