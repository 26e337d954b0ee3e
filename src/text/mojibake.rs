//! UTF-8 that somebody read as something else and wrote down again: `â€™` for `’`, `Ã©` for `é`, `‚Äî` for `—`.
//!
//! A run of characters is read back as the bytes of an old encoding. Where those bytes are UTF-8, it was probably UTF-8
//! before. Real texts hold such runs, too (`„Ä“` in German, `Å²` in physics), so a single one counts only where no
//! language puts these characters together.

use std::ops::Range;

/// A place where text was decoded wrongly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mojibake {
    /// The wrong characters, in bytes.
    pub range: Range<usize>,
    /// What stood there.
    pub meant: String,
    pub codec: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Codec {
    Windows1252,
    Windows1254,
    MacRoman,
}

/// Windows-1252 from 0x80 to 0x9f; five bytes are no character there and stay what they are.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Where Windows-1254 differs from Windows-1252.
const TURKISH: [(char, u8); 6] = [('Ğ', 0xd0), ('İ', 0xdd), ('Ş', 0xde), ('ğ', 0xf0), ('ı', 0xfd), ('ş', 0xfe)];

/// Mac Roman from 0x80 to 0xff.
const MAC: [char; 128] = [
    'Ä', 'Å', 'Ç', 'É', 'Ñ', 'Ö', 'Ü', 'á', 'à', 'â', 'ä', 'ã', 'å', 'ç', 'é', 'è', 'ê', 'ë', 'í', 'ì', 'î', 'ï', 'ñ',
    'ó', 'ò', 'ô', 'ö', 'õ', 'ú', 'ù', 'û', 'ü', '†', '°', '¢', '£', '§', '•', '¶', 'ß', '®', '©', '™', '´', '¨', '≠',
    'Æ', 'Ø', '∞', '±', '≤', '≥', '¥', 'µ', '∂', '∑', '∏', 'π', '∫', 'ª', 'º', 'Ω', 'æ', 'ø', '¿', '¡', '¬', '√', 'ƒ',
    '≈', '∆', '«', '»', '…', '\u{a0}', 'À', 'Ã', 'Õ', 'Œ', 'œ', '–', '—', '“', '”', '‘', '’', '÷', '◊', 'ÿ', 'Ÿ', '⁄',
    '€', '‹', '›', 'ﬁ', 'ﬂ', '‡', '·', '‚', '„', '‰', 'Â', 'Ê', 'Á', 'Ë', 'È', 'Í', 'Î', 'Ï', 'Ì', 'Ó', 'Ô',
    '\u{f8ff}', 'Ò', 'Ú', 'Û', 'Ù', 'ı', 'ˆ', '˜', '¯', '˘', '˙', '˚', '¸', '˝', '˛', 'ˇ',
];

/// How many characters are read back at most from one place, so that a long line is not read again from each of its
/// characters.
const LONGEST: usize = 24;

impl Codec {
    const ALL: [Self; 3] = [Self::Windows1252, Self::Windows1254, Self::MacRoman];

    fn name(self) -> &'static str {
        match self {
            Self::Windows1252 => "Windows-1252",
            Self::Windows1254 => "Windows-1254",
            Self::MacRoman => "Mac Roman",
        }
    }

    /// The byte that this character is in the encoding, from 0x80 on.
    fn byte(self, c: char) -> Option<u8> {
        match self {
            Self::MacRoman => MAC.iter().position(|mac| *mac == c).map(|at| at as u8 + 0x80),
            Self::Windows1254 => {
                let turkish = TURKISH.iter().find(|(letter, _)| *letter == c).map(|(_, byte)| *byte);
                turkish.or_else(|| Self::Windows1252.byte(c))
            }
            Self::Windows1252 => match u32::from(c) {
                // Latin-1 keeps the control characters that Windows-1252 replaced.
                code @ 0x80..=0xff => Some(code as u8),
                _ => WINDOWS.iter().position(|windows| *windows == c).map(|at| at as u8 + 0x80),
            },
        }
    }
}

/// The first place of this line that was surely decoded wrongly.
#[must_use]
pub fn find(text: &str) -> Option<Mojibake> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    (0..chars.len())
        .filter(|at| !chars[*at].1.is_ascii())
        .find_map(|at| Codec::ALL.into_iter().find_map(|codec| found_at(text, &chars, at, codec)))
}

fn found_at(text: &str, chars: &[(usize, char)], at: usize, codec: Codec) -> Option<Mojibake> {
    let before = at.checked_sub(1).map(|before| chars[before].1);
    let (mut end, mut meant) = (at, String::new());
    let mut is_sure = false;
    while let Some((next, c)) = sequence(chars, end, codec).filter(|_| end - at < LONGEST) {
        let around = (if end == at { before } else { None }, chars.get(next).map(|(_, after)| *after));
        is_sure |= is_no_text(&chars[end..next], c, codec, around);
        meant.push(c);
        end = next;
    }
    // One run that could be text is a coincidence, two in a row are none.
    let twice = codec != Codec::MacRoman && meant.chars().count() > 1;
    if !is_sure && !twice {
        return None;
    }
    let last = chars.get(end).map_or(text.len(), |(offset, _)| *offset);
    Some(Mojibake { range: chars[at].0..last, meant, codec: codec.name() })
}

/// The characters from `at` as the bytes of one character of UTF-8: where they end, and which it is.
fn sequence(chars: &[(usize, char)], at: usize, codec: Codec) -> Option<(usize, char)> {
    let lead = codec.byte(chars.get(at)?.1)?;
    let length = match lead {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let bytes: Option<Vec<u8>> = chars.get(at..at + length)?.iter().map(|(_, c)| codec.byte(*c)).collect();
    let c = std::str::from_utf8(&bytes?).ok()?.chars().next()?;
    Some((at + length, c))
}

/// Whether no language writes these characters together, given what stands before and after them.
fn is_no_text(run: &[(usize, char)], meant: char, codec: Codec, around: (Option<char>, Option<char>)) -> bool {
    let (before, after) = around;
    let (lead, second) = (run[0].1, run[1].1);
    match (codec, run.len(), meant) {
        // Marks, arrows, dashes, quotes, signs, pictures; ligatures; what is left of a mark or of a lost character.
        (_, 3, '\u{2000}'..='\u{2bff}' | '\u{fb00}'..='\u{fb06}' | '\u{fe0f}' | '\u{feff}' | '\u{fffd}') => true,
        (_, 4, '\u{1f000}'..='\u{1faff}') => true,
        (Codec::MacRoman, 2, 'À'..='ÿ') => {
            // A root of something is mathematics, unless it stands in the middle of a word.
            !"π∑∏∫∂Ω∞µ∆≤≥±".contains(second) || before.is_some_and(char::is_lowercase)
        }
        (Codec::MacRoman, 2, '\u{a0}'..='¿') => {
            "†©®´ª£".contains(second) && before.is_none_or(|before| before.is_ascii())
        }
        (Codec::Windows1252 | Codec::Windows1254, 2, '\u{a0}'..='\u{17f}') => match second {
            // Square and cubic ångströms.
            '²' | '³' | '·' | '¹' if lead == 'Å' => false,
            // What may follow a capital at the end of a word counts within a word.
            '“' | '”' | '‘' | '’' | '…' | '—' | '–' | '«' | '»' | '‹' | '›' | '\u{a0}' | '®' | '™' | 'ª' | 'º'
            | '„' | '‚' | '•' | '†' | '‡' => {
                before.is_some_and(|before| before.is_lowercase() || (before.is_ascii_digit() && lead == 'Â'))
                    || after.is_some_and(char::is_alphabetic)
                    || (lead == 'Ã' && second == '\u{a0}' && before.is_none_or(char::is_whitespace))
            }
            _ => true,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, String, &'static str)> {
        find(text).map(|found| (text[found.range].to_owned(), found.meant, found.codec))
    }

    /// UTF-8 read as another encoding.
    fn garbled(text: &str, codec: Codec) -> String {
        let all: Vec<char> = "\u{80}".chars().chain('\u{80}'..='\u{2fff}').chain(['\u{f8ff}', 'ﬁ', 'ﬂ']).collect();
        let decode = |byte: u8| match (byte, codec) {
            (0..0x80, _) => char::from(byte),
            // The last character that is this byte: not the control character of Latin-1.
            (byte, codec) => *all.iter().rfind(|c| codec.byte(**c) == Some(byte)).unwrap(),
        };
        text.bytes().map(decode).collect()
    }

    #[test]
    fn what_was_decoded_twice_is_found_with_what_was_meant() {
        for (text, wrong, meant, codec) in [
            ("donâ€™t", "â€™", "’", "Windows-1252"),
            ("cafÃ©", "Ã©", "é", "Windows-1252"),
            ("a â€” b", "â€”", "—", "Windows-1252"),
            ("voilÃ\u{a0} tout", "Ã\u{a0}", "à", "Windows-1252"),
            ("100Â\u{a0}€", "Â\u{a0}", "\u{a0}", "Windows-1252"),
            ("6. âœ… Fix", "âœ…", "✅", "Windows-1252"),
            ("ðŸ˜€", "ðŸ˜€", "😀", "Windows-1252"),
            ("ï»¿using System;", "ï»¿", "\u{feff}", "Windows-1252"),
            ("â\u{80}\u{99}", "â\u{80}\u{99}", "’", "Windows-1252"),
            ("ÐŸÑ€Ð¸", "ÐŸÑ€Ð¸", "При", "Windows-1252"),
            ("ğŸ˜€", "ğŸ˜€", "😀", "Windows-1254"),
            ("a ‚Äî b", "‚Äî", "—", "Mac Roman"),
            ("- ‚ö†Ô∏è Peer", "‚ö†Ô∏è", "⚠\u{fe0f}", "Mac Roman"),
            ("caf√©", "√©", "é", "Mac Roman"),
            ("o√π", "√π", "ù", "Mac Roman"),
        ] {
            assert_eq!(read(text), Some((wrong.to_owned(), meant.to_owned(), codec)), "{text}");
        }
    }

    #[test]
    fn real_texts_are_left_alone() {
        for text in [
            "Où est l’été ? « Voilà » — dit-il…",
            "voilà\u{a0}» et à\u{a0}« Paris »",
            "NÃO É POSSÍVEL: AÇÃO, IRMÃ”, “IRMÔ",
            "“IRMÔ. Amanhã… 1.ª e 2.º",
            "Şişli’de İğne, ÂLÂ, KÂR… ğüşıöç “Â”",
            "„Ä“ und ‚Ähnlich‘ über ÄÖÜ",
            "SMÅ”, FÅ…, 5 Å² and Å³",
            "2√π, √∑, ¬a, 90 °C ± 1 µm, ×2, §5",
            "Đặng Thị Ánh, ŁÓDŹ, Žluťoučký kůň",
            "日本語、ありがとう。 Привет, мир — «да»",
            "⚠️ 😀 ✅ → ├── file",
            "¿Qué? ¡Ñandú! ª º",
            "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
            "¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_long_line_of_what_could_be_text_is_read_once() {
        assert_eq!(read(&"ÃÄ".repeat(60_000)), None);
    }

    #[test]
    fn what_is_garbled_is_found_and_what_is_not_is_not() {
        for text in [
            "l’été à Noël, où ?",
            "não é ação — só coração",
            "güneşli İstanbul’da çığ",
            "“Größe” & Straße…",
            "日本語",
            "✅ 😀",
        ] {
            assert_eq!(find(text), None, "{text}");
            for codec in Codec::ALL {
                let garbled = garbled(text, codec);
                assert!(
                    codec == Codec::MacRoman && text == "日本語" || find(&garbled).is_some(),
                    "{codec:?} {garbled}"
                );
            }
        }
    }
}
