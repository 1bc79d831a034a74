//! Photos: checked against their hash, made anew, and only the new picture is ever shown.

use crate::error::ServerError;
use crate::http::State;
use crate::services::push::{self, Sender};
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::{DynamicImage, ImageDecoder, Limits};
use std::io::Cursor;
use std::sync::Arc;

/// Longest side of a photo that a device sends, in pixels, with room for other cameras' rounding.
const LONGEST: u32 = 4096;

/// Why a photo is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPhoto {
    /// It is not what its hash says.
    #[error("the photo does not match its hash; take it again")]
    Hash,
    /// It is not a JPEG that can be read.
    #[error("the photo cannot be read; take it again")]
    Unreadable,
}

/// Why a sealed photo was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// It will not become better by sending it again.
    #[error("{0}")]
    Bad(#[from] BadPhoto),
    /// The server could not; try again.
    #[error("{0}")]
    Server(#[from] ServerError),
}

/// Opens a sealed photo, makes it anew and keeps both; again is no mistake. Gives the revision by which it is here.
pub async fn take_in(
    state: &Arc<State>,
    sender: &Sender,
    hash: &str,
    sealed: &[u8],
) -> Result<u64, NotTaken> {
    let (opener, name, sealed) = (state.clone(), hash.to_owned(), sealed.to_vec());
    let (practice, device) = (sender.practice, sender.device);
    let made = tokio::task::spawn_blocking(move || {
        let bytes = push::open_photo(&opener.keys, practice, device, &name, &sealed)?;
        let derivative = make_anew(&name, &bytes)?;
        Ok::<_, BadPhoto>((bytes, derivative))
    });
    let made = made
        .await
        .map_err(|error| ServerError::Other(error.to_string()))?;
    let (bytes, derivative) = made?;
    let attachment = db::Attachment {
        hash: hash.to_owned(),
        media_type: "image/jpeg".to_owned(),
        bytes,
        derivative: Some(derivative),
    };
    let db = &state.db;
    db.put_attachment(practice, &sender.actor, &attachment)
        .await
        .map_err(ServerError::from)?;
    let head = db.head(practice).await.map_err(ServerError::from)?;
    Ok(head.rev)
}

/// A picture made anew from what came: same pixels, nothing else of the file survives.
pub fn make_anew(hash: &str, bytes: &[u8]) -> Result<Vec<u8>, BadPhoto> {
    if sync::sha256_hex(bytes) != hash {
        return Err(BadPhoto::Hash);
    }
    let mut decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(|_| BadPhoto::Unreadable)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    limits.max_alloc = Some(256 * 1024 * 1024);
    decoder.set_limits(limits).map_err(|_| BadPhoto::Unreadable)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| BadPhoto::Unreadable)?;
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, 85)
        .encode_image(&picture.to_rgb8())
        .map_err(|_| BadPhoto::Unreadable)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg() -> Vec<u8> {
        let picture = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8 * 3, y as u8 * 4, 90]));
        let mut out = Vec::new();
        JpegEncoder::new_with_quality(&mut out, 90)
            .encode_image(&picture)
            .unwrap();
        out
    }

    #[test]
    fn a_photo_is_made_anew_and_what_hid_in_the_file_is_gone() {
        let mut bytes = jpeg();
        bytes.extend_from_slice(b"<script>alert(1)</script>");
        let made = make_anew(&sync::sha256_hex(&bytes), &bytes).unwrap();
        assert!(!made.windows(8).any(|w| w == b"<script>"));
        assert_eq!(
            image::load_from_memory_with_format(&made, image::ImageFormat::Jpeg)
                .unwrap()
                .width(),
            64
        );
    }

    #[test]
    fn a_cut_photo_and_a_wrong_hash_are_refused() {
        let bytes = jpeg();
        assert_eq!(make_anew("00", &bytes), Err(BadPhoto::Hash));
        let cut = &bytes[..bytes.len() / 8];
        assert_eq!(make_anew(&sync::sha256_hex(cut), cut), Err(BadPhoto::Unreadable));
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>";
        assert_eq!(make_anew(&sync::sha256_hex(svg), svg), Err(BadPhoto::Unreadable));
    }
}
