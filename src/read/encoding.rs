//! Turns bytes of any encoding into UTF-8.

use std::io::{self, BufRead, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How far into a page its declaration of the encoding is looked for, as browsers do.
const DECLARATION: usize = 1024;

/// Decodes a whole document; the second value is a warning if something had to be replaced.
///
/// A byte order mark decides, then zeros in every other byte (UTF-16), then valid UTF-8, then (for pages) the declared encoding, then a guess from the bytes.
/// The mark itself is left out.
pub(super) fn decode(bytes: Vec<u8>, is_page: bool) -> (String, Option<String>) {
    if let Some((encoding, length)) = Encoding::for_bom(&bytes) {
        let body = bytes.get(length..).unwrap_or_default();
        return convert(body, encoding);
    }
    // Such text is valid UTF-8 full of zeros, so this comes first.
    if let Some(encoding) = unmarked_utf16(&bytes) {
        return convert(&bytes, encoding);
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return (text, None),
        Err(error) => error.into_bytes(),
    };
    let declared = if is_page { declared_encoding(&bytes) } else { None };
    match declared {
        Some(encoding) if encoding != UTF_8 => convert(&bytes, encoding),
        _ if is_damaged_utf8(&bytes) => convert(&bytes, UTF_8),
        _ => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
            detector.feed(&bytes, true);
            convert(&bytes, detector.guess(None, Utf8Detection::Deny))
        }
    }
}

fn convert(bytes: &[u8], encoding: &'static Encoding) -> (String, Option<String>) {
    let (text, replaced) = encoding.decode_without_bom_handling(bytes);
    let warning = replaced.then(|| format!("some bytes are not {} and were replaced", encoding.name()));
    (text.into_owned(), warning)
}

/// UTF-16 without a mark: every other byte is zero in text of Western scripts.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(4096) & !1).filter(|head| head.len() >= 8)?;
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if odd * 10 > half * 7 && even * 50 < half {
        Some(UTF_16LE)
    } else if even * 10 > half * 7 && odd * 50 < half {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether the bytes are UTF-8 with a few broken ones rather than another encoding.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut broken, mut beyond_ascii) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        broken += usize::from(!chunk.invalid().is_empty());
        beyond_ascii += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
    }
    beyond_ascii >= broken * 4
}

/// The encoding that a page declares in a `meta` tag or in its XML declaration.
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(DECLARATION)).unwrap_or_default().to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    for keyword in ["charset", "encoding"] {
        let mut rest = head.as_ref();
        while let Some(at) = rest.find(keyword) {
            rest = rest.get(at + keyword.len()..).unwrap_or_default();
            let Some(value) = rest.trim_start().strip_prefix('=') else { continue };
            let value = value.trim_start().trim_start_matches(['"', '\'']);
            let end = value.find(['"', '\'', '>', ';', ' ', '?', '/']).unwrap_or(value.len());
            if let Some(encoding) = Encoding::for_label(value.get(..end).unwrap_or_default().as_bytes()) {
                // A page whose declaration can be read byte by byte is not UTF-16, whatever it says.
                return Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding });
            }
        }
    }
    None
}

/// Converts a marked UTF-16 stream to UTF-8 as it is read, so that lines can be found in it.
pub(super) struct Utf16Stream<R> {
    source: R,
    decoder: Decoder,
    ready: Vec<u8>,
    /// First byte of `ready` that was not handed out.
    from: usize,
    finished: bool,
}

impl<R: BufRead> Utf16Stream<R> {
    /// The stream, if its first bytes are the mark of UTF-16.
    pub(super) fn detect(head: &[u8]) -> Option<&'static Encoding> {
        Encoding::for_bom(head).map(|(encoding, _)| encoding).filter(|encoding| *encoding != UTF_8)
    }

    pub(super) fn new(source: R, encoding: &'static Encoding) -> Self {
        Self { source, decoder: encoding.new_decoder_with_bom_removal(), ready: Vec::new(), from: 0, finished: false }
    }
}

impl<R: BufRead> Read for Utf16Stream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.from >= self.ready.len() && !self.finished {
            let input = self.source.fill_buf()?;
            self.finished = input.is_empty();
            let room = self.decoder.max_utf8_buffer_length(input.len()).unwrap_or(input.len().saturating_mul(4));
            self.ready.resize(room, 0);
            let (_, read, written, _) = self.decoder.decode_to_utf8(input, &mut self.ready, self.finished);
            self.ready.truncate(written);
            self.from = 0;
            self.source.consume(read);
        }
        let rest = self.ready.get(self.from..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(target), Some(bytes)) = (buffer.get_mut(..count), rest.get(..count)) {
            target.copy_from_slice(bytes);
        }
        self.from += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], is_page: bool, expected: &str) {
        assert_eq!(decode(bytes.to_vec(), is_page).0, expected);
    }

    #[test]
    fn decodes() {
        check("Désiré".as_bytes(), false, "Désiré");
        check("\u{feff}Désiré".as_bytes(), false, "Désiré");
        check(b"\xff\xfeA\0\xe9\0", false, "Aé");
        check(b"\xfe\xff\0A\0\xe9", false, "Aé");
        check(
            b"D\xe9sir\xe9 Lobo a dit qu'il \xe9tait pr\xeat \x96 enfin.",
            false,
            "Désiré Lobo a dit qu'il était prêt – enfin.",
        );
        let (russian, _, _) =
            encoding_rs::WINDOWS_1251.encode("Министр подал в отставку в понедельник, сообщили власти.");
        check(&russian, false, "Министр подал в отставку в понедельник, сообщили власти.");
        let (japanese, _, _) = encoding_rs::SHIFT_JIS.encode("大臣は月曜日に辞任したと政府が発表した。");
        check(&japanese, false, "大臣は月曜日に辞任したと政府が発表した。");
        check(b"<meta charset=\"iso-8859-2\"><p>\xb1", true, "<meta charset=\"iso-8859-2\"><p>ą");
        check(
            b"<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>\xc1",
            true,
            "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>а",
        );
        check(b"N\0o\0 \0m\0a\0r\0k\0", false, "No mark");
        check(b"", false, "");
    }

    #[test]
    fn repairs_damaged_utf8() {
        let (text, warning) = decode(b"D\xc3\xa9sir\xc3\xa9 \xc3\xa9t\xc3\xa9 \xff".to_vec(), false);
        assert_eq!(text, "Désiré été \u{fffd}");
        assert_eq!(warning.as_deref(), Some("some bytes are not UTF-8 and were replaced"));
    }

    #[test]
    fn streams_utf16() {
        let text = "Zwölf Boxkämpfer 🥊\n".repeat(500);
        let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let source = io::BufReader::with_capacity(7, bytes.as_slice());
        let mut read = String::new();
        Utf16Stream::new(source, UTF_16LE).read_to_string(&mut read).unwrap();
        assert_eq!(read, text);
    }
}
