//! Seals, ciphers and rings: what opens, and what never does.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use domain::access::Role;
use domain::command::Envelope;
use domain::id::*;
use domain::row::Compartment;
use std::collections::BTreeMap;
use sync::b64::Bytes;
use sync::cipher::{AesGcmCipher, Cipher, DataKey, Place};
use sync::keyring::{Cost, Keys, Passkey, Ring, WrongPassphrase, derive, key_of_secret};
use sync::seal::*;
use sync::sim::rng::Rng;
use uuid::Uuid;

fn binding(practice: u128, device: u128, id: u128) -> Binding {
    let [practice, device, id] = [practice, device, id].map(Uuid::from_u128);
    Binding {
        practice: PracticeId(practice),
        device: DeviceId(device),
        id: CommandId(id),
    }
}

#[test]
fn what_was_sealed_opens_with_the_same_binding_and_key_only() {
    let rng = Rng::new(1);
    let (private, public) = generate(&rng);
    let blob = seal(&public, &binding(1, 2, 3), b"hello", &rng).unwrap();
    assert_eq!(open(&private, &binding(1, 2, 3), &blob).unwrap(), b"hello");
    for other in [
        binding(9, 2, 3),
        binding(1, 9, 3),
        binding(1, 2, 9),
        binding(2, 1, 3),
    ] {
        assert_eq!(open(&private, &other, &blob), Err(SealError::Opening));
    }
    assert_eq!(
        open(&generate(&rng).0, &binding(1, 2, 3), &blob),
        Err(SealError::Opening)
    );
    assert_eq!(public_of(&private).unwrap(), public);
    assert_ne!(
        seal(&public, &binding(1, 2, 3), b"hello", &rng).unwrap(),
        blob,
        "two seals of one text differ"
    );
}

#[test]
fn a_seal_with_one_changed_byte_never_opens() {
    let rng = Rng::new(2);
    let (private, public) = generate(&rng);
    let blob = seal(&public, &binding(1, 2, 3), b"hello", &rng).unwrap();
    for at in 0..blob.len() {
        let mut changed = blob.clone();
        // The highest bit of an X25519 key is ignored by everyone (RFC 7748 §5), but not by the key schedule.
        changed[at] ^= 0x80;
        assert!(open(&private, &binding(1, 2, 3), &changed).is_err(), "byte {at}");
    }
}

#[test]
fn a_short_or_foreign_blob_is_refused_without_panic() {
    let (private, _) = generate(&Rng::new(3));
    for len in 0..=60 {
        for first in [0, 1, 2, 3, 255] {
            let mut blob = vec![7; len];
            blob.iter_mut().take(1).for_each(|byte| *byte = first);
            assert!(open(&private, &binding(1, 2, 3), &blob).is_err());
        }
    }
    assert!(
        open(
            &private,
            &binding(1, 2, 3),
            &[[1; 1].as_slice(), &[0; 60]].concat()
        )
        .is_err()
    );
}

/// One envelope, sealed with others of its author.
fn shared(sealer: &Sealer, id: u128, reason: &str, rng: &Rng) -> (Envelope, Vec<u8>) {
    let envelope = Envelope {
        id: CommandId(Uuid::from_u128(id)),
        seq: 1,
        name: "reject_intake".into(),
        version: 1,
        args: serde_json::from_value(serde_json::json!({ "reason": reason })).unwrap(),
        base_rev: 0,
        actor: None,
        device_time: Default::default(),
    };
    let (practice, device) = (PracticeId(Uuid::from_u128(1)), DeviceId(Uuid::from_u128(2)));
    let key = PublicKey([0; 32]);
    let blob = seal_envelope(&key, Some(sealer), practice, device, &envelope, rng).unwrap();
    (envelope, blob)
}

#[test]
fn what_shares_an_encapsulation_opens_each_by_itself_and_never_as_another() {
    let rng = Rng::new(8);
    let (private, public) = generate(&rng);
    let sealer = Sealer::new(&public, &rng).unwrap();
    let opener = Opener::new(private.clone());
    assert_eq!(opener.public().unwrap(), public);
    let sealed: Vec<_> = (3..20).map(|id| shared(&sealer, id, "Twice", &rng)).collect();
    for (envelope, blob) in &sealed {
        let own = binding(1, 2, envelope.id.0.as_u128());
        let plain = serde_json::to_vec(envelope).unwrap();
        // With what was remembered, and without.
        assert_eq!(opener.open(&own, blob).unwrap(), plain);
        assert_eq!(open(&private, &own, blob).unwrap(), plain);
        for other in [binding(9, 2, 3), binding(1, 9, 3), binding(1, 2, 99)] {
            assert_eq!(opener.open(&other, blob), Err(SealError::Opening));
        }
        let stranger = Opener::new(generate(&rng).0);
        assert_eq!(stranger.open(&own, blob), Err(SealError::Opening));
    }
    let (envelope, blob) = &sealed[0];
    let own = binding(1, 2, envelope.id.0.as_u128());
    for at in 0..blob.len() {
        let mut changed = blob.clone();
        changed[at] ^= 0x80;
        assert!(opener.open(&own, &changed).is_err(), "byte {at}");
        assert!(opener.open(&own, &blob[..at]).is_err(), "the first {at} bytes");
    }
    let (_, again) = shared(&sealer, 3, "Twice", &rng);
    assert_ne!(&again, blob, "two seals of one text differ");
    let (_, fresh) = shared(&Sealer::new(&public, &rng).unwrap(), 3, "Twice", &rng);
    assert_ne!(fresh[1..33], blob[1..33], "another sealer, another encapsulation");
}

/// Sealed once, and opened for ever: whatever changes, this stays readable.
#[test]
fn a_command_that_was_sealed_in_form_3_when_it_shipped_still_opens() {
    let (private, _) = generate(&Rng::new(8));
    let (key, blob) = (b64(KEPT_KEY), b64(KEPT_BLOB));
    assert_eq!(private.0.as_slice(), key, "the test's own key");
    let plain = open(&private, &binding(1, 2, 3), &blob).unwrap();
    let envelope: Envelope = domain::json::read(&plain).unwrap();
    assert_eq!((envelope.name.as_str(), envelope.seq), ("reject_intake", 1));
}

fn b64(text: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

const KEPT_KEY: &str = "ILMXbJdDVR7/EjZaXd6ybCjBTisa4f/d5sL0q6KbVG0=";
const KEPT_BLOB: &str = concat!(
    "AytH0i6vSeJ5FhYtf0MIiFU4kjIct+i2LjXRLK83POkfA7gLf1RvghSkwzise+nztbXZKaf5KLm+zdY99G6J8oiS2DQByUo/SwBu",
    "vnjR+1j0OCk5cX0//Eh9+Nk9pgZPEcZ+HRJN4TgdoTgMx56SXnYH6yAlml1E132Ong=="
);

#[test]
fn more_encapsulations_than_are_remembered_open_all_the_same() {
    let rng = Rng::new(9);
    let (private, public) = generate(&rng);
    let opener = Opener::new(private);
    for id in 0..5_000 {
        let (envelope, blob) = shared(&Sealer::new(&public, &rng).unwrap(), id, "", &rng);
        let own = binding(1, 2, envelope.id.0.as_u128());
        assert!(opener.open(&own, &blob).is_ok(), "{id}");
    }
}

const HERE: Place<'_> = Place {
    practice: "p",
    store: "rows",
    key: "k",
};

#[test]
fn hidden_bytes_show_only_where_they_lie_and_under_their_key() {
    let cipher = AesGcmCipher::new(DataKey([1; 32]), Rng::new(4));
    let hidden = cipher.hide(&HERE, b"hello");
    assert_eq!(cipher.show(&HERE, &hidden).unwrap(), b"hello");
    for place in [
        Place {
            practice: "q",
            ..HERE
        },
        Place {
            store: "sent",
            ..HERE
        },
        Place { key: "l", ..HERE },
    ] {
        assert!(cipher.show(&place, &hidden).is_none());
    }
    assert!(
        AesGcmCipher::new(DataKey([2; 32]), Rng::new(4))
            .show(&HERE, &hidden)
            .is_none()
    );
    for at in 0..hidden.len() {
        let mut changed = hidden.clone();
        changed[at] ^= 1;
        assert!(cipher.show(&HERE, &changed).is_none(), "byte {at}");
    }
    for len in 0..40 {
        assert!(cipher.show(&HERE, &vec![0; len]).is_none());
    }
    assert_ne!(
        cipher.hide(&HERE, b"hello"),
        hidden,
        "the same bytes hide differently"
    );
}

#[test]
fn a_name_on_disk_depends_on_key_store_and_name_and_shows_none_of_them() {
    let name =
        |key: u8, store: &str, of: &str| AesGcmCipher::new(DataKey([key; 32]), Rng::new(1)).name(store, of);
    let here = name(1, "rows", "patient:1");
    assert_eq!(here, name(1, "rows", "patient:1"));
    assert!(
        [
            name(2, "rows", "patient:1"),
            name(1, "sent", "patient:1"),
            name(1, "rows", "patient:2")
        ]
        .iter()
        .all(|n| *n != here)
    );
    assert!(here.len() == 32 && here.chars().all(|c| c.is_ascii_hexdigit()));
}

const CHEAP: Cost = Cost {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

fn ring(passphrase: &str, salt: &[u8], keys: &Keys) -> Ring {
    let kek = derive(passphrase, salt, CHEAP).unwrap();
    Ring {
        login: "maria".into(),
        member: WorkforceMemberId(Uuid::from_u128(1)),
        display_name: "Maria".into(),
        role: Role::FrontDesk,
        salt: Bytes(salt.to_vec()),
        cost: CHEAP,
        wraps: Ring::wrap("maria", keys, &kek, &Rng::new(9)),
        proved_at: None,
        passkeys: Vec::new(),
    }
}

#[test]
fn a_passkey_opens_what_its_ring_holds_with_its_own_secret_and_not_after_a_change_of_role() {
    let mut ring = ring("p", &[3; 16], &keys());
    let kek = key_of_secret(&[7; 32]).unwrap();
    assert_ne!(kek, DataKey([7; 32]), "the secret itself is no key");
    ring.passkeys.push(Passkey {
        id: Bytes(vec![1, 2]),
        salt: Bytes(vec![5; 32]),
        wraps: Ring::wrap("maria", &keys(), &kek, &Rng::new(11)),
    });
    let kept: Ring = serde_json::from_slice(&serde_json::to_vec(&ring).unwrap()).unwrap();
    assert_eq!(kept, ring);
    let passkey = &ring.passkeys[0];
    assert_eq!(ring.unwrap_by(passkey, &kek), Ok(keys()));
    let other = key_of_secret(&[8; 32]).unwrap();
    assert_eq!(ring.unwrap_by(passkey, &other), Err(WrongPassphrase));
    assert_eq!(
        ring.unwrap_keys(&kek),
        Err(WrongPassphrase),
        "not the passphrase's wraps"
    );
    assert_eq!(ring.passkeys_for(&keys()), ring.passkeys);
    let day = |n: i64| chrono::DateTime::UNIX_EPOCH + chrono::Duration::days(n);
    assert!(
        !ring.trusts_passkeys(day(0)),
        "the server never took the passphrase"
    );
    ring.proved_at = Some(day(10));
    assert!(ring.trusts_passkeys(day(16)) && !ring.trusts_passkeys(day(17)));
    let mut less = keys();
    less.remove(&Compartment::Administrative);
    assert!(ring.passkeys_for(&less).is_empty());
}

fn keys() -> Keys {
    BTreeMap::from([
        (Compartment::Index, DataKey([1; 32])),
        (Compartment::Administrative, DataKey([2; 32])),
    ])
}

fn try_open(ring: &Ring, passphrase: &str) -> Result<Keys, WrongPassphrase> {
    ring.unwrap_keys(&derive(passphrase, &ring.salt.0, ring.cost).unwrap())
}

#[test]
fn the_right_passphrase_opens_and_a_wrong_one_does_not() {
    let ring = ring("correct horse", &[3; 16], &keys());
    assert_eq!(try_open(&ring, "correct horse"), Ok(keys()));
    for wrong in ["", "correct horse ", "Correct horse"] {
        assert_eq!(try_open(&ring, wrong), Err(WrongPassphrase));
    }
}

#[test]
fn a_new_passphrase_wraps_the_same_keys_and_the_old_one_is_over() {
    let opened = try_open(&ring("old", &[3; 16], &keys()), "old").unwrap();
    let again = ring("new", &[4; 16], &opened);
    assert_eq!(try_open(&again, "new"), Ok(keys()));
    assert_eq!(try_open(&again, "old"), Err(WrongPassphrase));
}

#[test]
fn a_compartment_without_a_wrap_stays_closed() {
    let opened = try_open(&ring("p", &[3; 16], &keys()), "p").unwrap();
    assert!(!opened.contains_key(&Compartment::Clinical));
}

#[test]
fn a_wrap_does_not_open_for_another_compartment_or_login_and_an_empty_ring_opens_for_nobody() {
    let mut swapped = ring("p", &[3; 16], &keys());
    let wrap = swapped.wraps[&Compartment::Index].clone();
    swapped.wraps.insert(Compartment::Clinical, wrap);
    assert_eq!(try_open(&swapped, "p"), Err(WrongPassphrase));
    let renamed = Ring {
        login: "noor".into(),
        ..ring("p", &[3; 16], &keys())
    };
    assert_eq!(try_open(&renamed, "p"), Err(WrongPassphrase));
    assert_eq!(
        try_open(&ring("p", &[3; 16], &Keys::new()), "anything"),
        Err(WrongPassphrase)
    );
}
