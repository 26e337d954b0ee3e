//! What the name of a file tells: its words, and whether there is text in it.

/// Endings of files that hold pictures, fonts, sounds, archives or machine code.
const NO_TEXT: [&str; 69] = [
    "7z", "a", "aab", "apk", "avi", "avif", "bcmap", "bin", "bmp", "br", "bz2", "class", "db", "dll", "dmg", "doc",
    "docx", "dylib", "ear", "eot", "exe", "flac", "gif", "gz", "heic", "icns", "ico", "jar", "jks", "jpeg", "jpg",
    "keystore", "lib", "lz4", "mmdb", "mov", "mp3", "mp4", "node", "o", "ogg", "otf", "p12", "pdf", "pfx", "png",
    "ppt", "pptx", "psd", "pyc", "rar", "so", "sqlite", "sqlite3", "tar", "tgz", "tif", "tiff", "ttf", "war", "wasm",
    "wav", "webm", "webp", "woff", "woff2", "xz", "zip", "zst",
];

/// Whether the name says that nobody reads the file as text.
#[must_use]
pub fn is_binary(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    NO_TEXT.binary_search(&ending.as_str()).is_ok()
}

/// The words of a name in lower case, and its numbers: `HTTPServer_v2` is `http`, `server`, `v`, `2`.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let chars: Vec<char> = name.chars().collect();
    let mut word = String::new();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        let next_is_lower = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        let starts = before.is_some_and(|before| {
            before.is_numeric() != c.is_numeric()
                || (c.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && next_is_lower)))
        });
        if (starts || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart_by_signs_numbers_and_capitals() {
        for (name, expected) in [
            ("HTTPServer_v2.py", "http server v 2 py"),
            ("data_acceaa-matrix", "data acceaa matrix"),
            ("getURLs", "get ur ls"),
            ("ÄrgerÖl", "ärger öl"),
            ("", ""),
            ("__init__", "init"),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn endings_of_no_text_are_found_whatever_their_case() {
        assert!(NO_TEXT.is_sorted());
        assert!(is_binary("Logo.PNG") && is_binary("a.min.woff2") && !is_binary("png") && !is_binary("a.svg"));
    }
}
