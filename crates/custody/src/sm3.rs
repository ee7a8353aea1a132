use std::{fmt, str::FromStr};

use crate::Error;
use crate::digest::{hexadecimal, hexadecimal_bytes};

/// An SM3 digest (GB/T 32905-2016); shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sm3([u8; 32]);

impl Sm3 {
    /// Digest of bytes in memory.
    pub fn of(bytes: &[u8]) -> Self {
        use sm3::Digest as _;
        Self(sm3::Sm3::digest(bytes).into())
    }

    /// A digest by its bytes.
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Sm3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hexadecimal(&self.0, f)
    }
}

impl fmt::Debug for Sm3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sm3({self})")
    }
}

impl FromStr for Sm3 {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        hexadecimal_bytes(text).map(Self).ok_or_else(|| Error::NoDigest { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digests_are_those_of_the_standard() {
        let abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        assert_eq!(Sm3::of(b"abc").to_string(), abc);
        assert_eq!(abc.parse::<Sm3>().unwrap(), Sm3::of(b"abc"));
        let sixteen_times_abcd = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732";
        assert_eq!(Sm3::of("abcd".repeat(16).as_bytes()).to_string(), sixteen_times_abcd);
    }
}
