//! How far long work is, in words.

use crate::engine::progress::Reached;
use crate::text::words::count;

impl Reached {
    /// `read 1,234 of 10,074 files, 31 of 97 MB`
    #[must_use]
    pub fn in_files(&self) -> String {
        if self.total == 0 {
            return "reading the tree".to_owned();
        }
        format!("read {}", self.so_many(" of "))
    }

    /// The same where there is little room: `1,234/10,074 files, 31/97 MB`
    #[must_use]
    pub fn in_short(&self) -> String {
        self.so_many("/")
    }

    /// `looking at 12 of 500 commits`
    #[must_use]
    pub fn in_commits(&self) -> String {
        match self.total {
            0 => "looking at the commits".to_owned(),
            _ => format!("looking at {} of {} commits", count(self.done), count(self.total)),
        }
    }

    /// Files and, where there are enough, megabytes, with this between what is done and all.
    fn so_many(&self, of: &str) -> String {
        let pair = |done: u64, all: u64| format!("{}{of}{}", count(done), count(all));
        let files = pair(self.done, self.total);
        match self.all_bytes / 1_000_000 {
            0 => format!("{files} files"),
            all => format!("{files} files, {} MB", pair(self.bytes / 1_000_000, all)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_told_in_files_and_in_bytes() {
        let reached = Reached { done: 1_234, total: 10_074, bytes: 31_999_999, all_bytes: 97_000_000 };
        assert_eq!(reached.in_files(), "read 1,234 of 10,074 files, 31 of 97 MB");
        assert_eq!(reached.in_short(), "1,234/10,074 files, 31/97 MB");
    }

    #[test]
    fn few_bytes_are_not_told() {
        let few = Reached { done: 1_200, total: 5_325, bytes: 10, all_bytes: 999_999 };
        assert_eq!(few.in_files(), "read 1,200 of 5,325 files");
        assert_eq!(few.in_short(), "1,200/5,325 files");
        assert_eq!(few.in_commits(), "looking at 1,200 of 5,325 commits");
    }

    #[test]
    fn nothing_is_counted_before_anybody_knows_how_much_there_is() {
        assert_eq!(Reached::default().in_files(), "reading the tree");
        assert_eq!(Reached::default().in_commits(), "looking at the commits");
    }
}
