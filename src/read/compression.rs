//! Opens gzip, zstd and bzip2 streams; what is none of them passes through.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read},
    path::Path,
};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::{
    BlockDecodingStrategy, FrameDecoder,
    errors::{FrameDecoderError, ReadFrameHeaderError},
};

/// The largest window that `zstd` uses without being told to; a frame that wants more is refused.
const LARGEST_WINDOW: u64 = 128 << 20;
const BUFFER: usize = 64 << 10;

/// A stream of bytes that can be handed to another thread.
pub(super) type Source = Box<dyn BufRead + Send>;

/// Opens a file, decompressed.
pub(super) fn open(path: &Path) -> io::Result<Source> {
    let named = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
    decompress(File::open(path)?, &named)
}

/// Decompresses a stream by the name of its format or by its first bytes.
pub(super) fn decompress(mut source: impl Read + Send + 'static, named: &str) -> io::Result<Source> {
    let mut magic = Vec::with_capacity(4);
    source.by_ref().take(4).read_to_end(&mut magic)?;
    let gzip = named == "gz" || magic.starts_with(&[0x1f, 0x8b]);
    let zstd = named == "zst" || magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    let bzip2 = named == "bz2" || matches!(magic.as_slice(), [b'B', b'Z', b'h', b'1'..=b'9']);
    let empty = magic.is_empty();
    let source = BufReader::with_capacity(BUFFER, Cursor::new(magic).chain(source));
    Ok(if empty {
        Box::new(source)
    } else if gzip {
        Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(source)))
    } else if zstd {
        Box::new(BufReader::with_capacity(BUFFER, ZstdFrames::new(source)))
    } else if bzip2 {
        Box::new(BufReader::with_capacity(BUFFER, MultiBzDecoder::new(source)))
    } else {
        Box::new(source)
    })
}

/// Reads all frames of a zstd stream; the crate's own reader stops after the first.
struct ZstdFrames<R> {
    source: R,
    decoder: FrameDecoder,
    in_frame: bool,
}

impl<R: BufRead> ZstdFrames<R> {
    fn new(source: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(LARGEST_WINDOW);
        Self { source, decoder, in_frame: false }
    }

    /// Starts the next frame; false at the end of the stream.
    fn start_frame(&mut self) -> io::Result<bool> {
        loop {
            if self.source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.reset(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    io::copy(&mut self.source.by_ref().take(u64::from(length)), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            }
        }
    }
}

impl<R: BufRead> Read for ZstdFrames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.in_frame {
                if !self.start_frame()? {
                    return Ok(0);
                }
                self.in_frame = true;
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                self.decoder
                    .decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1))
                    .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            }
            let count = self.decoder.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            // The frame is finished and drained.
            self.in_frame = false;
            let stored = self.decoder.get_checksum_from_data();
            if stored.is_some() && stored != self.decoder.get_calculated_checksum() {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the zstd checksum does not match"));
            }
        }
    }
}
