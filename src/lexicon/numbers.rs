//! Words of numbers and months, which several stages read in texts of their own.

use std::iter;

/// Names of the numbers from zero on.
const CARDINALS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

/// Names of the tens from twenty on.
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// Names of the ordinals from the first on, as far as centuries go.
const ORDINALS: [&str; 21] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The number that a word in lower case names: 0 to 20, and the tens to 90.
#[must_use]
pub fn cardinal(word: &str) -> Option<u8> {
    let small = (0..).zip(CARDINALS);
    small.chain(iter::zip((20..).step_by(10), TENS)).find(|(_, name)| *name == word).map(|(number, _)| number)
}

/// The place in a row that a word in lower case names, from 1: `third`, `twenty-first`.
#[must_use]
pub fn ordinal(word: &str) -> Option<u8> {
    (1..).zip(ORDINALS).find(|(_, name)| *name == word).map(|(number, _)| number)
}

/// The month, from 1, that a word in lower case without a full stop names: `march`, `mar`, `sept`.
#[must_use]
pub fn month(word: &str) -> Option<u8> {
    let names = |name: &str| name == word || (word.len() == 3 && name.starts_with(word));
    if word == "sept" { Some(9) } else { (1..).zip(MONTHS).find(|(_, name)| names(name)).map(|(number, _)| number) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_numbers() {
        for (word, number) in [("zero", Some(0)), ("nineteen", Some(19)), ("twenty", Some(20)), ("ninety", Some(90))] {
            assert_eq!(cardinal(word), number);
        }
        for (word, number) in [("first", Some(1)), ("twentieth", Some(20)), ("twenty-first", Some(21))] {
            assert_eq!(ordinal(word), number);
        }
        for word in ["", "hundred", "twenty-one", "Two", "zeroth"] {
            assert_eq!((cardinal(word), ordinal(word)), (None, None), "{word}");
        }
    }

    #[test]
    fn months_have_numbers() {
        for (word, number) in [("january", 1), ("jan", 1), ("may", 5), ("jun", 6), ("jul", 7), ("sept", 9), ("dec", 12)]
        {
            assert_eq!(month(word), Some(number), "{word}");
        }
        for word in ["", "ma", "marc", "octo", "Jan", "xyz"] {
            assert_eq!(month(word), None, "{word}");
        }
    }
}
