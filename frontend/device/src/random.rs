//! Random bytes, by the browser.

use sync::Randomness;

/// `crypto.getRandomValues`.
pub struct BrowserRandomness;

impl Randomness for BrowserRandomness {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        if getrandom::fill(&mut bytes).is_err() {
            // Keys come from here: better no app than a key of zeros.
            panic!("this browser gives no random bytes");
        }
        bytes
    }
}
