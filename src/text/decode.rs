//! Bytes as text: UTF-16 with its mark is decoded, and what is no text is told apart.

use std::borrow::Cow;

/// How much of a file is looked at to tell text from other things.
const SNIFFED: usize = 8192;

/// The bytes that patterns run over, or `None` for a file that is no text. A UTF-8 mark is left out.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => Some(Cow::Owned(utf16(rest, u16::from_le_bytes))),
        [0xfe, 0xff, rest @ ..] => Some(Cow::Owned(utf16(rest, u16::from_be_bytes))),
        [0xef, 0xbb, 0xbf, rest @ ..] => Some(Cow::Borrowed(rest)),
        _ if memchr::memchr(0, &bytes[..bytes.len().min(SNIFFED)]).is_some() => None,
        _ => Some(Cow::Borrowed(bytes)),
    }
}

/// As [`String::from_utf8_lossy`], which goes through the bytes one by one even where they are all text.
#[must_use]
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|decoded| decoded.unwrap_or('\u{fffd}')).collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_replaced() {
        assert_eq!(lossy("é and more".as_bytes()), "é and more");
        assert_eq!(lossy(b"a\xffb"), "a\u{fffd}b");
    }

    #[test]
    fn windows_text_is_text_and_a_picture_is_not() {
        assert_eq!(decode(b"\xff\xfea\x00b\x00").unwrap(), b"ab".as_slice());
        assert_eq!(decode(b"\xfe\xff\x00a\x00b").unwrap(), b"ab".as_slice());
        assert_eq!(decode(b"\xef\xbb\xbfx").unwrap(), b"x".as_slice());
        assert_eq!(decode(b"caf\xe9").unwrap(), b"caf\xe9".as_slice());
        assert_eq!(decode(b"\x89PNG\0"), None);
    }
}
