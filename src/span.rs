//! Half-open ranges that know what they count.

use std::{fmt, hash, marker::PhantomData, ops::Range};

/// Unit of a span that counts UTF-8 bytes of [`Document::text`](crate::document::Document::text).
#[derive(Debug)]
pub enum Byte {}

/// Unit of a span that counts tokens of [`Document::tokens`](crate::document::Document::tokens).
#[derive(Debug)]
pub enum TokenIndex {}

/// A half-open range `start..end` in units of `U`; spans of different units do not mix.
pub struct Span<U> {
    /// First position inside the span.
    pub start: u32,
    /// First position after the span; never below `start`.
    pub end: u32,
    unit: PhantomData<fn() -> U>,
}

/// A span in UTF-8 bytes of the document's text.
pub type ByteSpan = Span<Byte>;

/// A span in tokens of the document.
pub type TokenSpan = Span<TokenIndex>;

impl<U> Span<U> {
    /// Makes a span; an `end` before `start` gives the empty span at `start`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        Self { start, end: end.max(start), unit: PhantomData }
    }

    /// The span as a range for indexing.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Number of units inside.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether nothing is inside.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one unit.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl<U> Clone for Span<U> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<U> Copy for Span<U> {}

impl<U> PartialEq for Span<U> {
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.end) == (other.start, other.end)
    }
}

impl<U> Eq for Span<U> {}

impl<U> PartialOrd for Span<U> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<U> Ord for Span<U> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.start, self.end).cmp(&(other.start, other.end))
    }
}

impl<U> hash::Hash for Span<U> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        (self.start, self.end).hash(state);
    }
}

impl<U> fmt::Debug for Span<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
