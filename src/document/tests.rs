//! Checks the encodings of documents.

use super::*;

/// Returns the text of a file and the messages of its findings.
fn read(bytes: Vec<u8>) -> (String, Vec<String>) {
    let (text, document) = read_bytes(bytes);
    (text, document.findings.into_iter().map(|finding| finding.message).collect())
}

#[test]
fn utf16_and_utf32_text_is_read_and_reported_once() {
    let text = "[driver.example]\r\n";
    let wide = |unit: fn(u32) -> [u8; 4]| text.chars().flat_map(|it| unit(it.into())).collect();
    let encodings: [(&str, &[u8], Vec<u8>); 4] = [
        ("UTF-16", &[0xFF, 0xFE], text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16", &[0xFE, 0xFF], text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("UTF-32", &[0xFF, 0xFE, 0, 0], wide(u32::to_le_bytes)),
        ("UTF-32", &[0, 0, 0xFE, 0xFF], wide(u32::to_be_bytes)),
    ];
    for (name, mark, bytes) in encodings {
        let expected = (text.to_owned(), vec![format!("the file is {name}")]);
        assert_eq!(read([mark, &bytes].concat()), expected);
        assert_eq!(read(bytes), expected);
    }
}

#[test]
fn text_with_nul_bytes_is_not_read_as_utf16() {
    for bytes in [&b"a\0"[..], b"\0a", b"a = \"\0\"", b"\0\0\0\0"] {
        let (text, messages) = read(bytes.to_vec());
        assert_eq!(text.as_bytes(), bytes);
        assert!(!messages.iter().any(|message| message.contains("UTF-")), "{messages:?}");
    }
}
