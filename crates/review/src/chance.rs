//! Random bytes of the system, for what nobody may guess.

use std::fmt::Write as _;

/// Random bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without the system's chance there can be no sessions: better to end the request.
    #[expect(clippy::expect_used, reason = "see above")]
    getrandom::fill(&mut bytes).expect("the system has no random bytes");
    bytes
}

/// A name of 32 hexadecimal digits that nobody can guess.
pub(crate) fn name() -> String {
    hex(&bytes::<16>())
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A string takes whatever is written to it.
        write!(text, "{byte:02x}").ok();
        text
    })
}
