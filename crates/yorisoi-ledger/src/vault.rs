//! How is what is personal locked away? Sealing and opening with one person's key.
//!
//! XChaCha20-Poly1305. The nonce is a keyed hash of place and content, so that the same state gives the same
//! bytes and no nonce is ever used for two contents.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use crate::entry::Personal;
use crate::error::LedgerError;

/// A person's key.
pub(crate) type Key = [u8; 32];

const NONCE_BYTES: usize = 24;

/// Returns nonce and ciphertext of a personal part that belongs to `place`.
pub(crate) fn seal(key: &Key, place: &str, personal: &Personal) -> Result<Vec<u8>, LedgerError> {
    let plain = serde_json::to_vec(personal)
        .map_err(|error| LedgerError::Unwritable { kind: "personal", why: error.to_string() })?;
    seal_bytes(key, place, &plain)
}

/// Returns the personal part that was sealed for `place`.
pub(crate) fn open(key: &Key, place: &str, sealed: &[u8]) -> Result<Personal, LedgerError> {
    serde_json::from_slice(&open_bytes(key, place, sealed)?)
        .map_err(|error| damaged(place, &error.to_string()))
}

/// Returns nonce and ciphertext of any bytes that belong to `place`.
pub(crate) fn seal_bytes(key: &Key, place: &str, plain: &[u8]) -> Result<Vec<u8>, LedgerError> {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(place.as_bytes()).update(&[0]).update(plain);
    let hash = hasher.finalize();
    let nonce = &hash.as_bytes()[..NONCE_BYTES];
    let payload = Payload { msg: plain, aad: place.as_bytes() };
    let cipher = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(nonce), payload)
        .map_err(|_| LedgerError::Unwritable {
            kind: "personal",
            why: "it is too long to be encrypted".to_owned(),
        })?;
    Ok([nonce, &cipher].concat())
}

/// Returns the bytes that were sealed for `place`.
pub(crate) fn open_bytes(key: &Key, place: &str, sealed: &[u8]) -> Result<Vec<u8>, LedgerError> {
    if sealed.len() < NONCE_BYTES {
        return Err(damaged(place, "it is cut off"));
    }
    let (nonce, cipher) = sealed.split_at(NONCE_BYTES);
    XChaCha20Poly1305::new(key.into())
        .decrypt(XNonce::from_slice(nonce), Payload { msg: cipher, aad: place.as_bytes() })
        .map_err(|_| damaged(place, "it does not open with the key it was locked with"))
}

fn damaged(place: &str, why: &str) -> LedgerError {
    LedgerError::Damaged { why: format!("personal part of {place}: {why}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn someone() -> Personal {
        Personal { name: Some("山田 花子".to_owned()), ..Personal::default() }
    }

    #[test]
    fn what_was_sealed_opens_with_the_same_key_and_place_only() {
        let sealed = seal(&[1; 32], "entry 5", &someone()).unwrap();
        assert_eq!(open(&[1; 32], "entry 5", &sealed).unwrap(), someone());
        assert!(open(&[2; 32], "entry 5", &sealed).is_err());
        assert!(open(&[1; 32], "entry 6", &sealed).is_err());
    }

    #[test]
    fn every_flipped_byte_is_noticed() {
        let sealed = seal(&[1; 32], "entry 5", &someone()).unwrap();
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert!(open(&[1; 32], "entry 5", &flipped).is_err(), "byte {at}");
        }
        assert!(open(&[1; 32], "entry 5", &sealed[..10]).is_err());
    }

    #[test]
    fn the_words_are_not_in_the_sealed_bytes() {
        let sealed = seal(&[1; 32], "entry 5", &someone()).unwrap();
        let word = "花子".as_bytes();
        assert!(!sealed.windows(word.len()).any(|window| window == word));
    }
}
