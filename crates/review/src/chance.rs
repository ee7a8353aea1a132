//! Random bytes of the system, for what nobody may guess.

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
    format!("{:032x}", u128::from_be_bytes(bytes()))
}
