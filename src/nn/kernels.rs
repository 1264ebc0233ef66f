//! Products of whole numbers: one kernel for layers of bytes and for attention.
//!
//! A tile is up to [`ROWS`] rows times [`COLUMNS`] columns. Numbers go through it in groups of four bytes: four numbers of 8
//! bits, or two words of 16. Sums are exact, so that each processor's code gives the same; [`tile_by_hand`] is the twin of the
//! vector code. Rows are read as they are, without being packed, which is what a matrix library spends on small matrices.

use bytemuck::{Pod, Zeroable};

/// Rows of a tile at most.
pub(super) const ROWS: usize = 12;
/// Columns of a tile.
pub(super) const COLUMNS: usize = 2 * LANES;
/// Columns of a line.
const LANES: usize = 16;
/// Bytes of a group.
const GROUP: usize = 4;

/// One group of each of [`LANES`] columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C, align(64))]
pub(super) struct Line(pub(super) [[u8; GROUP]; LANES]);

/// Room for the sums of a tile.
pub(super) struct Sums<'a> {
    pub(super) numbers: &'a mut [i32],
    /// How far apart rows are.
    pub(super) stride: usize,
}

impl<'a> Sums<'a> {
    /// Room of each row.
    #[inline(always)]
    fn rows(self) -> impl Iterator<Item = &'a mut [i32; COLUMNS]> {
        self.numbers.chunks_mut(self.stride).filter_map(<[i32]>::first_chunk_mut)
    }
}

/// A number that the kernel multiplies; the other factor is of the type `Other`.
pub(super) trait Factor: Pod {
    /// Type of the numbers of the columns.
    type Other: Pod;
    /// So many numbers are a group.
    const IN_GROUP: usize = GROUP / size_of::<Self>();
    /// Whether they are words.
    const WORDS: bool;
}

impl Factor for u8 {
    type Other = i8;
    const WORDS: bool = false;
}

impl Factor for i16 {
    type Other = i16;
    const WORDS: bool = true;
}

/// The code that this processor runs. There is no other way to one than [`all`](Self::all), which looks what the processor
/// has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kernel(Code);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Portable,
}

impl Kernel {
    /// The quickest for this processor.
    pub(super) fn best() -> Self {
        Self::all().next().unwrap_or(Self(Code::Portable))
    }

    /// All that this processor can run, the quickest first.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        #[cfg(target_arch = "x86_64")]
        let vectors = [
            (Code::Avx512, is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vnni")),
            (Code::AvxVnni, is_x86_feature_detected!("avx2") && is_x86_feature_detected!("avxvnni")),
            (Code::Avx2, is_x86_feature_detected!("avx2")),
        ];
        #[cfg(not(target_arch = "x86_64"))]
        let vectors = [];
        vectors.into_iter().filter_map(|(code, there)| there.then_some(code)).chain([Code::Portable]).map(Self)
    }

    /// Whether it has an instruction for bytes; else the matrix library is quicker with them.
    pub(super) fn has_bytes(self) -> bool {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Code::Avx512 | Code::AvxVnni => true,
            _ => false,
        }
    }

    /// Whether it has one for words; else numbers in floating point are quicker.
    pub(super) fn has_words(self) -> bool {
        self.0 != Code::Portable
    }

    /// The products of `rows` rows, at most [`ROWS`], `stride` numbers apart, with [`COLUMNS`] columns: two lines for each
    /// group of a row. Sums must stay below 2^31, or what does not fit is cut off; rows of sums that have no room are left
    /// out.
    ///
    /// # Panics
    ///
    /// If a row reaches beyond the numbers.
    #[inline]
    pub(super) fn tile<T: Factor>(self, numbers: &[T], stride: usize, rows: usize, columns: &[Line], sums: Sums<'_>) {
        match self.0 {
            // SAFETY: the only way to a kernel is `all`, which gives this one where the processor has its instructions.
            #[cfg(target_arch = "x86_64")]
            Code::Avx512 => unsafe { x86::avx512(numbers, stride, rows, columns, sums) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Code::AvxVnni => unsafe { x86::avx_vnni(numbers, stride, rows, columns, sums) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Code::Avx2 if T::WORDS => unsafe { x86::avx2(numbers, stride, rows, columns, sums) },
            _ => tile_by_hand(numbers, stride, rows, columns, sums),
        }
    }
}

/// Lines that hold `columns` columns of `length` numbers each; `number` gives one by its column and its place there.
pub(super) fn pack<T: Factor>(columns: usize, length: usize, number: impl Fn(usize, usize) -> T::Other) -> Vec<Line> {
    let groups = length.div_ceil(T::IN_GROUP);
    let mut lines = vec![Line::zeroed(); columns.div_ceil(COLUMNS) * groups * 2];
    for column in 0..columns {
        let (block, lane) = (column / COLUMNS, column % COLUMNS);
        for (group, pair) in lines[block * groups * 2..(block + 1) * groups * 2].chunks_exact_mut(2).enumerate() {
            let places = group * T::IN_GROUP..length.min((group + 1) * T::IN_GROUP);
            let to: &mut [T::Other] = bytemuck::cast_slice_mut(&mut pair[lane / LANES].0[lane % LANES]);
            for (to, place) in to.iter_mut().zip(places) {
                *to = number(column, place);
            }
        }
    }
    lines
}

/// The groups of each row.
#[inline(always)]
fn groups_of<T: Factor, const R: usize>(numbers: &[T], stride: usize, groups: usize) -> [&[[u8; GROUP]]; R] {
    let length = groups * T::IN_GROUP;
    std::array::from_fn(|row| bytemuck::cast_slice::<T, [u8; GROUP]>(&numbers[row * stride..row * stride + length]))
}

/// The twin of the vector code, for processors that have none.
fn tile_by_hand<T: Factor>(numbers: &[T], stride: usize, rows: usize, columns: &[Line], sums: Sums<'_>) {
    let groups = columns.len() / 2;
    for (row, sums) in sums.rows().take(rows).enumerate() {
        let [row] = groups_of(&numbers[row * stride..], stride, groups);
        *sums = if T::WORDS { words_by_hand(row, columns) } else { bytes_by_hand(row, columns) };
    }
}

fn words_by_hand(row: &[[u8; GROUP]], columns: &[Line]) -> [i32; COLUMNS] {
    let mut sums = [0i32; COLUMNS];
    let words = |group: [u8; GROUP]| bytemuck::cast::<_, [i16; 2]>(group).map(i32::from);
    for (&group, lines) in row.iter().zip(columns.chunks_exact(2)) {
        let [a, b] = words(group);
        for (sums, line) in sums.chunks_exact_mut(LANES).zip(lines) {
            for (sum, &column) in sums.iter_mut().zip(&line.0) {
                let [x, y] = words(column);
                *sum = sum.wrapping_add(a * x).wrapping_add(b * y);
            }
        }
    }
    sums
}

fn bytes_by_hand(row: &[[u8; GROUP]], columns: &[Line]) -> [i32; COLUMNS] {
    let mut sums = [0i32; COLUMNS];
    for (group, lines) in row.iter().zip(columns.chunks_exact(2)) {
        for (sums, line) in sums.chunks_exact_mut(LANES).zip(lines) {
            for (sum, column) in sums.iter_mut().zip(&line.0) {
                *sum += group.iter().zip(column).map(|(&a, &b)| i32::from(a) * i32::from(b as i8)).sum::<i32>();
            }
        }
    }
    sums
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, __m512i, _mm256_add_epi32, _mm256_dpbusd_avx_epi32, _mm256_dpwssd_avx_epi32, _mm256_madd_epi16,
        _mm256_set1_epi32, _mm256_setzero_si256, _mm512_dpbusd_epi32, _mm512_dpwssd_epi32, _mm512_set1_epi32,
        _mm512_setzero_si512,
    };

    use super::{Factor, GROUP, LANES, Line, ROWS, Sums, groups_of};

    /// Calls a tile of as many rows as there are, since their number must be known when it is compiled.
    macro_rules! by_rows {
        ($rows:expr, $tile:ident, $arguments:tt, $($count:literal)*) => {
            match $rows {
                $($count => $tile::<T, $count> $arguments,)*
                _ => unreachable!("a tile has 1 to {ROWS} rows"),
            }
        };
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    pub(super) fn avx512<T: Factor>(numbers: &[T], stride: usize, rows: usize, columns: &[Line], sums: Sums<'_>) {
        by_rows!(rows, rows_avx512, (numbers, stride, columns, sums), 1 2 3 4 5 6 7 8 9 10 11 12);
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    fn rows_avx512<T: Factor, const R: usize>(numbers: &[T], stride: usize, columns: &[Line], sums: Sums<'_>) {
        let (columns, _) = columns.as_chunks::<2>();
        let rows: [_; R] = groups_of(numbers, stride, columns.len());
        let mut totals = [[_mm512_setzero_si512(); 2]; R];
        for (place, lines) in columns.iter().enumerate() {
            let lines: [__m512i; 2] = [bytemuck::cast(lines[0]), bytemuck::cast(lines[1])];
            for (totals, row) in totals.iter_mut().zip(rows) {
                let group = _mm512_set1_epi32(bytemuck::cast(row[place]));
                for (total, line) in totals.iter_mut().zip(lines) {
                    *total = if T::WORDS {
                        _mm512_dpwssd_epi32(*total, group, line)
                    } else {
                        _mm512_dpbusd_epi32(*total, group, line)
                    };
                }
            }
        }
        for (sums, totals) in sums.rows().zip(totals) {
            let [left, right] = totals;
            let halves: [[i32; LANES]; 2] = [bytemuck::cast(left), bytemuck::cast(right)];
            *sums = bytemuck::cast(halves);
        }
    }

    /// Rows that fit in the sixteen registers of 256 bits, with four registers of columns each.
    const FEW: usize = 3;
    const HALF: usize = LANES / 2;

    macro_rules! narrow {
        ($name:ident, $rows_name:ident, $features:literal, $add:expr) => {
            #[target_feature(enable = $features)]
            pub(super) fn $name<T: Factor>(
                numbers: &[T],
                stride: usize,
                rows: usize,
                columns: &[Line],
                sums: Sums<'_>,
            ) {
                for first in (0..rows).step_by(FEW) {
                    let numbers = &numbers[first * stride..];
                    let sums = Sums { numbers: &mut sums.numbers[first * sums.stride..], ..sums };
                    match rows - first {
                        FEW.. => $rows_name::<T, FEW>(numbers, stride, columns, sums),
                        2 => $rows_name::<T, 2>(numbers, stride, columns, sums),
                        _ => $rows_name::<T, 1>(numbers, stride, columns, sums),
                    }
                }
            }

            #[target_feature(enable = $features)]
            fn $rows_name<T: Factor, const R: usize>(numbers: &[T], stride: usize, columns: &[Line], sums: Sums<'_>) {
                let (columns, _) = columns.as_chunks::<2>();
                let rows: [_; R] = groups_of(numbers, stride, columns.len());
                let mut totals = [[_mm256_setzero_si256(); 4]; R];
                for (place, lines) in columns.iter().enumerate() {
                    let groups = rows.map(|row: &[[u8; GROUP]]| _mm256_set1_epi32(bytemuck::cast(row[place])));
                    let (halves, _) = bytemuck::cast_slice::<Line, [u32; HALF]>(lines).as_chunks::<4>();
                    for (column, &half) in halves[0].iter().enumerate() {
                        let half: __m256i = bytemuck::cast(half);
                        for (totals, group) in totals.iter_mut().zip(groups) {
                            totals[column] = $add(totals[column], group, half);
                        }
                    }
                }
                for (sums, totals) in sums.rows().zip(totals) {
                    let totals: [[i32; HALF]; 4] = totals.map(|total| bytemuck::cast(total));
                    *sums = bytemuck::cast(totals);
                }
            }
        };
    }

    narrow!(avx_vnni, rows_avx_vnni, "avx2,avxvnni", |total, group, half| if T::WORDS {
        _mm256_dpwssd_avx_epi32(total, group, half)
    } else {
        _mm256_dpbusd_avx_epi32(total, group, half)
    });
    // Words alone: the instruction for bytes cuts sums at 16 bits.
    narrow!(avx2, rows_avx2, "avx2", |total, group, half| _mm256_add_epi32(total, _mm256_madd_epi16(group, half)));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums one product after the other.
    fn sums<T: Factor + Into<i32>>(rows: &[T], columns: &[T::Other], length: usize) -> Vec<Vec<i32>>
    where
        T::Other: Into<i32>,
    {
        let dot = |row: &[T], column: &[T::Other]| row.iter().zip(column).map(|(&a, &b)| a.into() * b.into()).sum();
        let columns = || columns.chunks_exact(length);
        rows.chunks_exact(length).map(|row| columns().map(|column| dot(row, column)).collect()).collect()
    }

    fn check<T: Factor + Into<i32>>(number: impl Fn(usize) -> T, other: impl Fn(usize) -> T::Other)
    where
        T::Other: Into<i32>,
    {
        for length in [T::IN_GROUP, 8, 36, 384] {
            for rows in 1..=ROWS {
                for columns in [1, 15, 16, 17, 31, 32] {
                    let numbers: Vec<T> = (0..rows * length).map(&number).collect();
                    let others: Vec<T::Other> = (0..columns * length).map(&other).collect();
                    let right = sums(&numbers, &others, length);
                    let lines = pack::<T>(columns, length, |column, place| others[column * length + place]);
                    for kernel in Kernel::all() {
                        // Rows of sums stand apart, and there is room for more.
                        let mut found = vec![7; (ROWS + 1) * (COLUMNS + 3)];
                        let room = Sums { numbers: &mut found, stride: COLUMNS + 3 };
                        kernel.tile(&numbers, length, rows, &lines, room);
                        for (row, found) in found.chunks_exact(COLUMNS + 3).enumerate() {
                            let (sums, beyond) = found.split_at(if row < rows { COLUMNS } else { 0 });
                            if let Some(right) = right.get(row) {
                                assert_eq!(sums[..columns], right[..], "{kernel:?} {length} {rows} {columns}");
                                assert!(sums[columns..].iter().all(|&sum| sum == 0));
                            }
                            assert!(beyond.iter().all(|&sum| sum == 7), "{kernel:?}: what is not asked for");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn bytes_are_summed_exactly() {
        // Extreme numbers too, so that one that is cut shows.
        check(
            |i| if i % 3 == 0 { 255 } else { (i * 31 % 256) as u8 },
            |i| {
                if i % 5 == 0 { -127 } else { ((i * 37 % 255) as i16 - 127) as i8 }
            },
        );
        check(|_| 255u8, |_| 127);
    }

    #[test]
    fn words_are_summed_exactly() {
        check(|i| (i * 7919 % 4096) as i16, |i| (i * 104_729 % 2047) as i16 - 1023);
        check(|_| -2047i16, |_| 2047);
    }

    #[test]
    fn rows_may_stand_apart() {
        let numbers: Vec<u8> = (0..40).collect();
        let lines = pack::<u8>(3, 8, |column, place| (column * 8 + place) as i8);
        for kernel in Kernel::all() {
            let mut found = [0; 2 * COLUMNS];
            kernel.tile(&numbers, 15, 2, &lines, Sums { numbers: &mut found, stride: COLUMNS });
            let right = |row: usize, column: usize| (0..8).map(|i| ((row * 15 + i) * (column * 8 + i)) as i32).sum();
            for (row, column) in [(0, 0), (0, 2), (1, 0), (1, 1)] {
                let right: i32 = right(row, column);
                assert_eq!(found[row * COLUMNS + column], right, "{kernel:?}");
            }
        }
    }
}
