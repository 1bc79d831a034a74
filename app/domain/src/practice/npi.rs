//! The check digit of a National Provider Identifier.

/// Whether `npi` is ten digits that pass the Luhn check with the card-issuer prefix 80840 in front
/// (45 CFR 162.406; ISO 7812).
///
/// Says nothing of whether the number was ever issued. Anything but ten ASCII digits is `false`.
pub fn npi_check_digit_ok(npi: &str) -> bool {
    if npi.len() != 10 || !npi.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    // 24 is what the digits of the prefix 80840 always add to the Luhn sum.
    let sum = npi.bytes().rev().enumerate().fold(24, |sum, (place, byte)| {
        let digit = u32::from(byte - b'0');
        let weighed = if place % 2 == 1 { digit * 2 } else { digit };
        sum + weighed / 10 + weighed % 10
    });
    sum % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::npi_check_digit_ok;

    #[test]
    fn the_published_example_passes_and_its_neighbours_fail() {
        assert!(npi_check_digit_ok("1234567893"));
        for wrong in ["1234567890", "1234567892", "1234567894", "2134567893"] {
            assert!(!npi_check_digit_ok(wrong), "{wrong}");
        }
    }

    #[test]
    fn every_single_digit_change_is_caught() {
        let good = *b"9999949792";
        assert!(npi_check_digit_ok(&String::from_utf8_lossy(&good)));
        for place in 0..10 {
            for digit in b'0'..=b'9' {
                let mut changed = good;
                changed[place] = digit;
                let same = changed == good;
                assert_eq!(npi_check_digit_ok(&String::from_utf8_lossy(&changed)), same);
            }
        }
    }

    #[test]
    fn what_is_not_ten_digits_fails() {
        for wrong in [
            "",
            "123456789",
            "12345678930",
            "123456789X",
            "１234567893",
            " 123456789",
        ] {
            assert!(!npi_check_digit_ok(wrong), "{wrong:?}");
        }
    }
}
