//! Calls into libraries that panic on some damaged files.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many calls are under way, in any thread.
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

/// What a call gives; `None` where it panics.
pub fn guarded<T>(call: impl FnOnce() -> T) -> Option<T> {
    UNDER_WAY.fetch_add(1, Ordering::SeqCst);
    // what a panic left half done is not looked at again: nothing but the result comes back
    let done = catch_unwind(AssertUnwindSafe(call));
    UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
    done.ok()
}

/// From here on nothing is printed of panics while a guarded call is under way: the caller says what is wrong.
pub fn keep_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            if UNDER_WAY.load(Ordering::SeqCst) == 0 {
                usual(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_nothing() {
        assert_eq!(guarded(|| 1), Some(1));
        let empty: Vec<i32> = Vec::new();
        assert_eq!(guarded(|| empty[usize::from(empty.is_empty())]), None);
    }
}
