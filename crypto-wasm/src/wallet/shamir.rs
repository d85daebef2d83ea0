//! Shamir's secret sharing of 32 bytes over GF(2^8), without tables or branches on secrets.

use crystallum_format::entropy::Entropy;
use vsss_rs::Gf256;
use zeroize::Zeroizing;

const SECRET: usize = 32;

/// The sharing polynomials, one for each byte of the secret.
pub(super) struct Polynomials {
    /// The coefficients of all polynomials by power. Those of power 0 are the secret.
    powers: Zeroizing<Vec<[u8; SECRET]>>,
}

impl Polynomials {
    /// Generates polynomials of degree `k - 1`. The coefficients are uniform over all 256 values:
    /// if they were never zero, the shares would leak the secret bit by bit.
    pub(super) fn random(secret: &[u8; SECRET], k: u8, entropy: &mut impl Entropy) -> Self {
        let mut powers = Zeroizing::new(vec![[0; SECRET]; usize::from(k)]);
        if let Some((lowest, others)) = powers.split_first_mut() {
            *lowest = *secret;
            others.iter_mut().for_each(|coefficients| entropy.fill(coefficients));
        }
        Self { powers }
    }

    /// Evaluates the polynomials at `x`, which must not be 0.
    pub(super) fn at(&self, x: u8) -> Zeroizing<[u8; SECRET]> {
        let mut values = Zeroizing::new([0; SECRET]);
        for coefficients in self.powers.iter().rev() {
            for (value, coefficient) in values.iter_mut().zip(coefficients) {
                *value = (Gf256(*value) * Gf256(x) + Gf256(*coefficient)).0;
            }
        }
        values
    }
}

/// A point on all polynomials: `x` and the values at `x`.
pub(super) type Point<'a> = (u8, &'a [u8; SECRET]);

/// Evaluates at `x` the polynomials of lowest degree through points with distinct `x` coordinates
/// (Lagrange interpolation).
pub(super) fn interpolate(points: &[Point<'_>], x: u8) -> Zeroizing<[u8; SECRET]> {
    let mut values = Zeroizing::new([0; SECRET]);
    for (at, values_there) in points {
        let others = points.iter().map(|(other, _)| *other).filter(|other| other != at);
        // Divides once for each point, since a division costs as much as a dozen products.
        let (above, below) = others.fold((Gf256(1), Gf256(1)), |(above, below), other| {
            (above * (Gf256(x) - Gf256(other)), below * (Gf256(*at) - Gf256(other)))
        });
        let weight = above / below;
        for (value, byte) in values.iter_mut().zip(values_there.iter()) {
            *value = (Gf256(*value) + Gf256(*byte) * weight).0;
        }
    }
    values
}

#[cfg(test)]
mod tests;
