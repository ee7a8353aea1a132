use argon2::password_hash::PasswordVerifier;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};

use crate::Error;

// OWASP Password Storage Cheat Sheet, "Argon2id": 19 MiB, 2 passes, 1 lane is the least that it recommends; RFC 9106 section 4 tells
// how to go on from there when the machine has memory to spare.
/// Memory of one hash, KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;

/// Longest password, bytes: beyond it only the server's time is spent.
pub(crate) const LONGEST: usize = 1024;

/// Hashes a password with Argon2id into a PHC string, as the catalog keeps it; `salt` has 16 random bytes.
pub fn password_hash(password: &str, salt: &[u8]) -> Result<String, Error> {
    let refused = |reason: String| Error::Password { reason };
    let hasher = hasher().map_err(refused)?;
    let hash = hasher.hash_password_with_salt(password.as_bytes(), salt);
    Ok(hash.map_err(|error| refused(error.to_string()))?.to_string())
}

/// Whether a password fits a PHC string; takes the same work for every string that [`password_hash`] made.
pub(crate) fn fits(password: &str, hash: &str) -> bool {
    hasher().is_ok_and(|hasher| hasher.verify_password(password.as_bytes(), hash).is_ok())
}

fn hasher() -> Result<Argon2<'static>, String> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| error.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_and_no_other() {
        let hash = password_hash("规划执法2026", &[7; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(fits("规划执法2026", &hash));
        assert!(!fits("规划执法2025", &hash));
        assert!(!fits("", &hash));
        assert!(!fits("规划执法2026", "not a hash"));
        assert_ne!(hash, password_hash("规划执法2026", &[8; 16]).unwrap());
        assert!(password_hash("x", &[1; 4]).is_err());
    }
}
