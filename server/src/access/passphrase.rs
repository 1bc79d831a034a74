//! Passphrases: Argon2id (RFC 9106) at OWASP's floor, checked in constant time, also for names nobody has.

use crate::error::{Result, ServerError};
use crate::keys::OsRandomness;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::access::SHORTEST_PASSPHRASE;
use sync::Randomness;

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, Some(32)).map_err(|e| ServerError::Other(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A hash to keep.
pub fn hash(passphrase: &str) -> Result<String> {
    if passphrase.chars().count() < SHORTEST_PASSPHRASE {
        return Err(ServerError::Refused(format!(
            "the passphrase must have at least {SHORTEST_PASSPHRASE} characters"
        )));
    }
    let hash = argon2()?
        .hash_password_with_salt(passphrase.as_bytes(), &OsRandomness.bytes()[..16])
        .map_err(|e| ServerError::Other(e.to_string()))?;
    Ok(hash.to_string())
}

/// Whether a passphrase is right. Without a hash, as much time goes by.
pub fn verify(passphrase: &str, hash: Option<&str>) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$8BJmI4mDIx2sSVrwNxcIUoa2OQFRiPhq8nSBH1JvV3I";
    let Ok(argon2) = argon2() else { return false };
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else {
        return false;
    };
    let right = argon2.verify_password(passphrase.as_bytes(), &parsed).is_ok();
    right && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_passphrase_opens_and_short_ones_are_refused() {
        let kept = hash("correct horse battery").unwrap();
        assert!(verify("correct horse battery", Some(&kept)));
        assert!(!verify("correct horse batterz", Some(&kept)));
        assert!(!verify("correct horse battery", None));
        assert!(hash("short").is_err());
    }

    #[test]
    fn a_name_nobody_has_costs_as_much_time() {
        let kept = hash("correct horse battery").unwrap();
        let time = |hash: Option<&str>| {
            let start = std::time::Instant::now();
            verify("wrong horse battery", hash);
            start.elapsed()
        };
        let known = (0..3).map(|_| time(Some(&kept))).min().unwrap();
        let unknown = (0..3).map(|_| time(None)).min().unwrap();
        assert!(unknown * 3 > known, "unknown {unknown:?}, known {known:?}");
    }
}
