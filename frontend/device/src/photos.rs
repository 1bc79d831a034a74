//! Pictures: whatever the camera gave becomes a small upright JPEG without the camera's notes.

use crate::dom::{document, window};
use crate::picture::{LONGEST, SHARP_ENOUGH, SMALLEST, fit, grey, is_whole, sharpness};
use app::ports::device::{JpegPhoto, NoPhoto, Photos};
use async_trait::async_trait;
use js_sys::{Array, Promise, Reflect, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap,
    ImageBitmapOptions, ImageOrientation, Url,
};

const JPEG: &str = "image/jpeg";
const QUALITY: f64 = 0.85;

/// A canvas.
pub struct CanvasPhotos;

#[async_trait(?Send)]
impl Photos for CanvasPhotos {
    async fn read(&self, file: File) -> Result<JpegPhoto, NoPhoto> {
        let original = bytes(&file).await.ok_or(NoPhoto)?;
        if !is_whole(&original) {
            return Err(NoPhoto);
        }
        drop(original);
        let bitmap = Bitmap(decode(&file).await.ok_or(NoPhoto)?);
        let sheet = bitmap.sheet().ok_or(NoPhoto)?;
        drop(bitmap);
        let clear = sheet.is_readable().ok_or(NoPhoto)?;
        let bytes = sheet.jpeg().await.ok_or(NoPhoto)?;
        Ok(JpegPhoto {
            hash: sync::sha256_hex(&bytes),
            bytes: Rc::new(bytes),
            clear,
        })
    }

    fn show(&self, media_type: &str, bytes: &[u8]) -> String {
        let parts = Array::of1(&Uint8Array::from(bytes));
        let options = BlobPropertyBag::new();
        options.set_type(media_type);
        Blob::new_with_u8_array_sequence_and_options(&parts, &options)
            .and_then(|blob| Url::create_object_url_with_blob(&blob))
            .unwrap_or_default()
    }

    fn release(&self, url: &str) {
        let _ = Url::revoke_object_url(url);
    }
}

/// What is in a file.
pub(crate) async fn bytes(blob: &Blob) -> Option<Vec<u8>> {
    let buffer = blob.array_buffer().await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Upright, as the camera was held.
async fn decode(file: &File) -> Option<ImageBitmap> {
    let options = ImageBitmapOptions::new();
    options.set_image_orientation(ImageOrientation::FromImage);
    let upright = window().create_image_bitmap_with_blob_and_image_bitmap_options(file, &options);
    let bitmap = match settled(upright).await {
        Some(bitmap) => bitmap,
        // Older browsers do not know the option, and hold the picture upright by themselves.
        None => settled(window().create_image_bitmap_with_blob(file)).await?,
    };
    bitmap.dyn_into().ok()
}

async fn settled(promise: Result<Promise, JsValue>) -> Option<JsValue> {
    promise.ok()?.await.ok()
}

/// Gives its memory back when dropped; it can be fifty megabytes.
struct Bitmap(ImageBitmap);

impl Drop for Bitmap {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Bitmap {
    /// Drawn onto white: a JPEG has no see-through.
    fn sheet(&self) -> Option<Sheet> {
        let (width, height) = (self.0.width(), self.0.height());
        let sheet = Sheet::new(fit(width, height, LONGEST))?;
        sheet.pen.set_fill_style_str("#fff");
        sheet.pen.fill_rect(0.0, 0.0, sheet.width(), sheet.height());
        sheet
            .pen
            .draw_image_with_image_bitmap_and_dw_and_dh(&self.0, 0.0, 0.0, sheet.width(), sheet.height())
            .ok()?;
        Some(sheet)
    }
}

/// A canvas with its pen. Emptied when dropped: iOS counts canvases, and runs out.
struct Sheet {
    canvas: HtmlCanvasElement,
    pen: CanvasRenderingContext2d,
}

impl Drop for Sheet {
    fn drop(&mut self) {
        self.canvas.set_width(0);
        self.canvas.set_height(0);
    }
}

impl Sheet {
    fn new((width, height): (u32, u32)) -> Option<Self> {
        if width == 0 || height == 0 {
            return None;
        }
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
        canvas.set_width(width);
        canvas.set_height(height);
        let pen: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let _ = Reflect::set(&pen, &"imageSmoothingQuality".into(), &"high".into());
        Some(Sheet { canvas, pen })
    }

    fn width(&self) -> f64 {
        f64::from(self.canvas.width())
    }

    fn height(&self) -> f64 {
        f64::from(self.canvas.height())
    }

    /// Large and sharp enough for a card.
    fn is_readable(&self) -> Option<bool> {
        let (width, height) = (self.canvas.width(), self.canvas.height());
        if width.max(height) < SMALLEST {
            return Some(false);
        }
        let small = Sheet::new(fit(width, height, SMALLEST))?;
        let (w, h) = (small.width(), small.height());
        small
            .pen
            .draw_image_with_html_canvas_element_and_dw_and_dh(&self.canvas, 0.0, 0.0, w, h)
            .ok()?;
        let pixels = small.pen.get_image_data(0.0, 0.0, w, h).ok()?.data();
        let columns = usize::try_from(small.canvas.width()).ok()?;
        Some(sharpness(&grey(&pixels), columns) >= SHARP_ENOUGH)
    }

    async fn jpeg(&self) -> Option<Vec<u8>> {
        let promise = Promise::new(&mut |done, failed| {
            if let Err(error) =
                self.canvas
                    .to_blob_with_type_and_encoder_options(&done, JPEG, &QUALITY.into())
            {
                let _ = failed.call1(&JsValue::UNDEFINED, &error);
            }
        });
        let blob: Blob = promise.await.ok()?.dyn_into().ok()?;
        if blob.type_() != JPEG {
            return None;
        }
        bytes(&blob).await
    }
}
