use super::*;
use crate::tests::support::{Fixed, Given, Stuck, deep, seed};

/// 32 secret bytes at once: one lane for each.
fn lanes(first: u8) -> [u8; SECRET] {
    std::array::from_fn(|lane| first + u8::try_from(lane).expect("below 32"))
}

fn polynomials(powers: &[[u8; SECRET]]) -> Polynomials {
    Polynomials { powers: Zeroizing::new(powers.to_vec()) }
}

#[test]
fn multiplication_is_the_one_of_the_page() {
    // Russian peasant multiplication, reduced by x^8 + x^4 + x^3 + x + 1.
    let slow = |a: u8, b: u8| {
        let (mut a, mut sum) = (u16::from(a), 0);
        for bit in 0..8 {
            sum ^= if b >> bit & 1 == 1 { a } else { 0 };
            a <<= 1;
            a ^= if a & 0x100 == 0 { 0 } else { 0x11b };
        }
        u8::try_from(sum).expect("reduced")
    };
    for a in 0..=255 {
        for b in 0..=255 {
            assert_eq!((Gf256(a) * Gf256(b)).0, slow(a, b), "{a} * {b}");
            if b != 0 {
                assert_eq!(slow((Gf256(a) / Gf256(b)).0, b), a, "{a} / {b}");
            }
        }
    }
    assert_eq!(slow(0x53, 0xca), 1);
}

/// For every byte of a secret, one share of two takes every value exactly once over all
/// coefficients, so it reveals nothing.
#[test]
fn one_share_of_two_says_nothing() {
    for first in (0..=224).step_by(SECRET) {
        for x in [1, 2, 3, 16] {
            let mut seen = vec![[0_u32; 256]; SECRET];
            for coefficient in 0..=255 {
                let values = polynomials(&[lanes(first), [coefficient; SECRET]]).at(x);
                for (seen, value) in seen.iter_mut().zip(values.iter()) {
                    seen[usize::from(*value)] += 1;
                }
            }
            assert!(seen.iter().all(|seen| seen == &[1; 256]), "secrets from {first} at {x}");
        }
    }
}

/// Of three, two shares take every pair of values exactly once over all pairs of coefficients.
#[test]
fn two_shares_of_three_say_nothing() {
    for (x, y) in [(1, 2), (2, 5)] {
        let mut seen = vec![vec![0_u8; 65536]; 4];
        for coefficients in 0..=u16::MAX {
            let [one, two] = coefficients.to_be_bytes();
            let sharing = polynomials(&[lanes(83), [one; SECRET], [two; SECRET]]);
            let (first, second) = (sharing.at(x), sharing.at(y));
            for (lane, seen) in seen.iter_mut().enumerate() {
                seen[usize::from(u16::from_be_bytes([first[lane], second[lane]]))] += 1;
            }
        }
        assert!(seen.iter().flatten().all(|count| *count == 1), "at {x} and {y}");
    }
}

/// Coefficients are the bytes that were drawn, in the order of powers: nothing is skipped, replaced
/// or drawn again.
#[test]
fn coefficients_are_the_drawn_bytes() {
    let drawn: Vec<u8> = (0..96).map(|at| if at % 3 == 0 { 0 } else { at }).collect();
    let sharing = Polynomials::random(&[9; SECRET], 4, &mut Given(drawn.clone()));
    assert_eq!(sharing.powers[0], [9; SECRET]);
    assert_eq!(sharing.powers[1..].concat(), drawn);
    let zero = Polynomials::random(&[9; SECRET], 4, &mut Stuck(0));
    assert_eq!(*zero.at(7), [9; SECRET], "a leading coefficient may be zero");
}

/// Pearson's statistic against 256 equal bins.
fn chi_square(seen: &[u64; 256]) -> f64 {
    let float = |count: u64| f64::from(u32::try_from(count).expect("a few million"));
    let expected = float(seen.iter().sum()) / 256.0;
    seen.iter().map(|count| (float(*count) - expected).powi(2) / expected).sum()
}

/// The statistic has 255 degrees of freedom and exceeds this by chance once in 10^9.
const LIMIT: f64 = 415.0;

/// Coefficients and shares over samples of 2^17 bytes, or 2^20 in a long run. A coefficient that is
/// never zero would raise the expected statistic of 2^17 by 514 at a deviation of 51, seven
/// deviations above the limit: it would be missed once in 10^11.
#[test]
fn coefficients_and_shares_are_uniform() {
    let dealings: u32 = if deep() { 1 << 15 } else { 1 << 12 };
    let mut entropy = Fixed::new(seed());
    for k in [2, 3, 5] {
        let mut coefficients = [[0_u64; 256]; 2];
        let mut shares = [[0_u64; 256]; 2];
        for _ in 0..dealings {
            let sharing = Polynomials::random(&[0x5a; SECRET], k, &mut entropy);
            let (lowest, highest) = (sharing.powers[1], sharing.powers[usize::from(k) - 1]);
            for (seen, drawn) in coefficients.iter_mut().zip([lowest, highest]) {
                drawn.iter().for_each(|byte| seen[usize::from(*byte)] += 1);
            }
            for (seen, x) in shares.iter_mut().zip([1, 5]) {
                sharing.at(x).iter().for_each(|byte| seen[usize::from(*byte)] += 1);
            }
        }
        for seen in coefficients.iter().chain(&shares) {
            assert_eq!(seen.iter().sum::<u64>(), u64::from(dealings) * 32);
            assert!(chi_square(seen) < LIMIT, "k = {k}: {}", chi_square(seen));
            assert!(seen[0] > 0, "zero is among them");
        }
    }
}

/// The statistic detects the bias that it is meant to detect.
#[test]
fn coefficients_that_are_never_zero_would_be_found() {
    let mut seen = [0_u64; 256];
    let mut entropy = Fixed::new(3);
    for _ in 0..1 << 12 {
        let mut drawn = [0; 32];
        entropy.fill(&mut drawn);
        drawn.iter().filter(|byte| **byte != 0).for_each(|byte| seen[usize::from(*byte)] += 1);
    }
    assert!(chi_square(&seen) > LIMIT, "{}", chi_square(&seen));
}

#[test]
fn points_of_a_polynomial_make_it_and_all_its_other_points() {
    let sharing = Polynomials::random(&lanes(3), 4, &mut Fixed::new(1));
    let values: Vec<_> = (1..=16).map(|x| sharing.at(x)).collect();
    let point = |x: u8| (x, &*values[usize::from(x) - 1]);
    for chosen in [[1, 2, 3, 4], [16, 3, 9, 1], [5, 6, 7, 16]] {
        let points = chosen.map(point);
        assert_eq!(*interpolate(&points, 0), lanes(3));
        for x in 1..=16 {
            assert_eq!(*interpolate(&points, x), *sharing.at(x), "{chosen:?} at {x}");
        }
        assert_ne!(*interpolate(&points[..3], 0), lanes(3), "a point too few");
    }
}
