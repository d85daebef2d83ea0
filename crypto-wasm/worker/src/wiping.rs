//! Wiping what is left of secrets in the memory of the worker. Types that hold a secret wipe it
//! when they are dropped, but not the copies that the compiler makes when a value is moved, nor
//! what a hash function computes on the way.

use std::alloc::System;
use std::hint::black_box;

use zeroize::Zeroize;
use zeroizing_alloc::ZeroAlloc;

/// Wipes memory when it is freed, also that of a future that held a secret.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

/// How much of the stack is wiped: more than a command uses, and a quarter of what there is.
const STACK: usize = 256 * 1_024;

/// Wipes the stack below the caller, who must be about as high on it as whoever called what is to
/// be wiped.
#[inline(never)]
pub(crate) fn wipe_stack() {
    let mut frame = [0_u8; STACK];
    black_box(&mut frame).zeroize();
}
