/// The piece of a file that a `Range` header asks for (RFC 9110, section 14), both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Everything: no range, or one of a form that may be ignored.
    Whole,
    /// From the first to the last byte.
    Of(u64, u64),
    /// Nothing of the file lies there.
    Nowhere,
}

impl Piece {
    /// Reads a header for a file of `size` bytes. Several ranges at once are answered with the whole file, as the standard allows.
    pub fn read(header: Option<&str>, size: u64) -> Self {
        let Some(range) = header.and_then(|header| header.strip_prefix("bytes=")) else { return Self::Whole };
        let Some((first, last)) = range.trim().split_once('-') else { return Self::Whole };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match (digits(first), digits(last)) {
            (true, _) if last.is_empty() || digits(last) => {
                let last = if last.is_empty() { u64::MAX } else { number(last) };
                Self::between(number(first), last, size)
            }
            (false, true) if first.is_empty() && number(last) == 0 => Self::Nowhere,
            (false, true) if first.is_empty() => {
                Self::between(size.saturating_sub(number(last)), u64::MAX, size)
            }
            _ => Self::Whole,
        }
    }

    fn between(first: u64, last: u64, size: u64) -> Self {
        match () {
            () if last < first => Self::Whole,
            () if first >= size => Self::Nowhere,
            () => Self::Of(first, last.min(size - 1)),
        }
    }
}

/// Digits as a number; more of them than any file has bytes are as good as no end.
fn number(digits: &str) -> u64 {
    digits.parse().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let cases = [
            (None, Piece::Whole),
            (Some("bytes=0-499"), Piece::Of(0, 499)),
            (Some("bytes=500-"), Piece::Of(500, 999)),
            (Some("bytes=-200"), Piece::Of(800, 999)),
            (Some("bytes=-5000"), Piece::Of(0, 999)),
            (Some("bytes=900-5000"), Piece::Of(900, 999)),
            (Some("bytes=1000-"), Piece::Nowhere),
            (Some("bytes=-0"), Piece::Nowhere),
            (Some("bytes=0-0"), Piece::Of(0, 0)),
            (Some("bytes=5-2"), Piece::Whole),
            (Some("bytes=0-1,5-9"), Piece::Whole),
            (Some("bytes=-"), Piece::Whole),
            (Some("bytes=a-b"), Piece::Whole),
            (Some("items=0-5"), Piece::Whole),
            (Some("bytes=18446744073709551616-"), Piece::Nowhere),
            (Some("bytes=0-99999999999999999999999"), Piece::Of(0, 999)),
        ];
        for (header, piece) in cases {
            assert_eq!(Piece::read(header, 1000), piece, "{header:?}");
        }
        assert_eq!(Piece::read(Some("bytes=0-"), 0), Piece::Nowhere);
    }
}
