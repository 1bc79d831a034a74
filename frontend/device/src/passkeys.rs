//! Passkeys, by WebAuthn's PRF extension (Web Authentication Level 3, 10.1.4). `web-sys` does not know the extension, so
//! the browser is asked by name. Only the secret is used: what an authenticator signs is thrown away, because nobody is
//! told who opens a device without the server.

use crate::dom::window;
use crate::random::BrowserRandomness;
use app::ports::device::{NewPasskey, Passkeys};
use async_trait::async_trait;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use sync::Randomness;
use wasm_bindgen::{JsCast, JsValue};

/// How long somebody may look for their key.
const PATIENCE_MS: u32 = 60_000;
/// ECDSA with SHA-256, and RSA for Windows Hello (COSE).
const ALGORITHMS: [i32; 2] = [-7, -257];

/// The browser's own.
pub struct WebAuthn;

#[async_trait(?Send)]
impl Passkeys for WebAuthn {
    fn are_there(&self) -> bool {
        Reflect::has(&window(), &"PublicKeyCredential".into()).unwrap_or(false)
    }

    async fn make(&self, login: &str, name: &str, salt: &[u8]) -> Option<NewPasskey> {
        let kinds = ALGORITHMS
            .iter()
            .map(|algorithm| object(&[("type", "public-key".into()), ("alg", (*algorithm).into())]));
        let user = object(&[
            ("id", bytes(&BrowserRandomness.bytes()[..16])),
            ("name", login.into()),
            ("displayName", name.into()),
        ]);
        let choice = object(&[
            ("residentKey", "preferred".into()),
            ("userVerification", "required".into()),
        ]);
        let made = request(
            "create",
            &[
                ("rp", object(&[("name", "Anteroom".into())])),
                ("user", user),
                ("pubKeyCredParams", kinds.collect::<Array>().into()),
                ("authenticatorSelection", choice),
                ("extensions", evaluate(salt)),
            ],
        )
        .await?;
        let id = array(&field(&made, "rawId")?)?;
        let secret = match secret(&made) {
            Some(secret) => secret,
            // Many give it only when they are asked, not when they are made.
            None => self.ask(&id, salt).await?,
        };
        Some(NewPasskey { id, secret })
    }

    async fn ask(&self, id: &[u8], salt: &[u8]) -> Option<Vec<u8>> {
        let allowed = Array::of1(&object(&[("type", "public-key".into()), ("id", bytes(id))]));
        let given = request(
            "get",
            &[
                ("allowCredentials", allowed.into()),
                ("userVerification", "required".into()),
                ("extensions", evaluate(salt)),
            ],
        )
        .await?;
        secret(&given)
    }
}

/// Asks the browser's credentials; nothing when the person or the browser says no.
async fn request(what: &str, options: &[(&str, JsValue)]) -> Option<JsValue> {
    let credentials = field(&window().navigator(), "credentials")?;
    let ask: Function = field(&credentials, what)?.dyn_into().ok()?;
    let public = object(options);
    set(&public, "challenge", &bytes(&BrowserRandomness.bytes()));
    set(&public, "timeout", &PATIENCE_MS.into());
    let asked: Promise = ask
        .call1(&credentials, &object(&[("publicKey", public)]))
        .ok()?
        .dyn_into()
        .ok()?;
    asked.await.ok().filter(JsValue::is_object)
}

fn evaluate(salt: &[u8]) -> JsValue {
    let first = object(&[("first", bytes(salt))]);
    object(&[("prf", object(&[("eval", first)]))])
}

/// What the extension gave.
fn secret(credential: &JsValue) -> Option<Vec<u8>> {
    let results: Function = field(credential, "getClientExtensionResults")?.dyn_into().ok()?;
    let results = results.call0(credential).ok()?;
    let first = field(&field(&field(&results, "prf")?, "results")?, "first")?;
    array(&first).filter(|secret| secret.len() == 32)
}

fn field(of: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(of, &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

fn set(on: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(on, &name.into(), value);
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new().into();
    for (name, value) in fields {
        set(&object, name, value);
    }
    object
}

fn bytes(of: &[u8]) -> JsValue {
    Uint8Array::from(of).into()
}

/// The bytes of a buffer, or of a view of one.
fn array(of: &JsValue) -> Option<Vec<u8>> {
    of.is_object().then(|| Uint8Array::new(of).to_vec())
}
