//! JSON as it is read everywhere else here; see [`domain::json`].

use leptos::server_fn::codec::Post;
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::pack::{pack_body, unpack_body};

/// The encoding of every body.
pub struct JsonBody;

/// Arguments in the body of a `POST`, the reply in the body of the answer.
pub type Json = Post<JsonBody>;

/// The same, packed: for what is sent often and repeats itself. Unpacked bodies are read as well.
pub struct PackedBody;

/// Arguments in a packed body of a `POST`.
pub type Packed = Post<PackedBody>;

/// The first byte of a packed body. No JSON begins so.
const PACKED: u8 = 1;
/// Most bytes of an unpacked body.
const MOST: usize = 16 * 1024 * 1024;

impl ContentType for PackedBody {
    const CONTENT_TYPE: &'static str = "application/vnd.anteroom.packed";
}

impl FormatType for PackedBody {
    const FORMAT_TYPE: Format = Format::Binary;
}

impl<T: Serialize> Encodes<T> for PackedBody {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        let plain = JsonBody::encode(output)?;
        Ok(Bytes::from([&[PACKED], pack_body(&plain).as_slice()].concat()))
    }
}

impl<T: DeserializeOwned> Decodes<T> for PackedBody {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        let Some(packed) = bytes.strip_prefix(&[PACKED]) else {
            return JsonBody::decode(bytes);
        };
        let plain = unpack_body(packed, MOST).map_err(serde::de::Error::custom)?;
        JsonBody::decode(Bytes::from(plain))
    }
}

impl ContentType for JsonBody {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for JsonBody {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for JsonBody {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(output).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for JsonBody {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        domain::json::read(&bytes)
    }
}
