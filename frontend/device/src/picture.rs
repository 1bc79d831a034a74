//! What can be told of a picture without a browser.

/// The longest side a photo keeps.
pub const LONGEST: u32 = 1600;
/// A picture smaller than this cannot hold a readable card; also the size at which sharpness is judged.
pub const SMALLEST: u32 = 320;
/// Below this variance of the Laplacian, nobody reads a card: flat and out-of-focus pictures stay far under it, a card
/// with text far above, even a pale one that fills only part of the picture.
pub const SHARP_ENOUGH: f64 = 30.0;

/// Width and height that fit into a longest side; never larger than they are.
pub fn fit(width: u32, height: u32, longest: u32) -> (u32, u32) {
    let side = width.max(height);
    if side <= longest {
        return (width, height);
    }
    let scaled = |length: u32| {
        let exact = u64::from(length) * u64::from(longest) + u64::from(side) / 2;
        u32::try_from(exact / u64::from(side)).unwrap_or(longest).max(1)
    };
    (scaled(width), scaled(height))
}

/// Brightness of each pixel, from red, green, blue and opacity.
pub fn grey(rgba: &[u8]) -> Vec<f64> {
    rgba.chunks_exact(4)
        .map(|pixel| 0.299 * f64::from(pixel[0]) + 0.587 * f64::from(pixel[1]) + 0.114 * f64::from(pixel[2]))
        .collect()
}

/// Variance of the Laplacian: how much edge there is in a picture.
pub fn sharpness(grey: &[f64], width: usize) -> f64 {
    if width < 3 || grey.len() / width < 3 {
        return 0.0;
    }
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for y in 1..grey.len() / width - 1 {
        for x in 1..width - 1 {
            let at = y * width + x;
            let edge = grey[at - width] + grey[at + width] + grey[at - 1] + grey[at + 1] - 4.0 * grey[at];
            count += 1.0;
            sum += edge;
            squares += edge * edge;
        }
    }
    let mean = sum / count;
    squares / count - mean * mean
}

/// Whether a file is complete, for the formats that say so. Browsers show the half that arrived of a photo that was
/// cut short, and nobody would notice.
pub fn is_whole(file: &[u8]) -> bool {
    if file.starts_with(&[0xff, 0xd8]) {
        jpeg_is_whole(file)
    } else if file.starts_with(b"\x89PNG") {
        file.windows(4).rev().take(1 << 16).any(|name| name == b"IEND")
    } else if file.starts_with(b"RIFF") {
        let size = file
            .get(4..8)
            .and_then(|size| size.try_into().ok())
            .map(u32::from_le_bytes);
        size.and_then(|size| usize::try_from(size).ok())
            .is_some_and(|size| file.len() >= size.saturating_add(8))
    } else {
        !file.is_empty()
    }
}

/// Walks the segments to the picture proper, since the camera's notes hold a small picture with an end of its own.
fn jpeg_is_whole(file: &[u8]) -> bool {
    const SCAN: u8 = 0xda;
    const END: u8 = 0xd9;
    let mut at = 2;
    loop {
        let Some(&[first, marker, high, low]) = file.get(at..at + 4) else {
            return false;
        };
        match (first, marker) {
            (0xff, 0xff) => at += 1,
            (0xff, SCAN) => return file[at..].windows(2).any(|two| two == [0xff, END]),
            (0xff, _) => at += 2 + usize::from(u16::from_be_bytes([high, low])),
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 320;
    const HEIGHT: usize = 200;

    /// A card of lines that look like print, on a table, with the given ink and paper; a little noise over all of it.
    fn card(ink: f64, paper: f64, part: f64) -> Vec<f64> {
        let mut seed = 7_u32;
        let mut noise = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(seed >> 24) / 64.0 - 2.0
        };
        let (right, bottom) = ((WIDTH as f64 * part) as usize, (HEIGHT as f64 * part) as usize);
        (0..WIDTH * HEIGHT)
            .map(|at| {
                let (x, y) = (at % WIDTH, at / WIDTH);
                let inside = x < right && y < bottom;
                let print =
                    inside && y % 14 >= 7 && (x / 2 * 7 + y / 14 * 3) % 5 < 2 && x > 10 && x < right * 2 / 3;
                let base = if print {
                    ink
                } else if inside {
                    paper
                } else {
                    110.0
                };
                base + noise()
            })
            .collect()
    }

    fn blurred(picture: &[f64], radius: usize) -> Vec<f64> {
        let mut picture = picture.to_vec();
        // Three box blurs come close to an out-of-focus lens.
        for _ in 0..3 {
            let from = picture.clone();
            for (at, pixel) in picture.iter_mut().enumerate() {
                let (x, y) = (at % WIDTH, at / WIDTH);
                let (mut sum, mut count) = (0.0, 0.0);
                for yy in y.saturating_sub(radius)..=(y + radius).min(HEIGHT - 1) {
                    for xx in x.saturating_sub(radius)..=(x + radius).min(WIDTH - 1) {
                        sum += from[yy * WIDTH + xx];
                        count += 1.0;
                    }
                }
                *pixel = sum / count;
            }
        }
        picture
    }

    #[test]
    fn a_card_with_print_is_sharp_enough() {
        for (ink, paper, part) in [(30.0, 235.0, 1.0), (60.0, 220.0, 0.5), (150.0, 215.0, 0.6)] {
            let sharp = sharpness(&card(ink, paper, part), WIDTH);
            assert!(
                sharp > 2.0 * SHARP_ENOUGH,
                "{ink} on {paper}, {part} of the picture: {sharp}"
            );
        }
    }

    #[test]
    fn flat_and_blurred_pictures_are_not() {
        let flat = sharpness(&card(128.0, 128.0, 1.0), WIDTH);
        let shaken = sharpness(&blurred(&card(30.0, 235.0, 1.0), 2), WIDTH);
        assert!(flat < SHARP_ENOUGH, "flat: {flat}");
        assert!(shaken < SHARP_ENOUGH, "blurred: {shaken}");
        assert!(sharpness(&[1.0, 2.0], 2) < SHARP_ENOUGH);
    }

    #[test]
    fn pictures_shrink_and_never_grow() {
        assert_eq!(fit(4032, 3024, LONGEST), (1600, 1200));
        assert_eq!(fit(3024, 4032, LONGEST), (1200, 1600));
        assert_eq!(fit(800, 600, LONGEST), (800, 600));
        assert_eq!(fit(100_000, 3, LONGEST), (1600, 1));
    }

    #[test]
    fn a_jpeg_cut_short_is_noticed_even_with_a_small_picture_in_its_notes() {
        let notes = [0xff, 0xe1, 0x00, 0x06, 0xff, 0xd8, 0xff, 0xd9];
        let scan = [0xff, 0xda, 0x00, 0x02, 1, 2, 3, 0xff, 0x00, 4];
        let mut file = vec![0xff, 0xd8];
        file.extend(notes);
        file.extend(scan);
        assert!(!is_whole(&file));
        file.extend([0xff, 0xd9]);
        assert!(is_whole(&file));
        file.extend(b"what some phones add");
        assert!(is_whole(&file));
        assert!(!is_whole(&[0xff, 0xd8, 0xff]));
    }

    #[test]
    fn other_files_are_whole_by_their_own_rules() {
        assert!(is_whole(b"\x89PNG....IDAT....IEND...."));
        assert!(!is_whole(b"\x89PNG....IDAT...."));
        assert!(is_whole(b"RIFF\x04\0\0\0WEBP"));
        assert!(!is_whole(b"RIFF\x05\0\0\0WEBP"));
        assert!(!is_whole(b""));
    }
}
